/**
 * What a comparison says: `regressed` (slower) and `improved` when the whole interval lies beyond the noise threshold,
 * `equivalent` when the whole interval lies within it, `inconclusive` otherwise.
 */
export type Verdict = 'regressed' | 'improved' | 'equivalent' | 'inconclusive';

/** Head compared with base. Ratios are head / base: 1.05 is 5 % slower. */
export interface PairedVerdict {
  readonly ratio: number;
  /**
   * The interval of the ratio. It holds the true one with the probability 1 - budget, also though one stops looking
   * when it suits.
   */
  readonly low: number;
  readonly high: number;
  /** How many pairs it is of; of sides that were measured apart the size of the smaller one. */
  readonly k: number;
  /**
   * Probability of such a result where the true change is within the noise threshold, all looks counted: at most the
   * budget exactly where the verdict is regressed or improved.
   */
  readonly p: number;
  readonly verdict: Verdict;
  /** Of inconclusive ones: about how many more pairs it would take; absent where thousands would not do. */
  readonly morePairs?: number;
}

/** Whether the interval is worth being told: that of two or three pairs may reach from nothing to the end of numbers. */
export function isInformative({ low, high }: Pick<PairedVerdict, 'low' | 'high'>): boolean {
  return high < 1e4 * low;
}

/** What it takes to call something a change. */
export interface VerdictOptions {
  /** Changes up to this part do not matter. Default 0.01; 0: any difference matters, and nothing is equivalent. */
  readonly noise?: number;
  /** Probability of a verdict that is wrong. Default 0.01. */
  readonly budget?: number;
}

export const DEFAULT_NOISE = 0.01;
export const DEFAULT_BUDGET = 0.01;
