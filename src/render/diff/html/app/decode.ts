import { ByteReader } from '../../../../embedded/byte-reader.ts';
import { readFrameTable, readStackTable } from '../../../../embedded/profile-tables.ts';
import type { Profile } from '../../../../profile/profile.ts';
import { INTERVAL_STEPS } from '../../diff-rows.ts';
import { type DiffPage, TESTED } from '../diff-page.ts';

/** What happened, row by row; intervals as parts of the whole, NaN where nothing was tested. */
interface PageChanges {
  readonly verdict: Uint8Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

interface PageFunctions extends PageChanges {
  readonly frame: Int32Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly selfBefore: Float64Array;
  readonly selfAfter: Float64Array;
}

/** What the page was made of. */
export interface DiffPageData {
  readonly page: DiffPage;
  /** Of two columns of weights: before and after. */
  readonly profile: Profile;
  /** Row i is stack i of the profile. */
  readonly paths: PageChanges;
  readonly functions: PageFunctions;
}

/** Reads the block of {@link DiffPage}. */
export function decodePage(block: Uint8Array): DiffPageData {
  const reader = new ByteReader(block);
  const page = JSON.parse(reader.text()) as DiffPage;
  const [frames, stacks, samples, functions] = page.lengths;
  const { type, unit } = page.unit;
  const profile: Profile = {
    valueTypes: [
      { type: 'before', unit },
      { type, unit },
    ],
    strings: page.strings,
    frames: readFrameTable(reader, frames, false),
    stacks: readStackTable(reader, stacks),
    samples: {
      length: samples,
      stack: reader.ints(samples),
      values: [reader.numbers(samples), reader.numbers(samples)],
    },
    threads: [],
    counters: [],
    series: [],
    meta: { notes: page.notes },
  };
  const paths = readChanges(reader, stacks);
  const frame = reader.ints(functions);
  const changes = readChanges(reader, functions);
  const [before, after, selfBefore, selfAfter] = Array.from({ length: 4 }, () => reader.numbers(functions)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { page, profile, paths, functions: { ...changes, frame, before, after, selfBefore, selfAfter } };
}

function readChanges(reader: ByteReader, rows: number): PageChanges {
  const said = reader.ints(rows);
  const part = (column: Int32Array): Float64Array =>
    Float64Array.from(column, (steps, row) => (said[row]! >= TESTED ? steps / INTERVAL_STEPS : Number.NaN));
  const low = part(reader.ints(rows));
  const high = part(reader.ints(rows));
  return { verdict: Uint8Array.from(said, (value) => value % TESTED), low, high };
}
