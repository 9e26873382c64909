/**
 * The order of things by time, those of one time as they came. Made for what comes as runs that are in order (a buffer of
 * each processor after the other): runs are merged, so the cost is n log(runs).
 */
export class TimeOrder {
  private from = new Uint32Array(0);
  private into = new Uint32Array(0);

  /**
   * @param length how many of `times` count
   * @returns indices, valid until the next call
   */
  of(times: Float64Array, length: number): Uint32Array {
    if (this.from.length < length) {
      this.from = new Uint32Array(times.length);
      this.into = new Uint32Array(times.length);
    }
    const { from } = this;
    let runs: number[] = [];
    for (let i = 0; i < length; i++) {
      from[i] = i;
      if (i === 0 || times[i]! < times[i - 1]!) runs.push(i);
    }
    while (runs.length > 1) {
      const merged: number[] = [];
      for (let run = 0; run < runs.length; run += 2) {
        const start = runs[run]!;
        this.merge(times, start, runs[run + 1] ?? length, runs[run + 2] ?? length);
        merged.push(start);
      }
      runs = merged;
      [this.from, this.into] = [this.into, this.from];
    }
    return this.from;
  }

  private merge(times: Float64Array, start: number, middle: number, end: number): void {
    const { from, into } = this;
    let left = start;
    let right = middle;
    for (let i = start; i < end; i++) {
      const takesLeft = right >= end || (left < middle && times[from[left]!]! <= times[from[right]!]!);
      into[i] = takesLeft ? from[left++]! : from[right++]!;
    }
  }
}
