import type { FrameWords } from '../../profile/builder.ts';
import type { Meta, Profile } from '../../profile/profile.ts';
import { formatPercent } from '../../profile/units.ts';
import type { Notes, ReadChoices } from '../format.ts';
import { PerfInlines } from '../inline/perf-inlines.ts';
import { EventSamples } from '../samples/event-samples.ts';
import { ownCopy } from '../text/own-copy.ts';
import { SkippedLines } from '../text/skipped-lines.ts';
import { isFrame, parseFrameText, splitModule, symbolStart } from './frame-line.ts';
import { type PerfHeader, parseBareHeader, parsePerfHeader } from './header-line.ts';

/** What `perf script --show-mmap-events` and its like print: `comm pid time: PERF_RECORD_MMAP2 ...`. */
function isRecord({ event, rest }: PerfHeader): boolean {
  return (event || rest).startsWith('PERF_RECORD_');
}

/** A header, and frames as they come. */
interface OpenSample {
  readonly header: PerfHeader | undefined;
  /** Frame indexes, leaf first. */
  readonly frames: number[];
  /** Where in `frames` the innermost frame of the last frame line stands. */
  lastLine: number;
}

/**
 * Reads `perf script` text line by line, whatever its shape: a sample is a header line and its frames, leaf first; a
 * blank line, the next header or the end of the input closes it.
 */
export class PerfLines {
  private readonly samples: EventSamples;
  private readonly skipped: SkippedLines;
  private readonly notes: Notes;
  private readonly addresses: boolean;
  /** Where the functions inlined at each frame are wanted. */
  private readonly inlines: PerfInlines | undefined;
  /** The frame above was one that perf had inlined: what follows needs no more of that. */
  private behindInlined = false;
  /** Text of a frame line from the symbol on -> its frames, leaf first. No text is read twice. */
  private readonly framesOf = new Map<string, readonly number[]>();
  private readonly words: FrameWords[] = [];
  private readonly sourced = new Map<string, number>();
  private sample: OpenSample | undefined;
  /** The line above, where it was nothing that perf prints: in files without pid and time it is a header. */
  private candidate: string | undefined;
  private lineNumber = 0;
  private timed = false;
  private modules = false;
  private cut = false;
  private headerless = 0;
  private withoutStack = 0;
  private hugePeriods = 0;
  private lost = 0;
  private meta: Omit<Meta, 'notes'> = { tool: 'perf' };

  /** @param name of the input, for messages */
  constructor(
    name: string,
    notes: Notes,
    samples = new EventSamples(),
    { addresses = false, inlined = false }: ReadChoices = {},
  ) {
    this.addresses = addresses;
    this.inlines = inlined ? new PerfInlines() : undefined;
    this.samples = samples;
    this.skipped = new SkippedLines(name);
    this.notes = notes;
  }

  /** Whether no sample is open: what comes next does not belong to what came before. */
  get clean(): boolean {
    return this.sample === undefined;
  }

  /**
   * Lines that were read elsewhere, up to a blank one.
   * @param samples whether samples with a time were among them
   * @param withoutStack how many of those had no stack
   */
  passed(lines: number, samples: boolean, withoutStack: number): void {
    this.lineNumber += lines;
    this.withoutStack += withoutStack;
    if (samples) this.timed = true;
  }

  line(line: string): void {
    this.lineNumber++;
    this.cut = false;
    const first = line.charCodeAt(0);
    if (first === 9 && this.frame(line)) return;
    if (line === '' || (first <= 32 && line.trim() === '')) {
      this.blank();
      return;
    }
    if (first === 35 && (line.charCodeAt(1) === 32 || line.length === 1)) {
      this.comment(line);
      return;
    }
    const header = parsePerfHeader(line);
    if (header && this.isHeader(header, line)) this.header(header, line);
    else if (!this.frame(line) && !this.sourceLine(line)) this.other(line);
  }

