/**
 * The order of things by time, those of one time as they came. Made for what comes as runs that are in order (a buffer of
 * each processor after the other): runs are merged, so the cost is n log(runs).
 * @param length how many of `times` count
 */
export function timeOrder(times: Float64Array, length: number): Uint32Array {
  let from = new Uint32Array(length);
  const starts: number[] = [];
  for (let i = 0; i < length; i++) {
    from[i] = i;
    if (i === 0 || times[i]! < times[i - 1]!) starts.push(i);
  }
  if (starts.length <= 1) return from;
  let into = new Uint32Array(length);
  let runs = starts;
  while (runs.length > 1) {
    const merged: number[] = [];
    for (let run = 0; run < runs.length; run += 2) {
      const start = runs[run]!;
      const middle = runs[run + 1] ?? length;
      merge(times, from, into, start, middle, runs[run + 2] ?? length);
      merged.push(start);
    }
    runs = merged;
    [from, into] = [into, from];
  }
  return from;
}

function merge(
  times: Float64Array,
  from: Uint32Array,
  into: Uint32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let left = start;
  let right = middle;
  for (let i = start; i < end; i++) {
    const takeLeft = right >= end || (left < middle && times[from[left]!]! <= times[from[right]!]!);
    into[i] = takeLeft ? from[left++]! : from[right++]!;
  }
}
