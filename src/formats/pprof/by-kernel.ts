import { ProfileBuilder } from '../../profile/builder.ts';
import { framesByLabel, knowRanks } from '../../profile/label-ranks.ts';
import type { Profile, StackTable, ValueType } from '../../profile/profile.ts';
import type { PprofKernel } from '../pprof-kernel/open-pprof-kernel.ts';
import { cursor } from '../protobuf/reader.ts';
import type { PprofContent } from './content.ts';
import { FrameWriter } from './frame-words.ts';
import { PprofLabels } from './labels.ts';
import { readMapping } from './messages.ts';
import type { MessageRuns } from './runs.ts';
import type { PprofTables } from './tables.ts';

/** Behind messages some bytes may be looked at. */
const BEHIND = 32;
const MOST_BYTES = 1 << 29;
const MOST_VALUE_TYPES = 64;
/** Samples that are worked on before the kernel is asked anew: the engine compiles for speed what is called often. */
const MANY = 1 << 13;
/** For what does not depend on the file, and digits of keys. */
const ROOM = 16 << 20;
const FRAME_INTS = 4;
const ADDRESS = -2;

/**
 * Memory that a kernel is likely to need for a file: for messages, for columns, and for the frames of stacks, whose locations
 * take some two bytes each in the file. It can have more, but V8 counts what it could use.
 */
export function kernelBytes(tables: PprofTables): number {
  const { samples, locations, functions } = tables;
  return (
    mostMessages(tables) + 40 * samples.count + 2 * samples.bytes + 10 * locations.bytes + 256 * functions.count + ROOM
  );
}

/**
 * Reads a file in WebAssembly.
 * @param valueTypes of the profile
 * @param kernel a fresh one
 * @returns undefined where something is odd: then {@link readPlainly} finds out what it is, or that it is not
 * @throws {FormatError} a mapping or a label is broken
 */
export function readByKernel(
  tables: PprofTables,
  valueTypes: readonly ValueType[],
  kernel: PprofKernel,
): PprofContent | undefined {
  const { samples } = tables;
  if (samples.bytes > MOST_BYTES || valueTypes.length > MOST_VALUE_TYPES) return undefined;
  const builder = new ProfileBuilder(valueTypes);
  const reader = new KernelReader(tables, kernel);
  const frameOf = reader.frames(builder);
  if (frameOf === undefined) return undefined;
  const named = builder.build();
  const rank = reader.ranks(named.frames.length, frameOf);
  if (rank !== undefined) knowRanks(named, rank);
  const columns = reader.samples();
  const tree = columns && reader.tree(named, frameOf);
  if (tree === undefined) return undefined;
  const labels = new PprofLabels(tables, builder);
  const thread = kernel.withLabels() > 0 ? labels.threads() : undefined;
  return {
    // Frames of one table are put in the order of their labels once
    profile: { ...builder.build(), frames: named.frames, strings: named.strings, stacks: tree.stacks },
    stack: tree.stack,
    thread,
    values: columns!,
    inexact: kernel.inexact(),
    otherLabels: labels.others,
    callLines: kernel.callLines() !== 0,
  };
}

/** Bytes of the table that has most. */
function mostMessages({ samples, locations, functions, texts }: PprofTables): number {
  const { ranges } = texts;
  const textBytes = ranges.length > 0 ? ranges.at(-1)! - ranges[0]! : 0;
  return Math.max(samples.bytes, locations.bytes, functions.bytes, Math.min(textBytes, samples.bytes * 2));
}

class KernelReader {
  private readonly tables: PprofTables;
  private readonly kernel: PprofKernel;
  /** Where messages go, one table after the other. */
  private raw = 0;
  private rawBytes = 0;

  constructor(tables: PprofTables, kernel: PprofKernel) {
    this.tables = tables;
    this.kernel = kernel;
  }

  /** @returns the row of each of the kernel's frames */
  frames(builder: ProfileBuilder): Int32Array | undefined {
    const { kernel } = this;
    const { functions, locations, mappings, texts } = this.tables;
    const mappingAt = kernel.expectTables(
      functions.count,
      texts.length,
      mappings.count,
      locations.count,
      locations.bytes,
    );
    this.rawBytes = mostMessages(this.tables) + BEHIND;
    this.raw = kernel.room(this.rawBytes);
    if (mappingAt === 0 || this.raw === 0) return undefined;
    const modules = this.mappings(mappingAt);
    if (modules === undefined) return undefined;
    if (!this.all(functions, () => kernel.functions()) || !this.all(locations, () => kernel.locations())) {
      return undefined;
    }

    const [name, systemName, file, startLine] = [0, 1, 2, 3].map((column) =>
      this.integers(kernel.functionColumn(column), functions.count),
    );
    const columns = {
      name: (row: number) => name![row]!,
      systemName: (row: number) => systemName![row]!,
      file: (row: number) => file![row]!,
      startLine: (row: number) => startLine![row]!,
    };
    const writer = new FrameWriter(texts, columns, modules, builder);
    const frameOf = new Int32Array(kernel.framesFound());
    const parts = this.integers(kernel.framesAt(), frameOf.length * FRAME_INTS);
    for (let i = 0, at = 0; i < frameOf.length; i++, at += FRAME_INTS) {
      const func = parts[at]!;
      const place = parts[at + 1]!;
      if (func === ADDRESS) {
        const address = (BigInt(parts[at + 3]! >>> 0) << 32n) | BigInt(parts[at + 2]! >>> 0);
        frameOf[i] = writer.address(address, place);
      } else {
        frameOf[i] = writer.frame({ func, mapping: place >> 1, inlined: (place & 1) === 1, column: parts[at + 2]! });
      }
    }
    return frameOf;
  }

