import { ProfileBuilder } from '../../profile/builder.ts';
import { wideEnough } from '../../profile/columns.ts';
import { framesByLabel, knowRanks } from '../../profile/label-ranks.ts';
import type { StackTable, ValueType, WeightColumn } from '../../profile/profile.ts';
import type { PprofKernel } from '../pprof-kernel/open-pprof-kernel.ts';
import { cursor } from '../protobuf/reader.ts';
import type { PprofContent } from './content.ts';
import { FrameWriter } from './frame-words.ts';
import { type FramesInWords, kernelFrames } from './kernel-frames.ts';
import { BEHIND, mostMessages, type PlacedFile } from './kernel-memory.ts';
import { PprofLabels } from './labels.ts';
import { readMapping } from './messages.ts';
import { readThrough } from './read-through.ts';
import type { MessageRuns } from './runs.ts';
import type { PprofTables } from './tables.ts';

/** Samples that are worked on before the kernel is asked anew: the engine compiles for speed what is called often. */
const MANY = 1 << 13;
const FRAME_INTS = 4;
const ADDRESS = -2;
const MOST_BYTES = 1 << 29;
const MOST_VALUE_TYPES = 64;

/**
 * Reads a file in WebAssembly.
 * @param valueTypes of the profile
 * @param kernel a fresh one
 * @param placed the file, where it stands in the kernel's memory; it may be written over
 * @returns undefined where something is odd: then {@link readPlainly} finds out what it is, or that it is not
 * @throws {FormatError} a mapping or a label is broken
 */
