import type { Profile } from '../../profile/profile.ts';
import type { DialectChoices, Input, Notes } from '../format.ts';
import { ownCopy } from '../text/own-copy.ts';
import { SkippedLines } from '../text/skipped-lines.ts';
import { CollapsedSamples, eventType, idOf } from './collapsed-samples.ts';
import { type InfernoFrame, infernoFrame } from './inferno-frame.ts';
import { type InfernoHeader, infernoHeader } from './inferno-header.ts';
import { LineMemory } from './line-memory.ts';
import { eachRawLine } from './raw-lines.ts';
import { trimEnd } from './rust-text.ts';

/** `perf script` text as inferno-collapse-perf 0.12.8 reads it. What it loses is counted. */
export async function readPerfAsInferno(input: Input, notes: Notes, choices: DialectChoices): Promise<Profile> {
  const reader = new InfernoPerfReader(input.name, choices);
  await eachRawLine(input, 'utf8', (line) => reader.line(line));
  return reader.end(notes);
}

/** Who a sample belongs to: its root frame. */
interface Subject {
  readonly root: number;
  readonly thread: number;
  readonly java: boolean;
}

/** What a frame line adds: frames leaf first. */
interface KnownLine extends Pick<InfernoFrame, 'last'> {
  readonly frames: readonly number[];
}

class InfernoPerfReader {
  private readonly choices: DialectChoices;
  private readonly samples = new CollapsedSamples();
  private readonly skipped: SkippedLines;
  private readonly javaLines = new LineMemory<KnownLine>();
  private readonly otherLines = new LineMemory<KnownLine>();
  private readonly subjects = new Map<string, Subject>();
  private subject: Subject | undefined;
  private frames: number[] = [];
  private period: number | undefined;
  private event: string | undefined;
  /** The lines up to the next empty one are frames. */
  private open = false;
  private keeps: 'all' | 'none' | 'no more' = 'all';
  private lineNumber = 0;
  private periods = false;
  private otherEvents = 0;
  private withoutStack = 0;
  private bracketed = 0;
  private huge = 0;

  constructor(name: string, choices: DialectChoices) {
    this.choices = choices;
    this.event = choices.eventFilter;
    this.skipped = new SkippedLines(name);
  }

  line(raw: string): void {
    this.lineNumber++;
    if (raw.charCodeAt(0) === 35) return;
    const line = trimEnd(raw);
    if (line === '') this.close();
    else if (this.open) this.frame(line);
    else this.header(line);
  }

  private header(line: string): void {
    const header = infernoHeader(line);
    if (header === undefined) {
      this.skipped.add(this.lineNumber, line);
      return;
    }
    this.open = true;
    if (header.event !== undefined) {
      this.period = header.period;
      this.event ??= ownCopy(header.event);
      if (header.event !== this.event) {
        this.keeps = 'none';
        this.otherEvents++;
        return;
      }
    }
    this.subject = this.subjectOf(header);
    (this.subject.java ? this.javaLines : this.otherLines).restart();
    if (header.frame === undefined) return;
    this.frame(header.frame);
    this.open = false;
    if (this.frames.length > 0) this.close();
    else this.withoutStack++;
  }

  private subjectOf({ comm, pid, tid }: InfernoHeader): Subject {
    const key = `${comm}\n${pid}/${tid}`;
    let subject = this.subjects.get(key);
    if (subject === undefined) {
      const { tids, pids } = this.choices;
      const name = `${comm.replaceAll(' ', '_')}${tids ? `-${pid}/${tid}` : pids ? `-${pid}` : ''}`;
      subject = {
        root: this.samples.frame(name),
        thread: this.samples.thread({ pid: idOf(pid), tid: idOf(tid), process: '', name: ownCopy(comm) }),
        java: name.startsWith('java'),
      };
      this.subjects.set(ownCopy(key), subject);
    }
    return subject;
  }

  private frame(line: string): void {
    if (this.keeps !== 'all') return;
    const lines = this.subject?.java ? this.javaLines : this.otherLines;
    const found = lines.find(line) ?? this.newLine(lines, line);
    if (found === undefined) {
      this.skipped.add(this.lineNumber, line);
      return;
    }
    const { frames, last } = found;
    if (frames.length === 0) this.bracketed++;
    for (let i = 0; i < frames.length; i++) this.frames.push(frames[i]!);
    if (last) this.keeps = 'no more';
  }

  private newLine(lines: LineMemory<KnownLine>, line: string): KnownLine | undefined {
    const frame = infernoFrame(line, lines === this.javaLines, this.choices);
    if (frame === undefined) return undefined;
    const frames = frame.names.map((name) => this.samples.frame(ownCopy(name))).reverse();
    return lines.add(line, { frames, last: frame.last });
  }

  private close(): void {
    const { subject, period = 1 } = this;
    if (this.frames.length > 0 && subject !== undefined) {
      if (this.period !== undefined) this.periods = true;
      if (period > Number.MAX_SAFE_INTEGER) this.huge++;
      this.samples.add(this.keeps === 'no more' ? -1 : subject.root, this.frames, period, subject.thread);
      this.frames = [];
    } else if (this.open && this.keeps === 'all') this.withoutStack++;
    this.open = false;
    this.keeps = 'all';
    this.period = undefined;
  }

  end(notes: Notes): Profile {
    this.close();
    const tell = (count: number, text: string) => {
      if (count > 0) notes.add(`as inferno-collapse-perf: ${text}: ${count}`);
    };
    this.skipped.note(notes);
    tell(this.otherEvents, `samples of other events than ${this.event} left out (--event-filter)`);
    tell(this.bracketed, 'frames whose name starts with a bracket left out');
    tell(this.withoutStack, 'samples without a stack left out');
    tell(this.huge, 'periods above 2^53, so that totals are rounded');
    return this.samples.build(notes, 'perf', this.periods ? eventType(this.event ?? '') : undefined);
  }
}
