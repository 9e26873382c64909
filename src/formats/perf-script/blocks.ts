import type { DrawnTree } from '../../profile/drawn-tree.ts';
import type { FindOriginals } from '../../profile/originals.ts';
import type { Profile } from '../../profile/profile.ts';
import type { ThreadMode } from '../../profile/threads.ts';
import type { Collapsed, Input, Notes, ReadChoices } from '../format.ts';
import { noMemory } from '../input/no-memory.ts';
import { collapseSamples } from '../perf-kernel/collapse-samples.ts';
import { drawSamples } from '../perf-kernel/draw-samples.ts';
import { KernelSamples } from '../perf-kernel/kernel-samples.ts';
import type { Kernel } from '../perf-kernel/open-kernel.ts';
import { MORE, NEW_EVENT, NEW_MODULE, NEW_SUBJECT, NEW_SYMBOL, NO_MEMORY } from '../perf-kernel/status.ts';
import { EventSamples } from '../samples/event-samples.ts';
import { withoutReturns } from '../text/lines.ts';
import { randomWord } from '../text/random-word.ts';
import { symbolStart } from './frame-line.ts';
import { eventName, subjectOf } from './header-line.ts';
import { PerfLines } from './lines.ts';

/** Fits a core's own cache; from 0.25 to 4 MiB it makes no difference. */
const WINDOW = 1 << 20;
const TAB = 9;

/**
 * Reads `perf script` text through a window of bytes: the kernel takes the blocks that perf prints by default, the
 * reader by lines all others. Memory grows with what is distinct in the input, not with its length.
 */
export class PerfBlocks {
  private readonly input: Input;
  private readonly kernel: Kernel;
  private readonly store: KernelSamples;
  private readonly samples: EventSamples;
  private readonly lines: PerfLines;
  private readonly start: number;
  /** The pieces so far of a line that the window did not hold. */
  private readonly longLine: Buffer[] = [];
  private first = true;
  /** Samples that the reader by lines knows of. */
  private told = 0;
  private all = Buffer.alloc(0);

  /**
   * @param kernel is closed when the input has been read
   * @param sums whether samples are to be summed, for `collapse`
   */
  constructor(input: Input, notes: Notes, kernel: Kernel, choices: ReadChoices = {}, sums = false) {
    this.input = input;
    this.kernel = kernel;
    this.store = new KernelSamples(kernel);
    this.samples = new EventSamples(() => this.store);
    this.lines = new PerfLines(input.name, notes, this.samples, choices);
    this.start = kernel.start(WINDOW, choices.addresses === true ? 1 : 0, sums ? 1 : 0, randomWord(), randomWord());
    if (this.start === 0) throw noMemory();
  }

  async read(): Promise<Profile> {
    await this.readAll();
    return this.lines.end();
  }

  /** The input as folded text, where samples were summed; see {@link collapseSamples}. */
  async collapse(roots: ThreadMode, notes: Notes, originals?: FindOriginals): Promise<Collapsed> {
    await this.readAll();
    this.lines.endInput();
    return collapseSamples(this.store, this.samples, this.lines.origin, roots, notes, originals);
  }

  /** What a flame graph shows of the input, where samples were summed; see {@link drawSamples}. */
  async draw(minFraction: number, notes: Notes, originals?: FindOriginals): Promise<DrawnTree | undefined> {
    await this.readAll();
    this.lines.endInput();
    return drawSamples(this.store, this.samples, this.lines.origin, minFraction, notes, originals);
  }

  private async readAll(): Promise<void> {
    let filled = 0;
    await this.input.readInto(
      () => this.window(filled, WINDOW - filled),
      (length) => {
        filled += length;
        if (filled === WINDOW) filled = this.blocks(filled);
      },
    );
    filled = this.blocks(filled);
    if (filled > 0) this.byLines(0, filled);
    this.endOfLine();
  }

  private window(from: number, length: number): Buffer {
    return this.bytes().subarray(this.start + from, this.start + from + length);
  }

  /** All memory of the kernel. */
  private bytes(): Buffer {
    const memory = this.kernel.memory();
    if (this.all.buffer !== memory) this.all = Buffer.from(memory);
    return this.all;
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
    let odd = this.clean ? 0 : 1;
    for (;;) {
      const status = kernel.run(limit, odd);
      if (status === MORE) break;
      if (status === NO_MEMORY) throw noMemory();
      if (status < NEW_SYMBOL || status > NEW_MODULE) {
        this.passed();
        const from = kernel.blockStart();
        this.byLines(from - this.start, kernel.blockEnd() - this.start);
        kernel.skipBlock();
        odd = this.clean ? 0 : 1;
      } else {
        const value = this.meaning(status);
        if (value === undefined) odd = 1;
        else kernel.define(value);
      }
    }
    this.passed();
  }

  /** Whether nothing of what came before is still open. */
  private get clean(): boolean {
    return this.lines.clean && this.longLine.length === 0;
  }

  /** What the text that the kernel asks about stands for; undefined where it is no frame. */
  private meaning(status: number): number | undefined {
    const { kernel, samples } = this;
    const from = kernel.textStart();
    const text = this.bytes().toString('utf8', from, from + kernel.textLength());
    if (status === NEW_SUBJECT) {
      const { comm, pid, tid } = subjectOf(text);
      return samples.threadIndex({ pid, tid, process: '', name: comm });
    }
    if (status === NEW_EVENT) return this.event(text);
    if (status === NEW_MODULE) return this.store.module(this.lines.moduleOfLine(text));
    // A line that starts with a tab is whole: its parts could not be told from one another
    if (text.charCodeAt(0) !== TAB) return this.store.symbol(this.lines.framesOfLine(text, 0));
    const symbol = symbolStart(text);
    return symbol < 0 ? undefined : this.store.symbol(this.lines.framesOfLine(text, symbol));
  }

  /** An event's number + 1, 0 for no event at all, undefined where the header is not that of a sample. */
  private event(word: string): number | undefined {
    if (word === '') return 0;
    const name = eventName(word);
    return name === '' || word.startsWith('PERF_RECORD_') ? undefined : this.samples.eventIndex(name) + 1;
  }

  /** Tells the reader by lines of what the kernel has read. */
  private passed(): void {
    const { length } = this.store;
    this.lines.passed(this.kernel.takeLines(), length > this.told, this.kernel.takeStackless());
    this.told = length;
  }

  /** Gives a part of the window to the reader by lines; of a line that is longer than the window, piece by piece. */
  private byLines(from: number, to: number): void {
    // A copy: the reader adds stacks, and the kernel's memory moves when it grows
    const bytes = Buffer.from(this.window(from, to - from));
    const start = this.longLine.length === 0 ? 0 : bytes.indexOf(10) + 1 || bytes.length;
    if (start > 0) this.longLine.push(bytes.subarray(0, start));
    if (start > 0 && bytes[start - 1] === 10) this.endOfLine();
    const end = Math.max(start, bytes.lastIndexOf(10) + 1);
    this.text(bytes.subarray(start, end));
    if (end < bytes.length) this.longLine.push(bytes.subarray(end));
  }

  private endOfLine(): void {
    const line = Buffer.concat(this.longLine.splice(0));
    this.text(line);
  }

  private text(bytes: Buffer): void {
    if (bytes.length === 0) return;
    let text = bytes.toString('utf8');
    if (this.first && text.startsWith('\ufeff')) text = text.slice(1);
    this.first = false;
    const lines = withoutReturns(text).split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) this.lines.line(line);
    this.told = this.store.length;
  }
}
