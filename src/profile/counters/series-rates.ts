import type { Series } from '../profile.ts';

/** A quantity over time, as it is drawn: what was counted in an interval is divided by how long that was. */
export interface Rates {
  readonly name: string;
  /** `CPUs`, `/s`, `Joules/s`; of what is a level, not a count, its own unit: `bytes`, `%`. */
  readonly unit: string;
  /** Nanoseconds since the start at which each interval ended. */
  readonly end: Float64Array;
  readonly value: Float64Array;
}

/** These are as high as they are, however long one looks. */
const LEVELS: ReadonlySet<string> = new Set(['bytes', '%', 'ratio']);

/**
 * What was counted in each interval (`perf stat -I`), per second: the last interval is shorter than the others, and
 * others are longer where the machine was busy. Time per time is how many processors were used.
 */
export function seriesRates({ name, unit, time, value }: Series): Rates {
  if (LEVELS.has(unit)) return { name, unit, end: time, value: value.map(drawable) };
  const rates = value.map((count, i) => {
    const length = time[i]! - (i === 0 ? 0 : time[i - 1]!);
    if (!(length > 0)) return 0;
    return drawable(unit === 'ns' ? count / length : (count / length) * 1e9);
  });
  return { name, unit: unit === 'ns' ? 'CPUs' : unit === 'count' ? '/s' : `${unit}/s`, end: time, value: rates };
}

/** A saved file may say anything: what is no number has no height. */
function drawable(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
