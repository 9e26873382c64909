import { Float64Column, Int32Column, NarrowColumn, PairInterner, RowInterner } from './columns.ts';
import { FRAME_COLUMNS, frameTable } from './map-frames.ts';
import {
  type Counter,
  KINDS,
  type Kind,
  type Meta,
  type Profile,
  type Series,
  type Thread,
  TIERS,
  type Tier,
  type ValueType,
} from './profile.ts';

/** A frame in words; everything but the name may be left out. */
export interface FrameWords {
  readonly name: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  readonly module?: string;
  readonly kind?: Kind;
  readonly tier?: Tier;
}

const kindIndex = new Map<string, number>(KINDS.map((kind, i) => [kind, i]));
const tierIndex = new Map<string, number>(TIERS.map((tier, i) => [tier, i]));

/**
 * Builds a {@link Profile}. Every `string`, `frame`, `stack` and `thread` call interns: the same content gives the same
 * index. A stack can only name a parent that exists, so `parent < child` holds by construction.
 */
export class ProfileBuilder {
  private readonly valueTypes: readonly ValueType[];
  private readonly strings: string[] = [''];
  private readonly stringIndex = new Map<string, number>([['', 0]]);
  private readonly frames = new RowInterner(FRAME_COLUMNS);
  private readonly stacks: PairInterner;
  private readonly threads: Thread[] = [];
  private readonly threadIndex = new Map<string, number>();
  private readonly sampleStack = new Int32Column();
  /** Up to the last sample that has one, as the next is. */
  private readonly sampleThread = new Int32Column();
  private readonly sampleTime = new Float64Column();
  private readonly sampleValues: readonly NarrowColumn[];

  /**
   * @param valueTypes what each sample measures; the last is the default weight
   * @param expectedStacks for how many stacks no table need grow
   */
  constructor(valueTypes: readonly ValueType[], expectedStacks = 0) {
    if (valueTypes.length === 0) throw new RangeError('a profile needs at least one value type');
    this.valueTypes = valueTypes;
    this.stacks = new PairInterner(expectedStacks);
    this.sampleValues = valueTypes.map(() => new NarrowColumn());
  }

  /** The number of samples so far. */
  get sampleCount(): number {
    return this.sampleStack.length;
  }

  string(text: string): number {
    let index = this.stringIndex.get(text);
    if (index === undefined) {
      index = this.strings.length;
      this.strings.push(text);
      this.stringIndex.set(text, index);
    }
    return index;
  }

  frame(words: FrameWords): number {
    return this.frameRow([
      this.string(words.name),
      this.string(words.file ?? ''),
      words.line ?? 0,
      words.column ?? 0,
      this.string(words.module ?? ''),
      kindIndex.get(words.kind ?? 'unknown')!,
      tierIndex.get(words.tier ?? 'none')!,
    ]);
  }

  /** A frame given as its columns: name, file, line, column, module, kind, tier (indexes of this builder). */
  frameRow(row: readonly number[]): number {
    return this.frames.intern(row);
  }

  /**
   * The stack that adds `frame` to its caller's stack.
   * @param parent the caller's stack, -1 for a root
   */
  stack(parent: number, frame: number): number {
    if (parent >= this.stacks.length || parent < -1) throw new RangeError(`stack ${parent} does not exist`);
    return this.stacks.intern(parent, frame);
  }

  thread(thread: Thread): number {
    const key = JSON.stringify([thread.pid, thread.tid, thread.process, thread.name]);
    let index = this.threadIndex.get(key);
    if (index === undefined) {
      index = this.threads.length;
      this.threads.push(thread);
      this.threadIndex.set(key, index);
    }
    return index;
  }

  /**
   * Adds one sample.
   * @param stack the leaf's stack, -1 for "no stack"
   * @param values one number per value type; finite and not negative (callers reject others with a position)
   * @param time nanoseconds
   * @param thread index from {@link thread}
   */
  sample(stack: number, values: readonly number[], time?: number, thread?: number): void {
    const row = this.sampleStack.length;
    this.sampleStack.push(stack);
    for (let i = 0; i < this.sampleValues.length; i++) this.sampleValues[i]!.push(values[i] ?? 0);
    if (time !== undefined) {
      this.sampleTime.padTo(row, 0);
      this.sampleTime.push(time);
    }
    if (thread !== undefined && thread >= 0) {
      this.sampleThread.padTo(row, -1);
      this.sampleThread.push(thread);
    }
  }

  /**
   * What was built, without a copy of its columns. The builder may go on, which does not change them; a later build
   * holds everything again.
   */
  build(
    meta: Meta = { notes: [] },
    extra: { counters?: readonly Counter[]; series?: readonly Series[] } = {},
  ): Profile {
    const { sampleStack, sampleTime, sampleThread } = this;
    if (sampleTime.length > 0) sampleTime.padTo(sampleStack.length, 0);
    if (sampleThread.length > 0) sampleThread.padTo(sampleStack.length, -1);
    return {
      valueTypes: this.valueTypes,
      strings: this.strings.slice(),
      frames: frameTable(this.frames),
      stacks: {
        length: this.stacks.length,
        parent: this.stacks.first.toArray(),
        frame: this.stacks.second.toArray(),
      },
      samples: {
        length: sampleStack.length,
        stack: sampleStack.toArray(),
        values: this.sampleValues.map((c) => c.toArray()),
        ...(sampleTime.length > 0 ? { time: sampleTime.toArray() } : {}),
        ...(sampleThread.length > 0 ? { thread: sampleThread.toArray() } : {}),
      },
      threads: this.threads.slice(),
      counters: extra.counters ?? [],
      series: extra.series ?? [],
      meta,
    };
  }
}
