import type { Profile } from '../../../profile/profile.ts';
import { type PageSummary, SAMPLES_ID, SUMMARY_ID } from '../page-data.ts';
import { ByteReader } from './byte-reader.ts';

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

/** What the page was made of. */
export interface PageData {
  readonly summary: PageSummary;
  /** Its samples are sums: one row for each stack of each thread. */
  readonly profile: Profile;
  /** Of each frame an index into `summary.fills`, and one into `summary.groups`. */
  readonly fill: Int32Array;
  readonly group: Int32Array;
}

/** @throws {Error} the page is not whole */
export async function readSummary(): Promise<PageData> {
  const reader = new ByteReader(await unpacked(SUMMARY_ID));
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

/** @returns undefined where the samples have no times */
export async function readSamples({ samples, valueTypes, firstTime }: PageSummary): Promise<TimedSamples | undefined> {
  if (firstTime === undefined) return undefined;
  const reader = new ByteReader(await unpacked(SAMPLES_ID));
  return {
    length: samples,
    sum: reader.ints(samples),
    time: reader.numbers(samples),
    values: valueTypes.map(() => reader.numbers(samples)),
  };
}

async function unpacked(id: string): Promise<Uint8Array> {
  const block = document.getElementById(id);
  if (block === null) throw new Error('the file is not whole');
  const text = atob(block.textContent ?? '');
  // Millions of characters, which nobody needs any more.
  block.remove();
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
