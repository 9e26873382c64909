import type { Profile } from '../../profile/profile.ts';
import type { DialectChoices, Input, Notes } from '../format.ts';
import { ownCopy } from '../text/own-copy.ts';
import { SkippedLines } from '../text/skipped-lines.ts';
import { textOfBytes } from './byte-text.ts';
import { CollapsedSamples, eventType, idOf } from './collapsed-samples.ts';
import { LineMemory } from './line-memory.ts';
import { perlFrameLine, perlNames } from './perl-frame.ts';
import { isBlank, perlEvent, perlHeader } from './perl-header.ts';
import { mayInline, PerlInlines } from './perl-inlines.ts';
import { eachRawLine } from './raw-lines.ts';

/** `perf script` text as stackcollapse-perf.pl (2024-10) reads it, one byte a character. What it loses is counted. */
export async function readAsPerl(input: Input, notes: Notes, choices: DialectChoices): Promise<Profile> {
  const reader = new PerlReader(input.name, choices);
  await eachRawLine(input, 'latin1', (line) => reader.line(line));
  const profile = reader.end(notes);
  return reader.inlines.resolve(profile, notes, choices);
}

/** Who a sample belongs to: its root frame. */
interface Subject {
  readonly root: number;
  readonly thread: number;
  readonly java: boolean;
}

class PerlReader {
  readonly inlines = new PerlInlines();
  private readonly choices: DialectChoices;
  private readonly samples = new CollapsedSamples();
  private readonly skipped: SkippedLines;
  /** The frames of frame lines, leaf first: for Java, and for all others. */
  private readonly javaLines = new LineMemory<readonly number[]>();
  private readonly otherLines = new LineMemory<readonly number[]>();
  private readonly subjects = new Map<string, Subject>();
  /** The sample that is open. Frames stay when a header follows without a blank line between. */
  private subject: Subject | undefined;
  private frames: number[] = [];
  private weight = 1;
  private event: string;
  private lineNumber = 0;
  private periods = false;
  private bracketed = 0;
  private otherEvents = 0;
  private withoutStack = 0;
  private unclosed = 0;
  private huge = 0;

  constructor(name: string, choices: DialectChoices) {
    this.choices = choices;
    this.event = Buffer.from(choices.eventFilter ?? '').toString('latin1');
    this.skipped = new SkippedLines(name);
  }

  line(line: string): void {
    this.lineNumber++;
    const first = line.charCodeAt(0);
    if (first === 9 || first === 32) this.frame(line);
    else if (line === '') this.close();
    else if (first !== 35 && !(!isBlank(first) && this.header(line))) this.frame(line);
  }

  private close(): void {
    if (this.subject === undefined) return;
    if (this.frames.length === 0) this.withoutStack++;
    this.samples.add(this.subject.root, this.frames, this.weight, this.subject.thread);
    this.frames = [];
    this.subject = undefined;
  }

  private header(line: string): boolean {
    const header = perlHeader(line);
    if (header === undefined) return false;
    const measure = perlEvent(line);
    if (measure !== undefined) {
      if (this.event === '') this.event = ownCopy(measure.event);
      else if (this.event !== measure.event) {
        this.otherEvents++;
        return true;
      }
    }
    const period = measure?.period ?? '';
    // Perl takes '' and '0' for false, but not '00'
    this.weight = period === '' || period === '0' ? 1 : Number(period);
    if (period !== '') this.periods = true;
    if (this.weight > Number.MAX_SAFE_INTEGER) this.huge++;
    if (this.subject !== undefined) this.unclosed++;
    this.subject = this.subjectOf(header.comm, header.pid, header.tid);
    (this.subject.java ? this.javaLines : this.otherLines).restart();
    return true;
  }

  private subjectOf(comm: string, pid: string, tid: string): Subject {
    const key = `${comm}\n${pid}/${tid}`;
    let subject = this.subjects.get(key);
    if (subject === undefined) {
      const { tids, pids } = this.choices;
      const ids = tids ? `-${pid}/${tid}` : pids ? `-${pid}` : '';
      const name = (comm + ids).replaceAll(' ', '_');
      subject = {
        root: this.samples.frame(textOfBytes(name)),
        thread: this.samples.thread({ pid: idOf(pid), tid: idOf(tid), process: '', name: textOfBytes(ownCopy(comm)) }),
        java: name.startsWith('java'),
      };
      this.subjects.set(ownCopy(key), subject);
    }
    return subject;
  }

  private frame(line: string): void {
    const { subject } = this;
    const lines = subject?.java ? this.javaLines : this.otherLines;
    const frames = lines.find(line) ?? this.newLine(lines, line);
    if (frames === undefined) {
      this.skipped.add(this.lineNumber, line);
      return;
    }
    if (subject === undefined) return;
    if (frames.length === 0) this.bracketed++;
    for (let i = 0; i < frames.length; i++) this.frames.push(frames[i]!);
  }

  private newLine(lines: LineMemory<readonly number[]>, line: string): readonly number[] | undefined {
    const parsed = perlFrameLine(line);
    if (parsed === undefined) return undefined;
    const names = perlNames(parsed, lines === this.javaLines, this.choices).map((name) => textOfBytes(ownCopy(name)));
    const frames =
      this.choices.inlined && mayInline(parsed.module)
        ? [this.samples.placeholder(this.inlines.add(parsed, names))]
        : names.map((name) => this.samples.frame(name)).reverse();
    return lines.add(line, frames);
  }

  end(notes: Notes): Profile {
    const tell = (count: number, text: string) => {
      if (count > 0) notes.add(`as stackcollapse-perf.pl: ${text}: ${count}`);
    };
    this.skipped.note(notes);
    tell(this.otherEvents, `samples of other events than ${this.event} left out (--event-filter)`);
    tell(this.subject === undefined ? 0 : 1, 'the last sample is not closed by a blank line and left out');
    tell(this.unclosed, 'samples not closed by a blank line, their frames given to the next one');
    tell(this.bracketed, 'frames whose name starts with a bracket left out');
    tell(this.withoutStack, 'samples without a stack, written as their command alone');
    tell(this.huge, 'periods above 2^53, so that totals are rounded');
    return this.samples.build(notes, 'perf', this.periods ? eventType(textOfBytes(this.event)) : undefined);
  }
}
