import type { ProfileBuilder } from '../../profile/builder.ts';
import { nativeKind } from '../../profile/kind.ts';
import { framesByLabel } from '../../profile/label-ranks.ts';
import type { FindOriginals } from '../../profile/originals.ts';
import type { Meta, Profile, StackTable, ValueType } from '../../profile/profile.ts';
import { rootNames, type ThreadMode } from '../../profile/threads.ts';
import { type EventSamples, SAMPLES, type SampleColumns, type SampleStore } from '../event-samples.ts';
import { foldedCannotHold } from '../folded-limits.ts';
import { printedLabels, withDeclaration } from '../folded-print.ts';
import type { Collapsed, Notes } from '../format.ts';
import { noMemory } from '../no-memory.ts';
import { parseV8Name } from '../v8-names.ts';
import { KernelChains } from './kernel-chains.ts';
import type { Kernel } from './open-kernel.ts';
import { SCRIPT, TIERED } from './plain-names.ts';
import { CHUNK_ROWS } from './samples.ts';
import { writtenLabels } from './written-labels.ts';

/** How many symbols `internStack` takes at once; a multiple of the stack table's grain. */
const BATCH = 65_536;
/** For `sumStacks`: the number of samples, of whatever event. */
const ALL_EVENTS = -2;
/** The label of a sample without a thread and a stack. */
const UNKNOWN = '[unknown]';
const none = new Int32Array(0);

/** Keeps samples in the kernel, their stacks as symbols; says what each symbol stands for. */
export class KernelSamples implements SampleStore {
  private readonly kernel: Kernel;
  /** Of each symbol its frames, leaf first; of plain ones (plain-labels.ts) the kernel keeps labels. */
  private readonly frames: (readonly number[] | undefined)[] = [];
  /** Where plain symbols are from. */
  private readonly modules: string[] = [''];
  private readonly symbolOfFrame = new Map<number, number>();
  /** Where the kernel takes symbols from. */
  private room = new Int32Array(0);
  readonly chains: KernelChains;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.chains = new KernelChains(kernel);
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

  /**
   * The samples as folded text, where the kernel has summed them: no tree is made, no sample leaves its memory.
   * @param origin what the recording says of itself
   * @param notes gets what `write` of folded stacks would say
   * @param originals as `withOriginals` of the profile
   * @throws {UserError} not enough memory
   */
  async collapse(
    samples: EventSamples,
    origin: Omit<Meta, 'notes'>,
    roots: ThreadMode,
    notes: Notes,
    originals?: FindOriginals,
  ): Promise<Collapsed> {
    const { kernel } = this;
    this.showPlain(samples.builder);
    const built = samples.builder.build({ ...origin, notes: [] });
    const room = kernel.alloc(samples.eventCount * 8 + 8);
    const bare = kernel.countEvents(room);
    const samplesOf = new Float64Array(kernel.memory(), room, samples.eventCount);
    const weighed = samples.weighed(samplesOf, Boolean(kernel.hasPeriods()), notes.list);
    const types = [SAMPLES, ...weighed.map(({ type }) => type)];
    const labels = await writtenLabels(kernel, built, originals);
    const { rank, plain, roots: rootLabels } = this.rankLabels(labels, [UNKNOWN, ...rootNames(built, roots)]);
    const event = weighed.at(-1)?.index ?? ALL_EVENTS;
    const lines = kernel.sumStacks(...this.symbols(rank, plain), this.put(rootLabels), event);
    const total = kernel.sumTotal();
    const chunks = lines < 0 ? undefined : printedLabels(kernel, kernel.labelStarts(), kernel.labelTexts());
    if (chunks === undefined) throw noMemory();
    const one = oneSampleAFrame(built, types, { timed: Boolean(kernel.hasTimes()), bare: Boolean(bare) });
    for (const note of foldedCannotHold(one, roots)) notes.add(note);
    const weight = { ...types.at(-1)!, total };
    return { chunks: withDeclaration(weight, chunks), samples: this.length, weight };
  }

