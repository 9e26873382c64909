import type { JsonKernel, KernelSource } from '../json-kernel/open-json-kernel.ts';
import { type CpuColumns, Gaps, timedTable } from './columns.ts';
import { NO_ROW } from './node-ids.ts';
import { clockEnd, LONGEST_MICROS, MAX_INT32, wide } from './spans.ts';
import { type CpuTree, IDLE_STACK } from './tree.ts';

/** Samples as V8 writes them: whole numbers. Both columns are used up. */
export interface WholeSamples {
  /** The id of each sample's node. */
  readonly ids: Int32Array;
  /** Microseconds since the sample before, as many as there are ids, which are some. */
  readonly deltas: Int32Array;
  /** Microseconds: when the first delta starts; a whole number. */
  readonly start: number;
  /** Microseconds since `start`: when the recording ends. NaN = unknown. */
  readonly end: number;
}

/** What is odd about samples. */
export interface OddSamples {
  /** Told of each sample whose node does not exist. */
  readonly missing: (sample: number, id: number) => void;
  /** Told of a sample whose time cannot be; throws. */
  readonly wrong: (sample: number, delta: number) => never;
}

/** As many samples as the kernel has room for: they stay in the processor's cache. */
const BLOCK = 1 << 13;
/** Nanoseconds of them fit into 32 bits. */
const MOST_MICROS = Math.floor(MAX_INT32 / 1000);
/** So late a block may start and not reach beyond what can be. */
const SURELY_MICROS = LONGEST_MICROS - BLOCK * MOST_MICROS;

/**
 * What `readCpuSamples` and `cpuColumns` make of the same samples, in place and a block at a time.
 * @param by the nodes, and what gives the kernel
 * @param thread as there
 * @returns the columns, and how many deltas were negative
 */
export function wholeColumns(
  samples: WholeSamples,
  by: { readonly tree: CpuTree; readonly kernel: KernelSource },
  thread: number | undefined,
  odd: OddSamples,
): { columns: CpuColumns; backwards: number } {
  const blocks = new SampleBlocks(samples, by.tree, odd, by.kernel);
  blocks.settle(0, 1);
  const rows = samples.ids.length;
  for (let from = 1; from < rows; from += BLOCK) {
    const to = Math.min(from + BLOCK, rows);
    blocks.settle(blocks.settleInKernel(from, to), to);
  }
  return blocks.columns(thread);
}

/** Samples while they are read: ids become stacks, deltas weights, both of them move up to where idle ones were. */
class SampleBlocks {
  private readonly ids: Int32Array;
  private readonly deltas: Int32Array;
  private readonly start: number;
  private readonly end: number;
  private readonly tree: CpuTree;
  private readonly odd: OddSamples;
  /** Stacks by id. */
  private readonly known: Int32Array;
  private readonly kernel: JsonKernel | undefined;
  /** The deltas themselves until one of them needs more room. */
  private weight: Int32Array | Float64Array;
  /** Microseconds: when the first sample was taken, and the latest one so far. */
  private first = 0;
  private latest = 0;
  /** How far behind `latest` the clock is. */
  private lag = 0;
  private backwards = 0;
  /** Samples that stay. */
  private length = 0;
  private idle = 0;
  /** Idle time since the last one of them. */
  private gap = 0;
  private readonly gaps = new Gaps();

  constructor({ ids, deltas, start, end }: WholeSamples, tree: CpuTree, odd: OddSamples, source: KernelSource) {
    this.ids = ids;
    this.deltas = deltas;
    this.start = start;
    this.end = end;
    this.tree = tree;
    this.odd = odd;
    this.known = tree.ids.byId(tree.stack);
    this.weight = deltas;
    const kernel = ids.length > BLOCK ? source() : undefined;
    if (kernel === undefined || this.known.length > kernel.stackOfId.length) return;
    kernel.stackOfId.set(this.known);
    this.kernel = kernel;
  }

