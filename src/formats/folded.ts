import { ProfileBuilder } from '../profile/builder.ts';
import { parseFrameLabel } from '../profile/frame-label.ts';
import { labelKind } from '../profile/kind.ts';
import type { Profile, ValueType } from '../profile/profile.ts';
import { foldedCannotHold } from './folded-limits.ts';
import { twoCounts, writeFolded } from './folded-write.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { ownCopy } from './own-copy.ts';
import { parsePerfHeader } from './perf-header-line.ts';
import { SkippedLines } from './skipped-lines.ts';
import { headLines, textLines } from './text-lines.ts';
import { ANONYMOUS } from './v8-names.ts';

/**
 * Folded stacks (collapsed stacks): one line a stack, `main;parse;read 12`, root first. Blank lines and `# ` lines are
 * comments. The weight is `samples`, unless a first line says `# pforge-prof unit=nanoseconds type=cpu-clock`. We write
 * that line only where the stacks could be taken for a differential file: other tools expect nothing but stacks.
 */
export const folded: Format = {
  id: 'folded',
  title: 'folded stacks',
  extension: 'folded',
  detect,
  read,
  write: writeFolded,
  cannotHold: foldedCannotHold,
};

const DEFAULT: ValueType = { type: 'samples', unit: 'count' };

function detect(head: Uint8Array): Claim {
  const lines = headLines(head).filter((line) => line.trim() !== '' && !isComment(line));
  const first = lines[0];
  if (first === undefined) return /^# pforge-prof /.test(headLines(head)[0]!) ? 'yes' : 'no';
  if (/^\s*[<{[]/.test(first) && !/\s\d+$/.test(first)) return 'no';
  const counted = lines.filter((line) => /\s\d+(?:\.\d*)?\s*$/.test(line)).length;
  const headers = lines.some((line) => parsePerfHeader(line)?.time !== undefined);
  if (headers) return 'no';
  if (counted === lines.length) return lines.some((line) => line.includes(';')) ? 'yes' : 'maybe';
  // One line of 4 KiB and more, or counts that are all unreadable: `read` says what is wrong with them
  const stacks = lines.filter((line) => /^[^;\0]+;[^\0]*[^\0;{},]$/.test(line)).length;
  return counted * 2 > lines.length || stacks === lines.length ? 'maybe' : 'no';
}

function isComment(line: string): boolean {
  return line.startsWith('# ') || line === '#';
}

/** A weight, and what was meant as one. */
const weightText = /^\d+(?:\.\d*)?(?:[eE][+-]?\d{1,3})?$/;
const numberText = /^[+-]?(?:nan|inf(?:inity)?|\d+(?:\.\d*)?(?:e[+-]?\d+)?)$/i;

async function read(input: Input, notes: Notes): Promise<Profile> {
  const reader = new FoldedReader(input);
  for await (const lines of textLines(input)) {
    for (let i = 0; i < lines.length; i++) reader.line(lines[i]!);
  }
  return reader.end(notes);
}

class FoldedReader {
  private readonly input: Input;
  private readonly skipped: SkippedLines;
  private readonly frames = new Map<string, number>();
  private builder = new ProfileBuilder([DEFAULT]);
  private lineNumber = 0;
  private ours = false;
  private differential = 0;
  private badWeights = 0;
  private firstBad = '';

  constructor(input: Input) {
    this.input = input;
    this.skipped = new SkippedLines(input.name);
  }

  line(text: string): void {
    this.lineNumber++;
    if (isComment(text)) {
      const declared = declaredType(text);
      if (declared && this.frames.size === 0) {
        this.builder = new ProfileBuilder([declared]);
        this.ours = true;
      }
      return;
    }
    const line = trimBlanks(text);
    if (line === '') return;
    const cut = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'));
    const number = line.slice(cut + 1);
    if (cut < 0 || !numberText.test(number)) {
      this.skipped.add(this.lineNumber, text);
      return;
    }
    const weight = weightText.test(number) ? Number(number) : Number.NaN;
    if (!(weight <= Number.MAX_SAFE_INTEGER)) {
      if (this.badWeights++ === 0) this.firstBad = `line ${this.lineNumber}: ${number.slice(0, 40)}`;
      return;
    }
    if (twoCounts.test(line.slice(-64))) this.differential++;
    this.builder.sample(this.stackOf(trimBlanks(line.slice(0, cut))), [weight]);
  }

  /** @throws {FormatError} a differential file, or not one line with a weight */
  end(notes: Notes): Profile {
    const { builder, input } = this;
    if (!this.ours && builder.sampleCount > 0 && this.differential === builder.sampleCount) {
      const what = 'every line has two counts: this is a differential folded file';
      throw new FormatError(input, '', what, 'pass the two profiles that it was made from');
    }
    if (this.badWeights > 0) {
      notes.add(
        `${input.name}: weights that are negative, not finite or above 2^53, left out: ${this.badWeights}, ` +
          `first ${this.firstBad}`,
      );
    }
    this.skipped.note(notes);
    if (builder.sampleCount === 0 && notes.list.length > 0) {
      throw new FormatError(input, '', 'no line ends in a count that can be used', 'lines look like `main;parse 12`');
    }
    return builder.build({ notes: notes.list });
  }

  private stackOf(text: string): number {
    let stack = -1;
    let start = 0;
    while (start <= text.length) {
      let end = text.indexOf(';', start);
      if (end < 0) end = text.length;
      stack = this.builder.stack(stack, this.frameOf(text.slice(start, end)));
      start = end + 1;
    }
    return stack;
  }

  private frameOf(cut: string): number {
    let frame = this.frames.get(cut);
    if (frame === undefined) {
      const label = ownCopy(cut);
      const parts = parseFrameLabel(label);
      const name = parts.name === '' && label !== '' ? ANONYMOUS : parts.name;
      frame = this.builder.frame({ ...parts, name, kind: labelKind(label) });
      this.frames.set(label, frame);
    }
    return frame;
  }
}

/** The value type that our own first line declares. */
function declaredType(comment: string): ValueType | undefined {
  const [, unit, type] = /^# pforge-prof unit=(\S+) type=(.*)$/.exec(comment) ?? [];
  return unit === undefined || type === undefined ? undefined : { type, unit };
}

/** Without blanks at both ends. `trim` would also take characters that a name may end in. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