  /** As {@link end}, with the functions that were inlined where those are wanted. @param context with their lines */
  async endInlined(context: boolean): Promise<Profile> {
    const profile = this.end();
    return this.inlines ? this.inlines.resolve(profile, this.notes, context) : profile;
  }

  end(): Profile {
    this.endInput();
    return this.samples.build(this.meta, this.notes.list);
  }

  /** What the header of the recording says. */
  get origin(): Omit<Meta, 'notes'> {
    return this.meta;
  }

  /** Nothing comes any more: closes the last sample and notes what was lost or guessed. */
  endInput(): void {
    const open = this.sample;
    if (open && this.cut) open.frames.length = open.lastLine;
    this.finish();
    if (open && open.frames.length > 0)
      this.notes.add(`the last sample (line ${this.lineNumber}) is not closed by a blank line: it may be cut`);
    this.skipped.note(this.notes);
    if (this.headerless > 0) this.notes.add(`stacks without a header line, their thread unknown: ${this.headerless}`);
    if (this.withoutStack > 0)
      this.notes.add(`samples without a stack: ${this.withoutStack} of ${this.samples.length}`);
    if (this.hugePeriods > 0) this.notes.add(`periods above 2^53, so that totals are rounded: ${this.hugePeriods}`);
    if (this.lost > 0) {
      const share = formatPercent(this.lost, this.lost + this.samples.length, 1);
      const lost = `samples that perf lost because it could not keep up: ${this.lost} (${share})`;
      this.notes.add(`${lost}; sample less often (-F), or without copying stacks (--call-graph fp)`);
    }
  }

  private blank(): void {
    this.candidate = undefined;
    // Some perfs print a blank line between a header and its frames
    if (this.sample && this.sample.frames.length > 0) this.finish();
  }

  private comment(line: string): void {
    const [, key, text = ''] = /^# (cmdline|perf version|hostname) *:(.*)$/.exec(line) ?? [];
    const value = ownCopy(text.trim());
    if (key === 'cmdline') this.meta = { ...this.meta, command: value.split(/\s+/) };
    else if (key === 'hostname') this.meta = { ...this.meta, host: value };
    else if (key === 'perf version') this.meta = { ...this.meta, tool: `perf ${value}` };
  }

  /** Frames and what programs printed in between can look like a header. */
  private isHeader(header: PerfHeader, line: string): boolean {
    if (header.time === undefined) return !this.timed && !isFrame(line);
    return header.event !== '' || header.rest === '' || header.rest.endsWith(')') || isRecord(header);
  }

  private header(header: PerfHeader, line: string): void {
    this.finish();
    this.candidate = undefined;
    this.behindInlined = false;
    if (header.time !== undefined) this.timed = true;
    if (isRecord(header)) {
      this.lost += Number(/PERF_RECORD_LOST\w* lost (\d{1,15})/.exec(line)?.[1] ?? 0);
      return;
    }
    this.sample = { header, frames: [], lastLine: 0 };
    if (header.rest.endsWith(')')) this.frame(` ${header.rest}`);
  }

  /** @returns false where the line is no frame */
  private frame(line: string): boolean {
    const start = symbolStart(line);
    if (start < 0) return false;
    if (this.sample === undefined) this.openWithoutHeader();
    const sample = this.sample!;
    const text = line.slice(start);
    const inlines = this.behindInlined ? undefined : this.inlines;
    this.behindInlined = text.endsWith(' (inlined)');
    // Both begin otherwise than a symbol, and than one another
    const key = inlines ? line : this.addresses && text.startsWith('[unknown]') ? line.trim() : text;
    const frames = this.framesOf.get(key) ?? this.newFrames(key, line, start, inlines);
    sample.lastLine = sample.frames.length;
    for (let i = 0; i < frames.length; i++) sample.frames.push(frames[i]!);
    this.cut = this.modules && !text.endsWith(')');
    return true;
  }