  /**
   * What {@link settle} does, in WebAssembly where there is some.
   * @returns up to where
   */
  settleInKernel(from: number, to: number): number {
    const { kernel, ids, deltas, known, weight } = this;
    if (kernel === undefined || weight !== deltas || this.latest > SURELY_MICROS) return from;
    kernel.numbers.set(ids.subarray(from - 1, to - 1));
    kernel.spans.set(deltas.subarray(from, to));
    const done = kernel.settle(to - from, known.length, this.lag, this.gap);
    const gaps = kernel.gaps();
    for (let i = 0; i < gaps; i++) this.addGap(this.length + kernel.gapRows[i]!, kernel.gapTimes[i]!);
    const kept = kernel.kept();
    ids.set(kernel.numbers.subarray(0, kept), this.length);
    deltas.set(kernel.spans.subarray(0, kept), this.length);
    this.length += kept;
    this.latest += kernel.passed();
    this.lag = kernel.lag();
    this.gap = kernel.gap();
    this.backwards += kernel.backwards();
    return from + done;
  }

  /** Each of these deltas says how long the sample before lasted, and with that it is done. */
  settle(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      i = this.settlePlain(i, to);
      if (i === to) return;
      const span = this.rareSpan(i);
      if (i === 0) this.first = this.latest;
      else this.settleOne(i - 1, span);
    }
  }

  /** The stack of a sample; -1 where nobody has its id. */
  private stackOf(i: number): number {
    const { ids, stack } = this.tree;
    const id = this.ids[i]!;
    const row = ids.row(id);
    if (row < 0) this.odd.missing(i, id);
    return row < 0 ? -1 : stack[row]!;
  }

  /** All that is nearly always so, in integers. @returns the first sample that is something else */
  private settlePlain(from: number, to: number): number {
    const { ids, deltas, weight, known, lag } = this;
    if (from === 0 || lag > 0 || this.gap > 0 || weight !== deltas || this.latest > SURELY_MICROS) return from;
    let { length, latest } = this;
    let i = from;
    for (; i < to; i++) {
      const delta = deltas[i]!;
      const id = ids[i - 1]!;
      const stack = id >= 0 && id < known.length ? known[id]! : NO_ROW;
      if (delta < 0 || delta > MOST_MICROS || stack === IDLE_STACK || stack === NO_ROW) break;
      latest += delta;
      deltas[length] = Math.imul(delta, 1000);
      ids[length++] = stack;
    }
    this.length = length;
    this.latest = latest;
    return i;
  }

  /** How long the sample before this one lasted: nanoseconds. */
  private rareSpan(i: number): number {
    const delta = this.deltas[i]!;
    const ahead = delta - this.lag;
    if (delta < 0) this.backwards++;
    this.latest += Math.max(0, ahead);
    this.lag = Math.max(0, -ahead);
    if (this.latest >= LONGEST_MICROS || this.lag - this.latest >= LONGEST_MICROS) this.odd.wrong(i, delta);
    return Math.max(0, ahead) * 1000;
  }

  private settleOne(i: number, span: number): void {
    const stack = this.stackOf(i);
    if (span > MAX_INT32) this.weight = wide(this.weight, this.length);
    if (stack === IDLE_STACK) {
      this.gap += span;
      return;
    }
    if (this.gap > 0) this.addGap(this.length, this.gap);
    this.gap = 0;
    this.weight[this.length] = span;
    this.ids[this.length++] = stack;
  }

  private addGap(row: number, nanoseconds: number): void {
    this.idle += nanoseconds;
    this.gaps.add(row, nanoseconds);
  }

  columns(thread: number | undefined): { columns: CpuColumns; backwards: number } {
    const { ids, first, latest, end } = this;
    const clock = clockEnd({ origin: this.start, end, first, latest, samples: ids.length });
    this.settleOne(ids.length - 1, clock.last);
    const { length, weight } = this;
    const samples = timedTable(ids.subarray(0, length), weight.subarray(0, length), clock.start, this.gaps, thread);
    return { columns: { samples, idle: this.idle + this.gap, duration: clock.duration }, backwards: this.backwards };
  }
}