  /** Where the labels of frames, of plain symbols and of roots stand in the order of all of them. */
  private rankLabels(labels: readonly string[], rootTexts: readonly string[]) {
    const { kernel } = this;
    const texts = labels.concat(rootTexts);
    const ends = new Int32Array(texts.length);
    for (let i = 0; i < ends.length; i++) ends[i] = (ends[i - 1] ?? 0) + Buffer.byteLength(texts[i]!);
    const at = kernel.rankLabels(this.put(Buffer.from(texts.join(''))), this.put(ends), ends.length);
    if (at === 0) throw noMemory();
    const ranks = new Int32Array(kernel.memory(), at, ends.length + kernel.plainCount()).slice();
    return {
      rank: ranks,
      roots: ranks.slice(labels.length, ends.length),
      plain: ranks.subarray(ends.length),
    };
  }

  /**
   * Adds as many frames of plain symbols as the notes need: of a name without a place and `::` text does not hold the
   * kind, where one has a tier it is lost, and of the others each may be of a kind that is not to be seen.
   */
  private showPlain(builder: ProfileBuilder): void {
    const { kernel } = this;
    const memory = Buffer.from(kernel.memory());
    const count = kernel.plainCount();
    const rows = new Int32Array(kernel.memory(), kernel.plainRows(), count * 3);
    const show = (i: number) => {
      const [flags, from, length] = rows.subarray(i * 3, i * 3 + 3) as unknown as [number, number, number];
      const label = memory.toString('latin1', from, from + length);
      const module = this.modules[flags & ~(SCRIPT | TIERED)]!;
      const script = flags & SCRIPT ? parseV8Name(`JS:${flags & TIERED ? '*' : ''}${label}`) : undefined;
      builder.frame({ ...(script ?? { name: label, kind: nativeKind(label, module) }), module });
    };
    let bare = 0;
    while (bare < count && hasColon(memory, rows[bare * 3 + 1]!, rows[bare * 3 + 2]!)) bare++;
    if (bare === count) {
      for (let i = 0; i < count; i++) show(i);
      return;
    }
    show(bare);
    for (let i = 0; i < count; i++) {
      if (!(rows[i * 3]! & TIERED)) continue;
      show(i);
      return;
    }
  }

  /**
   * Of each symbol where its frames start, and what a table says of them, root first: addresses for the kernel.
   * @param plain what is said of plain symbols, in their order
   */
  private symbols(table: Int32Array, plain: Int32Array = none): [start: number, values: number] {
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
  private put(numbers: Int32Array | Uint8Array): number {
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

/** The smallest profile with all that the notes on a file ask for: every frame and every thread is in a sample. */
function oneSampleAFrame(
  built: Profile,
  valueTypes: readonly ValueType[],
  has: { timed: boolean; bare: boolean },
): Profile {
  const { frames, threads } = built;
  const length = Math.max(frames.length, threads.length) + (has.bare ? 1 : 0);
  const stack = Int32Array.from({ length }, (_, i) => (i < frames.length ? i : -1));
  const thread = Int32Array.from({ length }, (_, i) =>
    i < threads.length ? i : has.bare || threads.length === 0 ? -1 : 0,
  );
  return {
    ...built,
    valueTypes,
    stacks: {
      length: frames.length,
      parent: new Int32Array(frames.length).fill(-1),
      frame: Int32Array.from(frames.name.keys()),
    },
    samples: {
      length,
      stack,
      values: valueTypes.map(() => new Float64Array(length).fill(1)),
      ...(has.timed ? { time: new Float64Array(length) } : {}),
      ...(threads.length > 0 ? { thread } : {}),
    },
  };
}

/** Whether a text in memory holds a colon. */
function hasColon(memory: Buffer, from: number, length: number): boolean {
  return memory.subarray(from, from + length).includes(':');
}
