import { framesByLabel } from '../../profile/label-ranks.ts';
import type { Profile, StackTable } from '../../profile/profile.ts';
import { noMemory } from '../input/no-memory.ts';
import type { SampleColumns, SampleStore } from '../samples/event-samples.ts';
import type { Kernel } from './open-kernel.ts';
import { PlainSymbols } from './plain-symbols.ts';
import { CHUNK_ROWS } from './samples.ts';

/** How many symbols `internStack` takes at once; a multiple of the stack table's grain. */
const BATCH = 65_536;
const none = new Int32Array(0);

/** Keeps samples in the kernel, their stacks as symbols; says what each symbol stands for. */
export class KernelSamples implements SampleStore {
  readonly kernel: Kernel;
  /** Of each symbol its frames, leaf first; of plain ones (plain-labels.ts) the kernel keeps labels. */
  private readonly frames: (readonly number[] | undefined)[] = [];
  /** Where plain symbols are from. */
  private readonly modules: string[] = [''];
  private readonly symbolOfFrame = new Map<number, number>();
  /** Where the kernel takes symbols from. */
  private room = new Int32Array(0);

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  get length(): number {
    return this.kernel.sampleCount();
  }

  /**
   * @param frames leaf first; one, or several where inlined functions share a line; they may be put in until the end
   * @returns the number of the new symbol
   */
  symbol(frames: readonly number[]): number {
    const symbol = this.kernel.nextSymbol();
    while (this.frames.length < symbol) this.frames.push(undefined);
    this.frames.push(frames);
    return symbol;
  }

  /** @returns the number of a new module for the kernel; 0 for '' */
  module(name: string): number {
    return name === '' ? 0 : this.modules.push(name) - 1;
  }

  add(frames: readonly number[], thread: number, event: number, period: number, time: number): void {
    const symbols = frames.map((frame) => this.symbolOf(frame));
    this.addSymbols(symbols, symbols.length, thread, event, period, time);
  }

  /**
   * Adds a sample whose frames may not be known yet.
   * @param symbols the first `length` of them, leaf first
   */
  addSymbols(
    symbols: ArrayLike<number>,
    length: number,
    thread: number,
    event: number,
    period: number,
    time: number,
  ): void {
    const { kernel } = this;
    let stack = -1;
    for (let done = 0; done < length; done += BATCH) {
      const count = Math.min(BATCH, length - done);
      const memory = kernel.memory();
      if (this.room.buffer !== memory) this.room = new Int32Array(memory, kernel.symbolsStart(), BATCH);
      const { room } = this;
      for (let i = 0; i < count; i++) room[i] = symbols[length - 1 - done - i]!;
      stack = kernel.internStack(stack, count);
      if (stack < -1) throw noMemory();
    }
    if (!kernel.addSample(stack, thread, event, period, time)) throw noMemory();
  }

  private symbolOf(frame: number): number {
    let symbol = this.symbolOfFrame.get(frame);
    if (symbol === undefined) {
      symbol = this.symbol([frame]);
      this.symbolOfFrame.set(frame, symbol);
    }
    return symbol;
  }

  /** The tree is laid out in the order of labels: so are stacks drawn and written, and then nobody sorts them again. */
  finish(profile: Profile): { columns: SampleColumns; stacks: StackTable } {
    const { kernel } = this;
    const order = framesByLabel(profile);
    const place = new Int32Array(order.length);
    for (let i = 0; i < order.length; i++) place[order[i]!] = i;
    const length = kernel.layOut(...this.symbols(place), this.put(order));
    if (length < 0) throw noMemory();
    const stacks = {
      length,
      parent: new Int32Array(kernel.memory(), kernel.treeParents(), length).slice(),
      frame: new Int32Array(kernel.memory(), kernel.treeFrames(), length).slice(),
    };
    const columns = this.columns();
    kernel.close();
    return { columns, stacks };
  }

  /** The symbols of which the kernel keeps the labels. */
  plainSymbols(): PlainSymbols {
    return new PlainSymbols(this.kernel, this.modules);
  }

  /** Gives plain symbols other labels. */
  relabel(symbols: readonly { readonly symbol: number; readonly label: string }[]): void {
    const { kernel } = this;
    let at = this.put(Buffer.from(symbols.map(({ label }) => label).join('')));
    const rows = new Int32Array(kernel.memory(), kernel.plainRows(), kernel.plainCount() * 3);
    for (const { symbol, label } of symbols) {
      rows[symbol * 3 + 1] = at;
      rows[symbol * 3 + 2] = Buffer.byteLength(label);
      at += rows[symbol * 3 + 2]!;
    }
  }

  /**
   * Where labels stand in the order of all of them.
   * @param texts more labels than those of plain symbols
   * @returns of each text, then of each plain symbol its place
   */
  rankLabels(texts: readonly string[]): Int32Array<ArrayBuffer> {
    const { kernel } = this;
    const ends = new Int32Array(texts.length);
    for (let i = 0; i < ends.length; i++) ends[i] = (ends[i - 1] ?? 0) + Buffer.byteLength(texts[i]!);
    const at = kernel.rankLabels(this.put(Buffer.from(texts.join(''))), this.put(ends), ends.length);
    if (at === 0) throw noMemory();
    return new Int32Array(kernel.memory(), at, ends.length + kernel.plainCount()).slice();
  }

  /**
   * Of each symbol where its frames start, and what a table says of them, root first: addresses for the kernel.
   * @param plain what is said of plain symbols, in their order
   */
  symbols(table: Int32Array, plain: Int32Array = none): [start: number, values: number] {
    const { frames } = this;
    const count = this.kernel.nextSymbol();
    const start = new Int32Array(count + 1);
    for (let i = 0; i < count; i++) start[i + 1] = start[i]! + (frames[i]?.length ?? 1);
    const values = new Int32Array(start.at(-1)!);
    let next = 0;
    for (let symbol = 0; symbol < count; symbol++) {
      const own = frames[symbol];
      if (own === undefined) values[start[symbol]!] = plain[next++]!;
      else for (let i = 0; i < own.length; i++) values[start[symbol + 1]! - 1 - i] = table[own[i]!]!;
    }
    return [this.put(start), this.put(values)];
  }

  /** A copy in the kernel's memory. */
  put(numbers: Int32Array | Uint8Array): number {
    const at = this.kernel.alloc(numbers.byteLength + 4);
    if (at === 0) throw noMemory();
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    new Uint8Array(this.kernel.memory(), at, bytes.length).set(bytes);
    return at;
  }

  private columns(): SampleColumns {
    const { kernel, length } = this;
    const memory = kernel.memory();
    const columns = {
      stack: new Int32Array(length),
      thread: new Int32Array(length),
      event: new Int32Array(length),
      period: new Float64Array(length),
      time: new Float64Array(length),
    };
    for (let first = 0; first < length; first += CHUNK_ROWS) {
      const chunk = kernel.sampleChunk(first / CHUNK_ROWS);
      const rows = Math.min(CHUNK_ROWS, length - first);
      columns.stack.set(new Int32Array(memory, chunk, rows), first);
      columns.thread.set(new Int32Array(memory, chunk + CHUNK_ROWS * 4, rows), first);
      columns.event.set(new Int32Array(memory, chunk + CHUNK_ROWS * 8, rows), first);
      columns.period.set(new Float64Array(memory, chunk + CHUNK_ROWS * 12, rows), first);
      columns.time.set(new Float64Array(memory, chunk + CHUNK_ROWS * 20, rows), first);
    }
    return columns;
  }
}
