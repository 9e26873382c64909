import { ByteReader } from '../../../embedded/byte-reader.ts';
import type { Profile } from '../../../profile/profile.ts';
import type { PageSummary } from '../page-data.ts';
import type { TimedSamples } from './timed-samples.ts';

/** What the page was made of. */
export interface PageData {
  readonly summary: PageSummary;
  /** Its samples are sums: one row for each stack of each thread. */
  readonly profile: Profile;
  /** Of each frame an index into `summary.fills`, and one into `summary.groups`. */
  readonly fill: Int32Array;
  readonly group: Int32Array;
}

/** Reads the block `summary` of {@link PageSummary}. */
export function decodeSummary(block: Uint8Array): PageData {
  const reader = new ByteReader(block);
  const summary = JSON.parse(reader.text()) as PageSummary;
  const [frames, stacks, sums] = summary.lengths;
  const [name, file, line, column, module, kind, tier, fill, group] = Array.from({ length: 9 }, () =>
    reader.ints(frames),
  ) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  const parent = reader.ints(stacks);
  for (let stack = 0; stack < stacks; stack++) parent[stack] = stack - parent[stack]!;
  const profile: Profile = {
    valueTypes: summary.valueTypes,
    strings: summary.strings,
    frames: {
      length: frames,
      name,
      file,
      line,
      column,
      module,
      kind: Uint8Array.from(kind),
      tier: Uint8Array.from(tier),
    },
    stacks: { length: stacks, parent, frame: reader.ints(stacks) },
    samples: {
      length: sums,
      stack: reader.ints(sums),
      thread: reader.ints(sums),
      values: summary.valueTypes.map(() => reader.numbers(sums)),
    },
    threads: summary.threads,
    counters: [],
    series: [],
    meta: { notes: summary.notes },
  };
  return { summary, profile, fill, group };
}

/** Reads the block `samples` of {@link PageSummary}. */
export function decodeSamples(block: Uint8Array, { samples, valueTypes }: PageSummary): TimedSamples {
  const reader = new ByteReader(block);
  return {
    length: samples,
    sum: reader.ints(samples),
    time: reader.numbers(samples),
    values: valueTypes.map(() => reader.numbers(samples)),
  };
}
