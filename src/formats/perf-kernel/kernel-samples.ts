import { framesByLabel } from '../../profile/label-ranks.ts';
import type { Profile, StackTable } from '../../profile/profile.ts';
import type { SampleColumns, SampleStore } from '../event-samples.ts';
import { noMemory } from '../no-memory.ts';
import type { Kernel } from './open-kernel.ts';
import { CHUNK_ROWS } from './samples.ts';

/** How many symbols `internStack` takes at once; a multiple of the stack table's grain. */
const BATCH = 65_536;

/** Keeps samples in the kernel, their stacks as symbols; says what each symbol stands for. */
export class KernelSamples implements SampleStore {
  private readonly kernel: Kernel;
  /** Of each symbol its frames, leaf first. */
  private readonly frames: (readonly number[])[] = [];
  private readonly symbolOfFrame = new Map<number, number>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  get length(): number {
    return this.kernel.sampleCount();
  }

  /**
   * @param frames leaf first; one, or several where inlined functions share a line
   * @returns the number of the new symbol
   */
  symbol(frames: readonly number[]): number {
    return this.frames.push(frames) - 1;
  }

  add(frames: readonly number[], thread: number, event: number, period: number, time: number): void {
    const { kernel } = this;
    let stack = -1;
    for (let done = 0; done < frames.length; done += BATCH) {
      const count = Math.min(BATCH, frames.length - done);
      const symbols = new Int32Array(kernel.memory(), kernel.symbolsStart(), count);
      for (let i = 0; i < count; i++) symbols[i] = this.symbolOf(frames[frames.length - 1 - done - i]!);
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
    const start = new Int32Array(this.frames.length + 1);
    for (let i = 0; i < this.frames.length; i++) start[i + 1] = start[i]! + this.frames[i]!.length;
    const places = new Int32Array(start.at(-1)!);
    for (let symbol = 0; symbol < this.frames.length; symbol++) {
      const frames = this.frames[symbol]!;
      for (let i = 0; i < frames.length; i++) places[start[symbol + 1]! - 1 - i] = place[frames[i]!]!;
    }
    const length = kernel.layOut(this.put(start), this.put(places), this.put(order));
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

  /** A copy in the kernel's memory. */
  private put(numbers: Int32Array): number {
    const at = this.kernel.alloc(numbers.byteLength + 4);
    if (at === 0) throw noMemory();
    new Int32Array(this.kernel.memory(), at, numbers.length).set(numbers);
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
