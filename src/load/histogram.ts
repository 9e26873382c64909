/** Of HdrHistogram with 3 significant digits: values below are exact, then each power of two has half as many steps. */
const SUB_BITS = 11;
const HALF = 1 << (SUB_BITS - 1);
/** Largest value: 2^31 - 1 microseconds are 35 minutes. */
const LARGEST = 2 ** 31 - 1;
const LENGTH = (31 - SUB_BITS + 2) * HALF;

/** Columns of what was counted: ascending values in microseconds and how often each came. */
export interface HistogramColumns {
  readonly value: Int32Array;
  readonly count: Float64Array;
  readonly sum: number;
  readonly squares: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Counts of latencies in whole microseconds with three significant digits, in the buckets of HdrHistogram
 * (`lowestDiscernibleValue` 1, `numberOfSignificantValueDigits` 3; G. Tene's Java code is the definition). Mean and
 * standard deviation are of the values as they came, not of buckets. Two histograms are merged without loss.
 */
export class LatencyHistogram {
  private readonly counts = new Float64Array(LENGTH);
  /** Sum and sum of squares: fields of an object that are no integers lie elsewhere, one by one. */
  private readonly sums = new Float64Array(2);
  private total = 0;
  private least = LARGEST;
  private most = 0;

  /** @param micros rounded down, as its buckets are; below 0 counts as 0 */
  record(micros: number): void {
    const value = micros >= LARGEST ? LARGEST : micros > 0 ? micros | 0 : 0;
    const shift = value < HALF * 2 ? 0 : 32 - Math.clz32(value) - SUB_BITS;
    this.counts[shift * HALF + (value >>> shift)]!++;
    this.total++;
    this.sums[0]! += micros;
    this.sums[1]! += micros * micros;
    if (value < this.least) this.least = value;
    if (value > this.most) this.most = value;
  }

  /** A histogram of everything that is in `parts`. */
  static of(parts: Iterable<HistogramColumns>): LatencyHistogram {
    const histogram = new LatencyHistogram();
    for (const part of parts) histogram.add(part);
    return histogram;
  }

  get count(): number {
    return this.total;
  }

  /** Microseconds; 0 of nothing. */
  get mean(): number {
    return this.total === 0 ? 0 : this.sums[0]! / this.total;
  }

  /** Of the whole population, as wrk and HdrHistogram have it. */
  get stdev(): number {
    return this.total === 0 ? 0 : Math.sqrt(Math.max(0, this.sums[1]! / this.total - this.mean ** 2));
  }

  get max(): number {
    return this.most;
  }

  get min(): number {
    return this.total === 0 ? 0 : this.least;
  }

  /**
   * The value that `percent` of all values do not exceed: the upper end of its bucket, of 0 percent the lower one, as
   * HdrHistogram has it.
   * @param percent 0 to 100
   */
  percentile(percent: number): number {
    if (this.total === 0) return 0;
    const wanted = rankOf(percent, this.total);
    let seen = 0;
    for (let i = 0; i < LENGTH; i++) {
      seen += this.counts[i]!;
      if (seen >= wanted) return endOf(i, percent, this.most);
    }
    return this.most;
  }

  /** Share of all values, 0 to 1, that lie within one standard deviation of the mean. */
  withinStdev(): number {
    if (this.total === 0) return 0;
    // Counted values are rounded down, the mean is not
    const [low, high] = [Math.floor(this.mean - this.stdev), this.mean + this.stdev];
    let inside = 0;
    for (const { value, count } of this.buckets()) if (value >= low && value <= high) inside += count;
    return inside / this.total;
  }

  /** Every bucket that is not empty, by the middle of its values, ascending; `last` is its largest value. */
  *buckets(): Iterable<{ readonly value: number; readonly last: number; readonly count: number }> {
    for (let i = 0; i < LENGTH; i++) {
      const count = this.counts[i]!;
      if (count > 0) yield { value: (lowest(i) + highest(i)) / 2, last: highest(i), count };
    }
  }

  add(other: LatencyHistogram | HistogramColumns): void {
    const { value, count, sum, squares, min, max } = other instanceof LatencyHistogram ? other.columns() : other;
    for (let i = 0; i < value.length; i++) {
      this.counts[indexOf(value[i]!)]! += count[i]!;
      this.total += count[i]!;
    }
    this.sums[0]! += sum;
    this.sums[1]! += squares;
    if (value.length === 0) return;
    this.least = Math.min(this.least, min);
    this.most = Math.max(this.most, max);
  }

  clear(): void {
    if (this.total > 0) this.counts.fill(0, indexOf(this.least), indexOf(this.most) + 1);
    this.sums.fill(0);
    this.total = this.most = 0;
    this.least = LARGEST;
  }

  /** What it holds, for another thread or a file. */
  columns(): HistogramColumns {
    const value: number[] = [];
    const count: number[] = [];
    if (this.total > 0) {
      for (let i = indexOf(this.least); i <= indexOf(this.most); i++) {
        if (this.counts[i] === 0) continue;
        value.push(lowest(i));
        count.push(this.counts[i]!);
      }
    }
    const { min, max } = this;
    const [sum, squares] = this.sums as unknown as readonly [number, number];
    return { value: Int32Array.from(value), count: Float64Array.from(count), sum, squares, min, max };
  }
}

/** Everything that is in `parts`, of which one alone is given back as it is. */
export function mergedColumns(parts: readonly HistogramColumns[]): HistogramColumns {
  return parts.length === 1 ? parts[0]! : LatencyHistogram.of(parts).columns();
}

/** As {@link LatencyHistogram.percentile}, without the 180 KB of a histogram for each of many windows. */
export function percentileIn({ value, count, max }: HistogramColumns, percent: number): number {
  const total = count.reduce((sum, one) => sum + one, 0);
  if (total === 0) return 0;
  const wanted = rankOf(percent, total);
  let seen = 0;
  for (let i = 0; i < value.length; i++) {
    seen += count[i]!;
    if (seen >= wanted) return endOf(indexOf(value[i]!), percent, max);
  }
  return max;
}

function endOf(index: number, percent: number, max: number): number {
  return percent === 0 ? lowest(index) : Math.min(highest(index), max);
}

function rankOf(percent: number, total: number): number {
  return Math.max(1, Math.ceil((percent / 100) * total - 1e-9));
}

function indexOf(value: number): number {
  const shift = value < HALF * 2 ? 0 : 32 - Math.clz32(value) - SUB_BITS;
  return shift * HALF + (value >>> shift);
}

/** The smallest value of a bucket. */
function lowest(index: number): number {
  return index < HALF * 2 ? index : ((index % HALF) + HALF) * 2 ** (Math.floor(index / HALF) - 1);
}

/** The largest value of a bucket. */
function highest(index: number): number {
  return index < HALF * 2 ? index : lowest(index) + 2 ** (Math.floor(index / HALF) - 1) - 1;
}
