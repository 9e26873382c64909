import type { Profile, WeightColumn } from '../profile.ts';
import { sampleCounts } from '../sample-count.ts';
import { groupDigits } from '../units.ts';

/** How many samples of the profiler the rows of a profile are, as far as it tells. */
export interface CountedSamples {
  /** Of each row; undefined = not known. */
  readonly counts: WeightColumn | undefined;
  /** What the person must know where they are not what the profile says. Behind the name of the side. */
  readonly note?: string;
}

/** That counts of samples all are multiples of a number has a smaller chance than this, or is not believed to be one. */
const LEAST_CHANCE = 1e-12;
/** People who write counts by hand like round numbers, but not that round ones, and write few. */
const LEAST_PERIOD_OF_FEW = 10_000;
/** Where three of four stacks weigh more, weights are no counts: at 1000 samples a second each takes four minutes. */
const TOO_LARGE = 250_000;
/** The same where stacks are many: of real counts most are small, as most stacks are rare. */
const TOO_LARGE_OF_MANY = 1000;
/** And of multiples of a power of ten, which may be microseconds that became nanoseconds, and no period. */
const TOO_LARGE_OF_UNITS = 100;
const POWER_OF_TEN = /^10+$/;
const MANY = 20;

/**
 * Folded text and pictures of other tools call every weight `samples`, and stackcollapse-perf.pl and its like write there
 * what perf's samples weigh: nanoseconds of `cpu-clock`, or cycles. A thousand million of them are not a thousand
 * million samples, so tests would find changes in noise. Where a profile has no other weight that could be told from it
 * the counts are believed unless
 *
 * - all are multiples of one number, more than chance lets whole numbers be (n of them of g: g to the power of -n): a
 *   profiler that sampled at a fixed period, of which the weight of one sample is a multiple. So many samples are
 *   assumed, at most;
 * - nearly all, in that measure too, are too large to be counts: then the number of samples is not known.
 */
export function countedSamples(profile: Profile): CountedSamples {
  const counts = sampleCounts(profile);
  if (counts === undefined || profile.valueTypes.length > 1) return { counts };
  const weights = stackWeights(profile, counts);
  const period = commonPeriod(weights);
  if (areTooLarge(weights, period)) {
    return {
      counts: undefined,
      note: 'weights are too large for counts of samples: time, cycles or the like; compare the recordings themselves',
    };
  }
  if (period === 1) return { counts };
  return {
    counts: Float64Array.from(counts, (weight) => weight / period),
    note: `all weights are multiples of ${groupDigits(period)}, which is taken for the weight of one sample`,
  };
}

/** What ends in each stack, in ascending order; those that weigh nothing left out. */
function stackWeights({ samples, stacks }: Profile, counts: WeightColumn): Float64Array {
  const sums = new Float64Array(stacks.length + 1);
  for (let i = 0; i < samples.length; i++) sums[samples.stack[i]! + 1]! += counts[i]!;
  return sums.filter((sum) => sum > 0).sort();
}

/** Whether three of four stacks are too many samples even so. @param weights ascending @param period weight of a sample */
function areTooLarge(weights: Float64Array, period: number): boolean {
  const isMany = weights.length >= MANY;
  const asked = isMany ? weights : heavy(weights);
  const most = isMany ? (POWER_OF_TEN.test(String(period)) ? TOO_LARGE_OF_UNITS : TOO_LARGE_OF_MANY) : TOO_LARGE;
  return (asked[Math.floor(asked.length / 4)] ?? 0) > most * period;
}

/** perf begins with tiny periods, until it has found the one for its frequency: few stacks may hold some of those. */
function heavy(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.filter((weight) => weight >= total / 1000);
}

/** The greatest number that all weights are multiples of, where that is no chance; else 1. @param weights ascending */
function commonPeriod(weights: Float64Array): number {
  let divisor = 0;
  let distinct = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!Number.isSafeInteger(weight)) return 1;
    if (weight === weights[i - 1]) continue;
    distinct++;
    divisor = greatestCommonDivisor(weight, divisor);
    if (divisor === 1) return 1;
  }
  // Of a single weight it is the weight itself, and says nothing
  if (distinct < 2 || (distinct < MANY && divisor < LEAST_PERIOD_OF_FEW)) return 1;
  return divisor ** -distinct <= LEAST_CHANCE ? divisor : 1;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
