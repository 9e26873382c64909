import { quantile, sorted } from '../../statistics/quantile.ts';
import { type RandomWords, wordsFor } from '../../statistics/random-words.ts';
import { MAD_TO_STD_DEV } from './point-statistics.ts';

/** Orders by deviation that are kept take at most this many places. */
const MOST_KEPT = 1 << 22;

export interface BootstrapStatistics {
  readonly mean: Float64Array;
  readonly median: Float64Array;
  readonly std_dev: Float64Array;
  readonly median_abs_dev: Float64Array;
}

/**
 * The bootstrap distributions of mean, median, standard deviation and median absolute deviation: as many resamples, each
 * of as many values as the sample has, drawn from it with replacement.
 *
 * A resample is never made: how often each value of the sorted sample was drawn says all. Its median is where half of
 * the counts are reached; the median of its deviations likewise, when the counts are walked in the order of deviation
 * from that median, and there are few medians, so that this order is found once for each.
 * @param values at least two
 */
export function bootstrapStatistics(values: Float64Array, resamples: number, random: RandomWords): BootstrapStatistics {
  const n = values.length;
  const ascending = sorted(values);
  const centre = quantile(ascending, 0.5);
  // Where most are near zero, sums of squares lose nothing
  const deviations = ascending.map((value) => value - centre);
  const result = {
    mean: new Float64Array(resamples),
    median: new Float64Array(resamples),
    std_dev: new Float64Array(resamples),
    median_abs_dev: new Float64Array(resamples),
  };
  const words = wordsFor(n);
  const counts = new Uint32Array(n);
  const scale = n / 2 ** 32;
  const half = (n - 1) >> 1;
  const even = n % 2 === 0;
  const orders = new DeviationOrders(ascending);
  for (let r = 0; r < resamples; r++) {
    random.fill(words);
    counts.fill(0);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const drawn = (words[i]! * scale) | 0;
      const deviation = deviations[drawn]!;
      sum += deviation;
      squares += deviation * deviation;
      counts[drawn]!++;
    }
    result.mean[r] = centre + sum / n;
    result.std_dev[r] = Math.sqrt(Math.max(0, squares - (sum * sum) / n) / (n - 1));

    let low = 0;
    let reached = counts[0]!;
    while (reached <= half) reached += counts[++low]!;
    let high = low;
    if (even && reached === half + 1) while (counts[++high] === 0);
    const median = ascending[low]! + (ascending[high]! - ascending[low]!) / 2;
    result.median[r] = median;

    const order = orders.around(low, high, median);
    let at = 0;
    reached = counts[order[0]!]!;
    while (reached <= half) reached += counts[order[++at]!]!;
    const lower = Math.abs(ascending[order[at]!]! - median);
    if (even && reached === half + 1) while (counts[order[++at]!] === 0);
    const upper = Math.abs(ascending[order[at]!]! - median);
    result.median_abs_dev[r] = (lower + (upper - lower) / 2) * MAD_TO_STD_DEV;
  }
  return result;
}

/** For a median, all places of the sorted sample, the nearest to it first. */
class DeviationOrders {
  private readonly kept = new Map<number, Uint32Array>();
  private readonly ascending: Float64Array;
  private readonly room: number;
  private readonly scratch: Uint32Array;

  constructor(ascending: Float64Array) {
    this.ascending = ascending;
    this.room = Math.floor(MOST_KEPT / ascending.length);
    this.scratch = new Uint32Array(ascending.length);
  }

  /**
   * @param low place of the largest value that is not above the median, `high` of the smallest not below it
   * @returns good until the next call
   */
  around(low: number, high: number, median: number): Uint32Array {
    const key = low * this.ascending.length + high;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const { ascending } = this;
    const keep = this.kept.size < this.room;
    const order = keep ? new Uint32Array(ascending.length) : this.scratch;
    let left = low;
    let right = low + 1;
    for (let i = 0; i < order.length; i++) {
      const takeLeft =
        left >= 0 && (right >= ascending.length || median - ascending[left]! <= ascending[right]! - median);
      order[i] = takeLeft ? left-- : right++;
    }
    if (keep) this.kept.set(key, order);
    return order;
  }
}
