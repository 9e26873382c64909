import { trimmedMean } from '../../statistics/trimmed.ts';
import type { Estimate } from '../../statistics/welch.ts';
import { beyond, reachOf, verdictOf } from './interval.ts';
import { FEWEST_PAIRS, looksUpTo } from './looks.ts';
import { DEFAULT_BUDGET, DEFAULT_NOISE, type PairedVerdict, type VerdictOptions } from './verdict.ts';

export interface PairOptions extends VerdictOptions {
  /** With how many pairs one stops in any case. Default 45. */
  readonly maxPairs?: number;
}

export const DEFAULT_MAX_PAIRS = 45;
/** From this many pairs on a seventh at either end does not count: of 15 one is disturbed often, two are now and then. */
const TRIMMED_FROM = 10;
const TRIMMED = 7;
/** More pairs than this are no advice. */
const MOST_ADVISED = 5_000;

/**
 * What pairs of measurements say, which were made side by side: whatever disturbed the machine disturbed both halves of
 * a pair. Looked at after 5, 6, 8, 10, ... pairs (see {@link looksUpTo}) until a verdict stands, see {@link isDecided}.
 * Each look is a t interval of the trimmed mean at its share of the budget.
 * @param logRatios for each pair, in the order of measuring, ln(head / base); two at least
 */
export function comparePairs(logRatios: ArrayLike<number>, options: PairOptions = {}): PairedVerdict {
  const { noise = DEFAULT_NOISE, budget = DEFAULT_BUDGET, maxPairs = DEFAULT_MAX_PAIRS } = options;
  const band = Math.log1p(noise);
  const k = logRatios.length;
  const looks = looksUpTo(Math.max(maxPairs, FEWEST_PAIRS));
  let p = 1;
  // Pairs between two looks count with the share of the next one, which is then not looked at again
  let share = looks[0]!.share;
  for (const look of looks) {
    share = look.share;
    const seen = Math.min(look.pairs, k);
    if (seen >= Math.min(k, FEWEST_PAIRS)) p = Math.min(p, beyond(estimateOf(logRatios, seen), band) / share);
    if (look.pairs >= k) break;
  }
  const estimate = estimateOf(logRatios, k);
  const reach = reachOf(estimate, budget * share);
  const verdict = k < FEWEST_PAIRS ? 'inconclusive' : verdictOf(estimate.mean, reach, band);
  const more = verdict === 'inconclusive' ? morePairs(estimate, k, band, budget * looks.at(-1)!.share) : undefined;
  return {
    ratio: Math.exp(estimate.mean),
    low: Math.exp(estimate.mean - reach),
    high: Math.exp(estimate.mean + reach),
    k,
    p,
    verdict,
    ...(more === undefined ? {} : { morePairs: more }),
  };
}

/**
 * Whether measuring may stop: a verdict stands at a look that was planned, or there are enough pairs. Stopping at any
 * other time spends what belongs to a later look.
 */
export function isDecided({ k, verdict }: PairedVerdict, { maxPairs = DEFAULT_MAX_PAIRS }: PairOptions = {}): boolean {
  const most = Math.max(maxPairs, FEWEST_PAIRS);
  if (k >= most) return true;
  return verdict !== 'inconclusive' && looksUpTo(most).some(({ pairs }) => pairs === k);
}

function estimateOf(logRatios: ArrayLike<number>, k: number): Estimate {
  const seen = Array.prototype.slice.call(logRatios, 0, k) as number[];
  return trimmedMean(seen, k < TRIMMED_FROM ? 0 : Math.floor(k / TRIMMED));
}

/** The interval narrows with the root of their number: until it no longer holds an edge of the band. */
function morePairs(estimate: Estimate, k: number, band: number, alpha: number): number | undefined {
  const distance = Math.abs(Math.abs(estimate.mean) - band);
  const needed = Math.ceil(k * (reachOf(estimate, alpha) / distance) ** 2);
  return needed > MOST_ADVISED ? undefined : Math.max(1, needed - k);
}