export function readByKernel(
  tables: PprofTables,
  valueTypes: readonly ValueType[],
  kernel: PprofKernel,
  placed?: PlacedFile,
): PprofContent | undefined {
  const { samples } = tables;
  if (samples.bytes > MOST_BYTES || valueTypes.length > MOST_VALUE_TYPES) return undefined;
  const builder = new ProfileBuilder(valueTypes);
  const reader = new KernelReader(tables, kernel, placed);
  const named = reader.frames(builder);
  if (named === undefined) return undefined;
  const { frameOf } = named;
  const rank = reader.ranks(named.frames.length, frameOf);
  if (rank !== undefined) knowRanks(named, rank);
  reader.forgetTexts();
  const columns = reader.samples();
  const tree = columns && reader.spareWhatIsRead() ? reader.tree(named) : undefined;
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

class KernelReader {
  private readonly tables: PprofTables;
  private readonly kernel: PprofKernel;
  /** Where messages go, one table after the other. */
  private raw = 0;
  private rawBytes = 0;
  private readonly placed: PlacedFile | undefined;
  /** Its frames have no texts but plain ones. */
  private plain = false;
  private textsSince = 0;

  constructor(tables: PprofTables, kernel: PprofKernel, placed: PlacedFile | undefined) {
    this.tables = tables;
    this.kernel = kernel;
    this.placed = placed;
    if (placed !== undefined) kernel.keepBelow(placed.end);
  }

  frames(builder: ProfileBuilder): FramesInWords | undefined {
    const { kernel } = this;
    const { functions, locations, mappings, texts } = this.tables;
    const mappingAt = kernel.expectTables(
      functions.count,
      texts.length,
      mappings.count,
      locations.count,
      locations.bytes,
    );
    if (mappingAt === 0 || !this.makeRoom()) return undefined;
    const modules = this.mappings(mappingAt);
    if (modules === undefined) return undefined;
    if (!this.all(functions, () => kernel.functions()) || !this.all(locations, () => kernel.locations())) {
      return undefined;
    }
    this.textsSince = kernel.mark();
    const plain = this.placeTexts() ? kernelFrames(kernel, texts, modules) : undefined;
    this.plain = plain !== undefined;
    return plain ?? this.spelledFrames(builder, modules);
  }

  /** Frames whose words must be compared as strings. */
  private spelledFrames(builder: ProfileBuilder, modules: readonly number[]): FramesInWords {
    const { kernel } = this;
    const { functions, texts } = this.tables;
    const [name, systemName, file, startLine] = [0, 1, 2, 3].map((column) =>
      this.integers(kernel.functionColumn(column), functions.count),
    );
    const columns = {
      name: (row: number) => name![row]!,
      systemName: (row: number) => systemName![row]!,
      file: (row: number) => file![row]!,
      startLine: (row: number) => startLine![row]!,
    };
    const writer = new FrameWriter(
      texts,
      columns,
      modules.map((text) => texts.at(text)),
      builder,
    );
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
    const { frames, strings } = builder.build();
    return { frames, strings, frameOf };
  }

  /** Tells the kernel which mappings there are. @returns the texts that name their binaries */
  private mappings(mappingAt: number): number[] | undefined {
    const { input, bytes, mappings, texts } = this.tables;
    const message = cursor(input, bytes);
    const modules: number[] = [];
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

  /** Makes room for messages, where they must be copied. @returns whether there is as much */
  private makeRoom(): boolean {
    const { samples, locations, functions } = this.tables;
    if (this.placed && [samples, locations, functions].every(({ only }) => only !== undefined)) return true;
    this.rawBytes = mostMessages(this.tables) + BEHIND;
    this.raw = this.kernel.room(this.rawBytes);
    return this.raw !== 0;
  }

  /** Has a table of messages read. @returns whether all of them are as they should be */
  private all(messages: MessageRuns, read: () => number): boolean {
    const at = this.put(messages);
    this.kernel.beginTable(at, at + messages.bytes);
    return readThrough(messages.count, read);
  }

  /** @returns where all messages of a table stand now, one behind the other */
  private put(messages: MessageRuns): number {
    const { placed, raw } = this;
    if (placed && messages.only !== undefined) return placed.at + messages.only;
    messages.copyTo(new Uint8Array(this.kernel.memory.buffer, raw, messages.bytes), this.tables.bytes);
    return raw;
  }

  /** Tells the kernel where texts are. @returns whether it has them all */
  private placeTexts(): boolean {
    const { kernel, raw, placed } = this;
    const { texts, bytes } = this.tables;
    const { ranges } = texts;
    const from = ranges[0] ?? 0;
    const part = bytes.subarray(from, ranges.at(-1) ?? 0);
    // Where texts and messages are mixed
    if (!placed && part.length + BEHIND > this.rawBytes) return false;
    const rangesAt = kernel.expectTexts(texts.length);
    if (rangesAt === 0) return false;
    this.integers(rangesAt, ranges.length).set(ranges);
    if (!placed) new Uint8Array(kernel.memory.buffer, raw, part.length).set(part);
    kernel.placeTexts(placed ? placed.at : raw - from);
    return true;
  }

  /** The ranks of frames' labels; undefined where the kernel cannot tell. */
  ranks(frames: number, frameOf: Int32Array): Int32Array | undefined {
    const { kernel } = this;
    if (!this.plain || kernel.expectLabels() === 0) return undefined;
    readThrough(frameOf.length, kernel.writeLabels);
    const ranksAt = kernel.rankLabels();
    if (ranksAt === 0) return undefined;
    const found = this.integers(ranksAt, frameOf.length);
    const rank = new Int32Array(frames);
    for (let i = 0; i < frameOf.length; i++) rank[frameOf[i]!] = found[i]!;
    return rank;
  }

  /** Texts and labels are not asked for any more. */
  forgetTexts(): void {
    this.kernel.giveBack(this.textsSince);
  }

  /** @returns the columns of values */
  samples(): WeightColumn[] | undefined {
    const { kernel } = this;
    const { samples, valueTypes } = this.tables;
    const from = kernel.expectSamples(samples.count, valueTypes.length);
    if (from === 0) return undefined;
    const at = this.put(samples);
    kernel.beginSamples(at, at + samples.bytes);
    const most = kernel.MOST_SAMPLES.value;
    const columns: WeightColumn[] = valueTypes.map(() => new Uint8Array(samples.count));
    const found = valueTypes.map((_, i) => new Float64Array(kernel.memory.buffer, from + i * most * 8, most));
    let row = 0;
    const good = readThrough(samples.count, () => {
      const count = kernel.samples();
      for (let i = 0; i < columns.length && count > 0; i++) {
        columns[i] = wideEnough(columns[i]!, kernel.greatest(i), row);
        columns[i]!.set(found[i]!.subarray(0, count), row);
      }
      row += count;
      return count;
    });
    return good ? columns : undefined;
  }

  /**
   * From here on samples are read but for their labels.
   * @returns whether their labels still stand where they did
   */
  spareWhatIsRead(): boolean {
    const { kernel, placed } = this;
    const copied = !placed || this.tables.samples.only === undefined;
    const labelled = kernel.withLabels() > 0;
    if (copied || !labelled) kernel.overwriteSamples();
    return copied || !labelled || kernel.movedLocations() === 0;
  }

  /**
   * Lays the samples' stacks over each other in the order of labels.
   */
  tree(named: FramesInWords): { stacks: StackTable; stack: Int32Array } | undefined {
    const { kernel } = this;
    const { frameOf } = named;
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
