import type { Profile, Thread, ValueType } from '../profile/profile.ts';
import type { ByteReader } from './byte-reader.ts';
import { readFrameTable, readStackTable } from './profile-tables.ts';

/** What of the summary of an HTML report its columns are read by. */
export interface PageTables {
  readonly valueTypes: readonly ValueType[];
  readonly strings: readonly string[];
  readonly threads: readonly Thread[];
  readonly notes: readonly string[];
  /** Rows of frames, stacks and sums. */
  readonly lengths: readonly [frames: number, stacks: number, sums: number];
  readonly samples: number;
}

/** Samples with their times: those of one thread together, in the order of time. */
export interface TimedSamples {
  readonly length: number;
  /** The row of the profile's samples that each is part of. */
  readonly sum: Int32Array;
  /** Nanoseconds since the first sample. */
  readonly time: Float64Array;
  /** One column a value type. */
  readonly values: readonly Float64Array[];
}

/**
 * Reads the columns of the first block of an HTML report, which `render/html/page-data` describes.
 * @returns the profile, whose samples are sums: one row for each stack of each thread; and of each frame what the page
 *   draws it with
 * @throws {RangeError} the bytes end too early
 */
export function readPageColumns(
  reader: ByteReader,
  { valueTypes, strings, threads, notes, lengths: [frames, stacks, sums] }: PageTables,
): { readonly profile: Profile; readonly fill: Int32Array; readonly group: Int32Array } {
  const table = readFrameTable(reader, frames, true);
  const fill = reader.ints(frames);
  const group = reader.ints(frames);
  const profile: Profile = {
    valueTypes,
    strings,
    frames: table,
    stacks: readStackTable(reader, stacks),
    samples: {
      length: sums,
      stack: reader.ints(sums),
      thread: reader.ints(sums),
      values: valueTypes.map(() => reader.numbers(sums)),
    },
    threads,
    counters: [],
    series: [],
    meta: { notes },
  };
  return { profile, fill, group };
}

/**
 * Reads the second block: each sample with its time.
 * @throws {RangeError} the bytes end too early
 */
export function readTimedColumns(
  reader: ByteReader,
  { samples, valueTypes }: Pick<PageTables, 'samples' | 'valueTypes'>,
): TimedSamples {
  return {
    length: samples,
    sum: reader.ints(samples),
    time: reader.numbers(samples),
    values: valueTypes.map(() => reader.numbers(samples)),
  };
}
