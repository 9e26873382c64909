import { defaultValueIndex, IDLE_COUNTER, type Profile } from '../../profile/profile.ts';
import { nanosecondsPerUnit } from '../../profile/units.ts';
import { samplesByThread } from '../samples/by-thread.ts';

/** When a `.cpuprofile` says that each sample was taken. */
export interface CpuTimeline {
  /** Microseconds: `startTime` and `endTime`. */
  readonly start: number;
  readonly end: number;
  /** Rows of the sample table in order; -1 = nothing ran. */
  readonly rows: Int32Array;
  /** Whole microseconds since the entry before; the first: since `start`. */
  readonly deltas: Float64Array;
  /** Whether these are the profile's own times, and idle time stands between them. */
  readonly timed: boolean;
}

/** How a weight becomes time. */
export interface MicrosPerUnit {
  readonly micros: number;
  /** The weight is time. */
  readonly isTime: boolean;
  /** What all weights were divided by because the file would be too long; 1 = nothing. */
  readonly divisor: number;
}

/** How long a sample is drawn where its weight is no time and the profile does not say: 1 ms. */
const SAMPLE_MICROS = 1000;
/** Up to here a double holds nanoseconds exactly, rounding included; no file may be longer. */
const LONGEST = Math.floor(Number.MAX_SAFE_INTEGER / 1000) - 1;

/**
 * Microseconds for one unit of the default weight: time as it is, `sampleInterval` or 1 ms for a sample, else 1. Less by
 * a power of ten where the file would be longer than 104 days.
 */
export function microsPerUnit(profile: Profile): MicrosPerUnit {
  const { type, unit } = profile.valueTypes[defaultValueIndex(profile)]!;
  const { sampleInterval } = profile.meta;
  const time = nanosecondsPerUnit(unit);
  let micros = time === undefined ? 1 : time / 1000;
  if (time === undefined && type === 'samples') micros = sampleInterval ? sampleInterval / 1000 : SAMPLE_MICROS;
  let total = 0;
  for (const weight of profile.samples.values[defaultValueIndex(profile)]!) total += weight;
  let divisor = 1;
  while ((total * micros) / divisor >= LONGEST) divisor *= 10;
  return { micros: micros / divisor, isTime: time !== undefined, divisor };
}

/**
 * The samples one after the other, each as long as its weight. At their own times where the profile has them, they are
 * of one thread, do not overlap, and the time between them is known to be idle; else without gaps from 0 on.
 */
export function cpuTimeline(profile: Profile): CpuTimeline {
  return atTheirTimes(profile) ?? laid(profile);
}

function laid(profile: Profile): CpuTimeline {
  const { length, values } = profile.samples;
  const weights = values[defaultValueIndex(profile)]!;
  const { micros } = microsPerUnit(profile);
  const entries = new Entries(0);
  let sum = 0;
  for (let i = 0; i < length; i++) {
    // The sum is rounded, not each weight: errors never add up
    entries.add(i, Math.round(sum * micros));
    sum += weights[i]!;
  }
  return entries.end(Math.round(sum * micros), 0, false);
}

function atTheirTimes(profile: Profile): CpuTimeline | undefined {
  const { samples, counters } = profile;
  const { time, length } = samples;
  const weights = samples.values[defaultValueIndex(profile)]!;
  const { micros, isTime } = microsPerUnit(profile);
  if (!time || length === 0 || !isTime || samplesByThread(profile).length > 1) return undefined;
  const idle = counters.find(({ name, unit }) => name === IDLE_COUNTER && unit === 'nanoseconds')?.value ?? 0;
  const start = Math.round(time[0]! / 1000);
  const endOf = (i: number) => time[i]! / 1000 + weights[i]! * micros;
  if (start < 0 || !(endOf(length - 1) < LONGEST)) return undefined;

  const entries = new Entries(start);
  let gaps = 0;
  for (let i = 0; i < length; i++) {
    entries.add(i, Math.round(time[i]! / 1000));
    const end = endOf(i);
    const next = i + 1 < length ? time[i + 1]! / 1000 : end;
    // A nanosecond is what a double may be wrong by
    if (next < end - 1e-3) return undefined;
    if (Math.round(next) <= Math.round(end)) continue;
    entries.add(-1, Math.round(end));
    gaps += next - end;
  }
  // Samples that were filtered out leave gaps in which the program was not idle
  if (gaps * 1000 > idle + length * 1000) return undefined;
  return entries.end(Math.round(endOf(length - 1)), Math.max(0, Math.round(idle / 1000 - gaps)), true);
}

/** Grows a timeline. */
class Entries {
  private readonly rows: number[] = [];
  private readonly deltas: number[] = [];
  private readonly start: number;
  private now: number;

  constructor(start: number) {
    this.start = start;
    this.now = start;
  }

  add(row: number, at: number): void {
    this.rows.push(row);
    this.deltas.push(at - this.now);
    this.now = at;
  }

  /** The last entry is idle, even where it takes no time: speedscope knows where a sample ends by the one behind it. */
  end(at: number, idle: number, timed: boolean): CpuTimeline {
    if (this.rows.length > 0) this.add(-1, at);
    const rows = Int32Array.from(this.rows);
    return { start: this.start, end: at + idle, rows, deltas: Float64Array.from(this.deltas), timed };
  }
}