  /**
   * Frames of the builder, leaf first.
   * @param line a frame line
   * @param start where its symbol starts; 0 where the line is given from there on
   * @param inlines gets the frame, where the functions inlined there are wanted
   */
  framesOfLine(line: string, start: number, inlines?: PerfInlines): readonly number[] {
    if (line.endsWith(')')) this.modules = true;
    const address = this.addresses ? ownCopy(line.slice(0, start).trim()) : '';
    const text = ownCopy(line.slice(start));
    const words = parseFrameText(text, address);
    const placeholder = inlines?.placeholder(ownCopy(line.slice(0, start).trim()), splitModule(text).symbol, words);
    return this.framesOfWords(placeholder ? [placeholder] : words);
  }

  /** Frames of the builder, leaf first. @param words caller first */
  framesOfWords(words: readonly FrameWords[]): readonly number[] {
    return words.map((frame) => this.frameOf(frame)).reverse();
  }

  /** The module of a frame line, '' where it names none or tells that its function was inlined. @param text `(module)` */
  moduleOfLine(text: string): string {
    this.modules = true;
    const { module } = splitModule(` ${text}`);
    return module === 'inlined' || module === '[unknown]' ? '' : ownCopy(module);
  }

  private newFrames(key: string, line: string, start: number, inlines?: PerfInlines): readonly number[] {
    const frames = this.framesOfLine(line, start, inlines);
    this.framesOf.set(ownCopy(key), frames);
    return frames;
  }

  private frameOf(words: FrameWords): number {
    const frame = this.samples.builder.frame(words);
    this.words[frame] = words;
    return frame;
  }

  private openWithoutHeader(): void {
    const candidate = this.timed ? undefined : this.candidate;
    if (candidate === undefined) this.headerless++;
    else this.skipped.takeBack();
    this.sample = {
      header: candidate === undefined ? undefined : parseBareHeader(candidate),
      frames: [],
      lastLine: 0,
    };
    this.candidate = undefined;
  }

  /** `  file.c:12` under a frame, by `perf script -F +srcline`. */
  private sourceLine(line: string): boolean {
    if (this.sample === undefined || this.sample.frames.length === 0 || line.charCodeAt(0) !== 32) return false;
    const found = /^ +(\S.*?)(?::(\d+)(?: \(discriminator \d+\))?|\[[0-9a-f]+\])$/.exec(line);
    if (!found) return false;
    const [, file, lineNumber] = found;
    // `??:0` and `libc.so.6[2724a]`: perf knows no line there
    if (lineNumber === undefined || file === '??' || Number(lineNumber) > 0x7fffffff) return true;
    const { frames, lastLine } = this.sample;
    const frame = frames[lastLine]!;
    if (this.words[frame]!.file !== undefined) return true;
    const key = `${frame} ${file}:${lineNumber}`;
    let sourced = this.sourced.get(key);
    if (sourced === undefined) {
      sourced = this.frameOf({ ...this.words[frame]!, file: ownCopy(file!), line: Number(lineNumber) });
      this.sourced.set(key, sourced);
    }
    frames[lastLine] = sourced;
    return true;
  }

  private other(line: string): void {
    this.candidate = line;
    this.skipped.add(this.lineNumber, line);
  }

  private finish(): void {
    const sample = this.sample;
    if (sample === undefined) return;
    this.sample = undefined;
    const { header, frames } = sample;
    if (frames.length === 0) this.withoutStack++;
    const { store } = this.samples;
    if (header === undefined) {
      store.add(frames, -1, -1, 0, Number.NaN);
      return;
    }
    const { comm, pid, tid, event, period, time } = header;
    if (period > Number.MAX_SAFE_INTEGER) this.hugePeriods++;
    const index = this.samples.eventIndex(event === '' && period > 0 ? 'period' : event);
    const thread = this.samples.threadIndex({ pid, tid, process: '', name: ownCopy(comm) });
    store.add(frames, thread, index, period, time ?? Number.NaN);
  }
}
