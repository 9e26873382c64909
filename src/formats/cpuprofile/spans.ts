/** How long samples took, one after the other. */
export interface CpuSpans {
  /** Nanoseconds: when the first one was taken. */
  readonly start: number;
  /** Nanoseconds from there to the end of the recording. */
  readonly duration: number;
  /** Whole nanoseconds from each sample to the next one, the last one's to the end of the recording; not negative. */
  readonly weight: Int32Array | Float64Array;
}

/** Up to here (104 days of microseconds) a double holds nanoseconds exactly. */
export const LONGEST_MICROS = Number.MAX_SAFE_INTEGER / 1000;
export const MAX_INT32 = 0x7fffffff;

/**
 * Spans of whole microseconds, in place as far as they fit.
 * @param deltas microseconds since the sample before; used up
 * @param origin microseconds: when the first delta starts; whole
 * @param end microseconds since `origin`: when the recording ends. NaN = unknown
 * @param wrong called with a sample whose time is beyond {@link LONGEST_MICROS}; throws
 */
export function wholeSpans(
  deltas: Int32Array,
  origin: number,
  end: number,
  wrong: (sample: number) => never,
): CpuSpans & { readonly backwards: number } {
  let weight: Int32Array | Float64Array = deltas;
  let now = 0;
  let latest = 0;
  let first = 0;
  let backwards = 0;
  for (let i = 0; i < deltas.length; i++) {
    const delta = deltas[i]!;
    now += delta;
    if (delta < 0) backwards++;
    if (!(Math.abs(now) < LONGEST_MICROS)) wrong(i);
    let span = 0;
    if (now > latest) {
      span = (now - latest) * 1000;
      latest = now;
    }
    if (i === 0) first = latest;
    else {
      if (span > MAX_INT32) weight = wide(weight, i);
      weight[i - 1] = span;
    }
  }
  const { last, start, duration } = clockEnd({ origin, end, first, latest, samples: deltas.length });
  if (last > MAX_INT32) weight = wide(weight, deltas.length);
  weight[deltas.length - 1] = last;
  return { start, duration, weight, backwards };
}

/** Microseconds since `origin` (which is microseconds, too) when the first and the last sample were taken. */
export interface ClockEnd {
  readonly origin: number;
  /** When the recording ends. NaN = unknown. */
  readonly end: number;
  readonly first: number;
  readonly latest: number;
  readonly samples: number;
}

/** How long the last sample took, when the first one was taken, and the time from there to the end: nanoseconds. */
export function clockEnd({ origin, end, first, latest, samples }: ClockEnd): {
  readonly last: number;
  readonly start: number;
  readonly duration: number;
} {
  const from = shift(origin, latest);
  const until = lastMoment(end, latest, first, samples);
  return {
    last: spanOf(latest, until, from),
    start: Math.round((from + first) * 1000),
    duration: spanOf(first, until, from),
  };
}

/**
 * Spans of any times, in place.
 * @param micros microseconds since `origin`, ascending; one more than there are samples: the last one is room
 * @param origin microseconds
 * @param end as in {@link wholeSpans}
 */
export function spansBetween(micros: Float64Array, origin: number, end: number): CpuSpans {
  const samples = micros.length - 1;
  const latest = micros[samples - 1]!;
  const from = shift(origin, latest);
  const first = micros[0]!;
  const until = lastMoment(end, latest, first, samples);
  micros[samples] = until;
  for (let i = 0; i < samples; i++) micros[i] = spanOf(micros[i]!, micros[i + 1]!, from);
  const start = Math.round((from + first) * 1000);
  return { start, duration: spanOf(first, until, from), weight: micros.subarray(0, samples) };
}

/** Nanoseconds, of moments that are rounded by themselves: errors never add up. */
function spanOf(from: number, to: number, origin: number): number {
  return Math.round((origin + to) * 1000) - Math.round((origin + from) * 1000);
}

/** A start that is no exact number of nanoseconds would cost all times their precision. */
function shift(origin: number, latest: number): number {
  return Math.abs(origin) + latest < LONGEST_MICROS ? origin : 0;
}

/** Where the end is unknown or wrong the last sample is as long as the average. */
function lastMoment(end: number, latest: number, first: number, samples: number): number {
  if (end >= latest && end < LONGEST_MICROS) return end;
  return latest + (samples > 1 ? (latest - first) / (samples - 1) : 0);
}

/** The column as one that holds larger numbers, as far as it is filled. */
export function wide(column: Int32Array | Float64Array, length: number): Float64Array {
  if (column instanceof Float64Array) return column;
  const floats = new Float64Array(column.length);
  floats.set(column.subarray(0, length));
  return floats;
}