  /** Tells the kernel which mappings there are. @returns the names of their binaries */
  private mappings(mappingAt: number): string[] | undefined {
    const { input, bytes, mappings, texts } = this.tables;
    const message = cursor(input, bytes);
    const modules: string[] = [];
    const rowOf = this.integers(mappingAt, mappings.count * 2 + 64);
    let odd = false;
    mappings.each(message, (_, row) => {
      const { id, module } = readMapping(message, texts);
      if (typeof id === 'number' && id < rowOf.length) rowOf[id] = row + 1;
      else odd = true;
      modules.push(module);
    });
    return odd ? undefined : modules;
  }

  /** Has a table of messages read. @returns whether all of them are as they should be */
  private all(messages: MessageRuns, read: () => number): boolean {
    const { kernel, raw } = this;
    this.put(messages);
    kernel.beginTable(raw, raw + messages.bytes);
    return readThrough(messages.count, read);
  }

  private put(messages: MessageRuns): void {
    const room = new Uint8Array(this.kernel.memory.buffer, this.raw, messages.bytes);
    messages.copyTo(room, this.tables.bytes);
  }

  /** The ranks of frames' labels; undefined where the kernel cannot tell. */
  ranks(frames: number, frameOf: Int32Array): Int32Array | undefined {
    const { kernel, raw } = this;
    const { texts, bytes } = this.tables;
    const { ranges } = texts;
    const from = ranges.length > 0 ? ranges[0]! : 0;
    const part = bytes.subarray(from, ranges.at(-1) ?? 0);
    // Texts go where messages went; where both are mixed that may be too small
    if (part.length + BEHIND > this.rawBytes) return undefined;
    const rangesAt = kernel.expectTexts(texts.length);
    if (rangesAt === 0) return undefined;
    this.integers(rangesAt, ranges.length).set(ranges);
    new Uint8Array(kernel.memory.buffer, raw, part.length).set(part);
    const ranksAt = kernel.rankLabels(raw - from);
    if (ranksAt === 0) return undefined;
    const found = this.integers(ranksAt, frameOf.length);
    const rank = new Int32Array(frames);
    for (let i = 0; i < frameOf.length; i++) rank[frameOf[i]!] = found[i]!;
    return rank;
  }

  /** @returns the columns of values */
  samples(): Float64Array[] | undefined {
    const { kernel, raw } = this;
    const { samples, valueTypes } = this.tables;
    const from = kernel.expectSamples(samples.count, valueTypes.length);
    if (from === 0) return undefined;
    this.put(samples);
    kernel.beginSamples(raw, raw + samples.bytes);
    const most = kernel.MOST_SAMPLES.value;
    const columns = valueTypes.map(() => new Float64Array(samples.count));
    const found = valueTypes.map((_, i) => new Float64Array(kernel.memory.buffer, from + i * most * 8, most));
    let row = 0;
    const good = readThrough(samples.count, () => {
      const count = kernel.samples();
      for (let i = 0; i < columns.length && count > 0; i++) columns[i]!.set(found[i]!.subarray(0, count), row);
      row += count;
      return count;
    });
    return good ? columns : undefined;
  }

  /**
   * Lays the samples' stacks over each other in the order of labels.
   * @param frameOf the row of each of the kernel's frames
   */
  tree(named: Profile, frameOf: Int32Array): { stacks: StackTable; stack: Int32Array } | undefined {
    const { kernel } = this;
    const order = framesByLabel(named);
    const place = new Int32Array(order.length);
    for (let i = 0; i < order.length; i++) place[order[i]!] = i;
    const numbersAt = kernel.room(frameOf.length * 4 + 4);
    if (numbersAt === 0) return undefined;
    const numbers = this.integers(numbersAt, frameOf.length);
    for (let i = 0; i < frameOf.length; i++) numbers[i] = place[frameOf[i]!]!;
    kernel.renumber(numbersAt);
    const { count } = this.tables.samples;
    if (kernel.expectBuckets(order.length) === 0) return undefined;
    if (!readThrough(count, () => kernel.fill(MANY))) return undefined;
    const orderAt = kernel.expectTree(order.length);
    if (orderAt === 0) return undefined;
    this.integers(orderAt, order.length).set(order);
    const stacks = this.nodes();
    return { stacks, stack: this.integers(kernel.leafAt(), count).slice() };
  }

  private nodes(): StackTable {
    const { kernel } = this;
    const most = kernel.MOST_NODES.value;
    // Room for a node each frame; what is not touched costs nothing
    const parent = new Int32Array(kernel.mostNodes());
    const frame = new Int32Array(kernel.mostNodes());
    for (let length = 0; ; ) {
      const count = kernel.tree();
      const at = kernel.nodesAt();
      parent.set(this.integers(at, count), length);
      frame.set(this.integers(at + most * 4, count), length);
      length += count;
      if (count < most) return { length, parent: parent.subarray(0, length), frame: frame.subarray(0, length) };
    }
  }

  /** A view of the kernel's memory, until it is asked again. */
  private integers(at: number, length: number): Int32Array {
    return new Int32Array(this.kernel.memory.buffer, at, length);
  }
}

/** Calls `read` until it has read so many. @returns whether it could */
function readThrough(count: number, read: () => number): boolean {
  for (let done = 0; done < count; ) {
    const more = read();
    if (more < 0) return false;
    done += more;
  }
  return true;
}
