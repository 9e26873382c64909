import { BYTES, VARINT } from '../protobuf/reader.ts';

/** Fields of `Profile` (github.com/google/pprof, proto/profile.proto) as `number * 8 + wire type`. */
export const PPROF = {
  sampleType: 1 * 8 + BYTES,
  sample: 2 * 8 + BYTES,
  mapping: 3 * 8 + BYTES,
  location: 4 * 8 + BYTES,
  func: 5 * 8 + BYTES,
  text: 6 * 8 + BYTES,
  timeNanos: 9 * 8,
  durationNanos: 10 * 8,
  periodType: 11 * 8 + BYTES,
  period: 12 * 8,
  comment: 13 * 8,
  comments: 13 * 8 + BYTES,
  defaultType: 14 * 8,
} as const;

export const LAST_FIELD = 15;

/** Whether a field can stand at the top of a pprof file. */
export function isPprofTag(tag: number): boolean {
  const number = tag >> 3;
  if (number < 1 || number > LAST_FIELD) return false;
  const type = tag & 7;
  return number <= 6 || number === 11 ? type === BYTES : type === VARINT || tag === PPROF.comments;
}
