import { Int32Column } from '../../profile/columns.ts';

/** So many accesses and more are told as this number. */
export const MANY_ACCESSES = 0xffff;
const SMALLEST = 1024;

/** How often each byte of the blocks of program points was used: two bytes a count, as a recording has many thousands. */
export class AccessCounts {
  private readonly point = new Int32Column();
  private readonly start = new Int32Column();
  private counts = new Uint16Array(SMALLEST);
  private length = 0;

  constructor() {
    this.start.push(0);
  }

  /** @param counts up to {@link MANY_ACCESSES}; points come in ascending order */
  add(point: number, counts: readonly number[]): void {
    if (this.length + counts.length > this.counts.length) {
      const larger = new Uint16Array(Math.max(2 * this.counts.length, this.length + counts.length));
      larger.set(this.counts);
      this.counts = larger;
    }
    this.counts.set(counts, this.length);
    this.length += counts.length;
    this.point.push(point);
    this.start.push(this.length);
  }

  /** Infinity stands for many. */
  get(point: number): Float64Array | undefined {
    const row = this.rowOf(point);
    return row < 0 ? undefined : this.at(row);
  }

  *[Symbol.iterator](): Iterator<readonly [number, Float64Array]> {
    for (let row = 0; row < this.point.length; row++) yield [this.point.at(row), this.at(row)];
  }

  private at(row: number): Float64Array {
    const packed = this.counts.subarray(this.start.at(row), this.start.at(row + 1));
    return Float64Array.from(packed, (count) => (count === MANY_ACCESSES ? Number.POSITIVE_INFINITY : count));
  }

  private rowOf(point: number): number {
    let [low, high] = [0, this.point.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.point.at(middle);
      if (found === point) return middle;
      if (found < point) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
