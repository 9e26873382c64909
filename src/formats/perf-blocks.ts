import type { Profile } from '../profile/profile.ts';
import { EventSamples } from './event-samples.ts';
import type { Input, Notes } from './format.ts';
import { symbolStart } from './perf-frame-line.ts';
import { eventName, subjectOf } from './perf-header-line.ts';
import { FULL, MORE, NEW_EVENT, NEW_SUBJECT, NEW_SYMBOL, NO_MEMORY } from './perf-kernel/kernel.ts';
import type { Kernel } from './perf-kernel/open-kernel.ts';
import { KernelStacks, noMemory } from './perf-kernel/stacks.ts';
import { PerfLines } from './perf-lines.ts';
import { withoutReturns } from './text-lines.ts';

/** Fits a core's own cache; from 0.25 to 4 MiB it makes no difference. */
const WINDOW = 1 << 20;

/**
 * Reads `perf script` text through a window of bytes: the kernel takes the blocks that perf prints by default, the
 * reader by lines all others. Memory grows with what is distinct in the input, not with its length.
 */
export class PerfBlocks {
  private readonly input: Input;
  private readonly kernel: Kernel;
  private readonly stacks: KernelStacks;
  private readonly samples: EventSamples;
  private readonly lines: PerfLines;
  private readonly start: number;

  /** @param kernel is closed when the input has been read */
  constructor(input: Input, notes: Notes, kernel: Kernel) {
    this.input = input;
    this.kernel = kernel;
    this.stacks = new KernelStacks(kernel);
    this.samples = new EventSamples(() => this.stacks);
    this.lines = new PerfLines(input.name, notes, this.samples);
    this.start = kernel.start(WINDOW, 0);
    if (this.start === 0) throw noMemory();
  }

  async read(): Promise<Profile> {
    let filled = 0;
    for await (const chunk of this.input.chunks()) {
      for (let taken = 0; taken < chunk.length; ) {
        const part = chunk.subarray(taken, taken + WINDOW - filled);
        this.window(filled, part.length).set(part);
        filled += part.length;
        taken += part.length;
        if (filled === WINDOW) filled = this.blocks(filled);
      }
    }
    filled = this.blocks(filled);
    if (filled > 0) this.byLines(0, filled);
    return this.lines.end();
  }

  private window(from: number, length: number): Buffer {
    return Buffer.from(this.kernel.memory(), this.start + from, length);
  }

  /**
   * Reads the whole blocks in the window; where there is none and no room left, its whole lines.
   * @returns how many bytes are left, now at its start
   */
  private blocks(filled: number): number {
    const { kernel } = this;
    kernel.rewind();
    this.run(this.start + filled);
    let done = kernel.position() - this.start;
    if (done === 0 && filled === WINDOW) {
      done = this.window(0, filled).lastIndexOf(10) + 1 || filled;
      this.byLines(0, done);
    }
    this.window(0, filled).copyWithin(0, done, filled);
    return filled - done;
  }

  private run(limit: number): void {
    const { kernel } = this;
    let odd = this.lines.clean ? 0 : 1;
    for (;;) {
      const status = kernel.run(limit, odd);
      if (status === MORE) break;
      if (status === NO_MEMORY) throw noMemory();
      if (status === FULL) this.takeSamples();
      else if (status < NEW_SYMBOL || status > NEW_EVENT) {
        this.takeSamples();
        const from = kernel.blockStart();
        this.byLines(from - this.start, kernel.blockEnd() - this.start);
        kernel.skipBlock();
        odd = this.lines.clean ? 0 : 1;
      } else {
        const value = this.meaning(status);
        if (value === undefined) odd = 1;
        else kernel.define(value);
      }
    }
    this.takeSamples();
  }

  /** What the text that the kernel asks about stands for; undefined where it is no frame. */
  private meaning(status: number): number | undefined {
    const { kernel, samples } = this;
    const text = this.window(kernel.textStart() - this.start, kernel.textLength()).toString('utf8');
    if (status === NEW_SUBJECT) {
      const { comm, pid, tid } = subjectOf(text);
      return samples.threadIndex({ pid, tid, process: '', name: comm });
    }
    if (status === NEW_EVENT) return this.event(text);
    // A line that starts with a tab is whole: its parts could not be told from one another
    const from = text.startsWith('\t') ? symbolStart(text) : 0;
    return from < 0 ? undefined : this.stacks.symbol(this.lines.framesOfText(text.slice(from)));
  }

  /** An event's number + 1, 0 for no event at all, undefined where the header is not that of a sample. */
  private event(word: string): number | undefined {
    if (word === '') return 0;
    const name = eventName(word);
    return name === '' || word.startsWith('PERF_RECORD_') ? undefined : this.samples.eventIndex(name) + 1;
  }

  private takeSamples(): void {
    const { kernel, samples } = this;
    const count = kernel.takeSamples();
    const memory = kernel.memory();
    const whole = new Int32Array(memory, kernel.samplesStart(), count * 8);
    const real = new Float64Array(memory, kernel.samplesStart(), count * 4);
    for (let i = 0; i < count; i++) {
      samples.add(whole[i * 8]!, whole[i * 8 + 2]! - 1, real[i * 4 + 2]!, real[i * 4 + 3]!, whole[i * 8 + 1]!);
    }
    this.lines.passed(kernel.takeLines(), count > 0);
  }

  /** Gives a part of the window to the reader by lines. */
  private byLines(from: number, to: number): void {
    const text = this.window(from, to - from).toString('utf8');
    const lines = withoutReturns(text).split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) this.lines.line(line);
  }
}
