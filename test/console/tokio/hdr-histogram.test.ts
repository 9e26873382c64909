import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import type { DurationHistogram } from '../../../src/console/snapshot.ts';
import { readTaskDetails } from '../../../src/console/tokio/details-message.ts';
import { readHdrHistogram } from '../../../src/console/tokio/hdr-histogram.ts';
import { ProtocolError } from '../../../src/console/tokio/message-reader.ts';
import { message } from './message-writer.ts';
import { hasRecording, recordedDetails } from './recording.ts';

type Digits = 1 | 2 | 3 | 4 | 5;

/** A histogram that HdrHistogram's own code has counted: as console-subscriber has one, up to 1 s in nanoseconds. */
function counted(values: readonly number[], digits: Digits = 2, lowest = 1): Histogram {
  const histogram = build({
    lowestDiscernibleValue: lowest,
    highestTrackableValue: 1e9,
    numberOfSignificantValueDigits: digits,
    bitBucketSize: 64,
    useWebAssembly: false,
  });
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

/** HdrHistogram's package writes only what is compressed: 8 bytes and then the encoding, deflated. */
function encoded(histogram: Histogram): Buffer {
  const bytes = inflateSync(Buffer.from(encodeIntoCompressedBase64(histogram), 'base64').subarray(8));
  // It says that values are shifted by 1, and does not shift them; the Rust library says 0
  bytes.writeUInt32BE(0, 8);
  return bytes;
}

function decodedByPackage(raw: Buffer): Histogram {
  const body = deflateSync(raw);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(0x1c849314, 0);
  header.writeUInt32BE(body.length, 4);
  return decodeFromCompressedBase64(Buffer.concat([header, body]).toString('base64'));
}

/** The smallest bound that `percent` of all values do not exceed. */
function percentile({ bounds, counts }: DurationHistogram, percent: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  const at = counts.findIndex((count) => {
    seen += count;
    return seen >= Math.max(1, Math.ceil((percent / 100) * total - 1e-9));
  });
  return bounds[at]!;
}

describe('a histogram as HdrHistogram encodes it', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 1e9 - 1 }));

  test('has the counts and percentiles that its own code finds', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 60 }),
        fc.constantFrom<Digits>(1, 2, 3),
        fc.constantFrom(1, 1000),
        (values, digits, lowest) => {
          const histogram = counted(values, digits, lowest);
          const read = readHdrHistogram(encoded(histogram));
          expect(read.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
          expect([...read.bounds].sort((a, b) => a - b)).toEqual(read.bounds);
          for (const percent of [10, 50, 90, 99, 100]) {
            expect(percentile(read, percent)).toBe(histogram.getValueAtPercentile(percent));
          }
          expect(read.max).toBe(histogram.getValueAtPercentile(100));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('has an empty bin before one that does not follow the last', () => {
    expect(readHdrHistogram(encoded(counted([3, 4, 4, 9])))).toEqual({
      bounds: [2, 3, 4, 8, 9],
      counts: [0, 1, 2, 0, 1],
      max: 9,
    });
    expect(readHdrHistogram(encoded(counted([])))).toEqual({ bounds: [], counts: [], max: 0 });
  });

  test.runIf(hasRecording)('is read from the recorded details as its own code reads it', () => {
    const details = recordedDetails();
    const { task, pollTimes, scheduledTimes } = readTaskDetails(details);
    expect(task).toBe('13');
    for (const [read, cookieAt] of [
      [pollTimes!, details.indexOf('1c849313', 'hex')],
      [scheduledTimes!, details.lastIndexOf(Buffer.from('1c849313', 'hex'))],
    ] as const) {
      const length = details.readUInt32BE(cookieAt + 4);
      const oracle = decodedByPackage(details.subarray(cookieAt, cookieAt + 40 + length));
      for (const percent of [1, 25, 50, 75, 90, 95, 99, 100]) {
        expect(percentile(read, percent)).toBe(oracle.getValueAtPercentile(percent));
      }
      expect(read.counts.reduce((sum, count) => sum + count, 0)).toBe(oracle.totalCount);
    }
  });
});

describe('details', () => {
  const raw = encoded(counted([5, 5, 1e9 - 1, 1e9 - 1, 1e9 - 1]));

  test('values beyond the largest are in a bin of their own', () => {
    const histogram = message({ 1: raw, 2: 1e9 - 1, 3: 2, 4: 4_500_000_000 });
    const { pollTimes } = readTaskDetails(message({ 1: message({ 1: 9 }), 4: histogram }));
    const last = readHdrHistogram(raw).bounds.at(-1)!;
    expect(pollTimes!.bounds.slice(-2)).toEqual([last, 4_500_000_000]);
    expect(pollTimes!.counts.slice(-2)).toEqual([1, 2]);
    expect(pollTimes!.max).toBe(4_500_000_000);
  });

  test('of subscribers before 0.1.9 have the histogram alone', () => {
    const { pollTimes, scheduledTimes } = readTaskDetails(message({ 1: message({ 1: 9 }), 3: raw }));
    expect(pollTimes).toEqual(readHdrHistogram(raw));
    expect(scheduledTimes).toBeUndefined();
  });
});

describe('what is no histogram is refused', () => {
  const raw = encoded(counted([5, 70_000]));
  const changed = (at: number, ...bytes: number[]): Buffer => {
    const copy = Buffer.from(raw);
    copy.set(bytes, at);
    return copy;
  };

  test.each([
    ['too short', raw.subarray(0, 39), /39 bytes are fewer than its header has/],
    ['compressed', changed(3, 0x14), /begins with 0x1c849314/],
    ['cut', raw.subarray(0, raw.length - 1), /its counts are cut/],
    ['shifted', changed(11, 1), /shifted/],
    ['of 6 digits', changed(15, 6), /6 significant digits/],
    ['ends within a count', changed(raw.length - 1, 0x80), /its counts are cut/],
    ['of more buckets than values', changed(40, 0xff, 0xff, 0xff, 0xff, 0x0f), /more buckets/],
  ])('%s', (_name, bytes, what) => {
    expect(() => readHdrHistogram(bytes)).toThrow(ProtocolError);
    expect(() => readHdrHistogram(bytes)).toThrow(what);
  });
});
