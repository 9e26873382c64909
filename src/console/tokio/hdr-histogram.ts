import type { DurationHistogram } from '../snapshot.ts';
import { ProtocolError } from './message-reader.ts';

/** Of the uncompressed V2 encoding; its upper half byte is the word size, always 1. */
const COOKIE = 0x1c849313;
const HEADER_BYTES = 40;
/** More buckets than a histogram of 5 digits over all of 64 bits has. */
const MOST_BUCKETS = 2 ** 24;

/**
 * Reads a histogram as HdrHistogram's V2 encoding has it, uncompressed (`V2Serializer` of the Rust library, `encodeInto...`
 * of G. Tene's Java one): cookie, length of the counts, offset, digits, lowest and highest value, ratio, and then the
 * counts as zigzag LEB128 of at most 9 bytes, negative ones being runs of empty buckets.
 * @returns the bins that are not empty, and an empty one before each where there are values between them
 * @throws {ProtocolError} it is no such histogram
 */
export function readHdrHistogram(bytes: Buffer): DurationHistogram {
  if (bytes.length < HEADER_BYTES) throw wrong(`${bytes.length} bytes are fewer than its header has`);
  const cookie = bytes.readUInt32BE(0);
  if (cookie !== COOKIE) throw wrong(`it begins with 0x${cookie.toString(16)}, not with 0x${COOKIE.toString(16)}`);
  const length = bytes.readUInt32BE(4);
  if (length > bytes.length - HEADER_BYTES) throw wrong('its counts are cut');
  if (bytes.readUInt32BE(8) !== 0) throw wrong('its values are shifted, which is not supported');
  const digits = bytes.readUInt32BE(12);
  if (digits > 5) throw wrong(`it has ${digits} significant digits`);
  const lowest = Number(bytes.readBigUInt64BE(16));
  const scale = bucketScale(digits, Math.max(1, lowest));

  const bounds: number[] = [];
  const counts: number[] = [];
  let max = 0;
  let bucket = 0;
  const reader = { bytes, at: HEADER_BYTES, end: HEADER_BYTES + length };
  while (reader.at < reader.end) {
    const count = readZigZag(reader);
    if (count < 0) bucket -= count;
    else {
      if (count > 0) {
        const below = scale.first(bucket) - 1;
        if (bounds.at(-1) !== below && below >= 0) {
          bounds.push(below);
          counts.push(0);
        }
        max = scale.first(bucket + 1) - 1;
        bounds.push(max);
        counts.push(count);
      }
      bucket++;
    }
    if (bucket > MOST_BUCKETS) throw wrong('it has more buckets than there are values');
  }
  return { bounds, counts, max };
}

/**
 * The histogram with a last bin for values that were beyond its largest, and are in it as the largest.
 * @param highest the largest of them
 */
export function withOutliers(histogram: DurationHistogram, outliers: number, highest: number): DurationHistogram {
  const last = histogram.bounds.length - 1;
  if (outliers === 0 || last < 0 || highest <= histogram.bounds[last]!) return histogram;
  const inside = Math.max(0, histogram.counts[last]! - outliers);
  return {
    bounds: [...histogram.bounds, highest],
    counts: [...histogram.counts.slice(0, last), inside, outliers],
    max: highest,
  };
}

/** Where buckets begin: the first ones are of one size, then each power of two has half as many, twice as wide. */
function bucketScale(digits: number, lowest: number): { first(bucket: number): number } {
  const half = 2 ** (Math.ceil(Math.log2(2 * 10 ** digits)) - 1);
  const unit = 2 ** Math.floor(Math.log2(lowest));
  return {
    first(bucket) {
      if (bucket < 2 * half) return bucket * unit;
      const power = Math.floor(bucket / half) - 1;
      return ((bucket % half) + half) * unit * 2 ** power;
    },
  };
}

/** ZigZag LEB128-64b9B: as a varint, but the ninth byte has eight bits. */
function readZigZag(from: { readonly bytes: Buffer; at: number; readonly end: number }): number {
  let value = 0n;
  for (let i = 0; i < 9; i++) {
    if (from.at >= from.end) throw wrong('its counts are cut');
    const byte = from.bytes[from.at++]!;
    const isLast = i === 8 || byte < 0x80;
    value |= BigInt(i === 8 ? byte : byte & 0x7f) << BigInt(7 * i);
    if (isLast) break;
  }
  return Number(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)));
}

function wrong(what: string): ProtocolError {
  return new ProtocolError(`this is no histogram: ${what}`);
}
