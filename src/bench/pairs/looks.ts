/** When a comparison is looked at, and how much of its budget of false verdicts each look may spend. */
export interface Look {
  /** Pairs measured by then. */
  readonly pairs: number;
  /** Part of the budget; those of all looks add up to 1. */
  readonly share: number;
}

/** Fewer pairs tell too little of how much pairs differ. */
export const FEWEST_PAIRS = 5;
/** Each look has about this many times the pairs of the one before. */
const GROWTH = 1.3;

/**
 * The looks of a comparison that ends with `most` pairs: at every few pairs, rarer as they grow. What may be spent by k
 * pairs is (k / most)^3 of the budget (the power family of Kim and DeMets, Biometrika 74, 1987): little while few pairs
 * are measured, when only a large change can convince anyway, so that nearly all is left for the end. As the shares
 * add up to the budget, the probability of a false verdict at any look is at most the budget, whatever the pairs' distribution.
 * @param most at least {@link FEWEST_PAIRS}
 */
export function looksUpTo(most: number): readonly Look[] {
  const counts: number[] = [];
  for (let pairs = most; pairs > FEWEST_PAIRS; pairs = Math.min(pairs - 1, Math.round(pairs / GROWTH)))
    counts.unshift(pairs);
  counts.unshift(FEWEST_PAIRS);
  const spent = (pairs: number): number => (pairs / most) ** 3;
  return counts.map((pairs, at) => ({ pairs, share: spent(pairs) - (at === 0 ? 0 : spent(counts[at - 1]!)) }));
}
