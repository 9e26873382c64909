import { ByteWriter } from '../../embedded/byte-writer.ts';
import { PairInterner } from '../../profile/columns.ts';
import { frameLabel } from '../../profile/frame-label.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Palette } from '../colors.ts';
import type { PageSummary } from './page-data.ts';

/** What the renderer knows beside the profile's own columns. */
export type PageWords = Omit<
  PageSummary,
  'valueTypes' | 'strings' | 'threads' | 'fills' | 'groups' | 'lengths' | 'samples' | 'firstTime'
>;

/** The blocks of {@link PageSummary}, as bytes. */
export interface Blocks {
  readonly summary: Uint8Array<ArrayBuffer>;
  /** undefined where the samples have no times. */
  readonly samples?: Uint8Array<ArrayBuffer>;
}

/** A profile as the page's blocks. Colours are those of the palette, so the page knows no palettes. */
export function encodeProfile(profile: Profile, palette: Palette, words: PageWords): Blocks {
  const { frames, stacks, samples } = profile;
  const colors = frameColors(profile, palette);
  const sums = sumsOf(profile);
  const order = samples.time === undefined ? undefined : byThreadAndTime(sums, samples.time);
  const summary: PageSummary = {
    ...words,
    valueTypes: profile.valueTypes,
    strings: profile.strings,
    threads: profile.threads,
    fills: colors.fills,
    groups: palette.groups.map(({ id, title }) => ({ id, title, fill: palette.fill(id, title) })),
    lengths: [frames.length, stacks.length, sums.stack.length],
    samples: samples.length,
    ...(samples.time === undefined || samples.length === 0 ? {} : { firstTime: least(samples.time) }),
  };
  const writer = new ByteWriter();
  writer.text(JSON.stringify(summary));
  for (const column of [frames.name, frames.file, frames.line, frames.column, frames.module]) writer.deltas(column);
  for (const column of [frames.kind, frames.tier, colors.fill, colors.group]) writer.deltas(column);
  writer.unsigned(stacks.parent.map((parent, stack) => stack - parent));
  writer.unsigned(stacks.frame);
  writer.deltas(sums.stack);
  writer.deltas(sums.thread);
  for (const column of sums.values) writer.weights(column);
  if (order === undefined || summary.firstTime === undefined) return { summary: writer.done() };
  return { summary: writer.done(), samples: encodeSamples(profile, sums.sumOf, order, summary.firstTime) };
}

function encodeSamples({ samples }: Profile, sumOf: Int32Array, order: Int32Array, firstTime: number) {
  const writer = new ByteWriter();
  writer.deltas(order.map((row) => sumOf[row]!));
  writer.deltas(Float64Array.from(order, (row) => Math.round(samples.time![row]! - firstTime)));
  for (const column of samples.values) writer.weights(Float64Array.from(order, (row) => column[row]!));
  return writer.done();
}

/** Samples that have both stack and thread in common, summed. */
interface Sums {
  /** In ascending order of thread, then stack; -1 = none. */
  readonly thread: Int32Array;
  readonly stack: Int32Array;
  readonly values: readonly Float64Array[];
  /** The row of the sums that each sample is part of. */
  readonly sumOf: Int32Array;
}

function sumsOf({ samples }: Profile): Sums {
  const pairs = new PairInterner();
  const pairOf = new Int32Array(samples.length);
  for (let row = 0; row < samples.length; row++) {
    pairOf[row] = pairs.intern(samples.thread?.[row] ?? -1, samples.stack[row]!);
  }
  const threads = pairs.first.toArray();
  const stacks = pairs.second.toArray();
  const order = Int32Array.from(threads.keys()).sort((a, b) => threads[a]! - threads[b]! || stacks[a]! - stacks[b]!);
  const place = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) place[order[i]!] = i;
  const values = samples.values.map((column) => {
    const sums = new Float64Array(order.length);
    for (let row = 0; row < samples.length; row++) sums[place[pairOf[row]!]!]! += column[row]!;
    return sums;
  });
  return {
    thread: order.map((pair) => threads[pair]!),
    stack: order.map((pair) => stacks[pair]!),
    values,
    sumOf: pairOf.map((pair) => place[pair]!),
  };
}

/** Rows of samples: those of one thread together, in the order of time. Most recordings stand in that order already. */
function byThreadAndTime({ sumOf, thread }: Sums, time: Float64Array): Int32Array {
  const threadOf = (row: number): number => thread[sumOf[row]!]!;
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < sumOf.length; row++) {
    const rows = rowsOf.get(threadOf(row));
    if (rows === undefined) rowsOf.set(threadOf(row), [row]);
    else rows.push(row);
  }
  const order = new Int32Array(sumOf.length);
  let next = 0;
  for (const id of [...rowsOf.keys()].sort((a, b) => a - b)) {
    const rows = rowsOf.get(id)!;
    if (rows.some((row, i) => i > 0 && time[row]! < time[rows[i - 1]!]!)) rows.sort((a, b) => time[a]! - time[b]!);
    for (const row of rows) order[next++] = row;
  }
  return order;
}

function frameColors(profile: Profile, palette: Palette) {
  const { length } = profile.frames;
  const fills = new Map<string, number>();
  const groups = new Map(palette.groups.map(({ id }, i) => [id, i]));
  const fill = new Int32Array(length);
  const group = new Int32Array(length);
  for (let frame = 0; frame < length; frame++) {
    const id = palette.groupOf(profile, frame);
    const color = palette.fill(id, frameLabel(profile, frame));
    let index = fills.get(color);
    if (index === undefined) {
      index = fills.size;
      fills.set(color, index);
    }
    fill[frame] = index;
    group[frame] = groups.get(id) ?? 0;
  }
  return { fills: [...fills.keys()], fill, group };
}

function least(column: Float64Array): number {
  let smallest = column[0]!;
  for (let i = 1; i < column.length; i++) if (column[i]! < smallest) smallest = column[i]!;
  return smallest;
}
