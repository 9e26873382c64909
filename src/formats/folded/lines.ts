import type { Profile, ValueType } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { textLines } from '../text/lines.ts';
import { ownCopy } from '../text/own-copy.ts';
import { SkippedLines } from '../text/skipped-lines.ts';
import { twoCounts } from './print.ts';
import type { FoldedStacks } from './stacks.ts';

/** A weight, and what was meant as one. */
const weightText = /^\d+(?:\.\d*)?(?:[eE][+-]?\d{1,3})?$/;
const numberText = /^[+-]?(?:nan|inf(?:inity)?|\d+(?:\.\d*)?(?:e[+-]?\d+)?)$/i;

/** heaptrack_print ends each frame with a semicolon, the last one too: `main (churn.c);copies (churn.c); 1`. */
export function endsFramesSo(head: readonly string[]): boolean {
  const stacks = head.filter((line) => line.trim() !== '' && !isComment(line));
  return stacks.length > 0 && stacks.every((line) => /; -?\d+$/.test(line));
}

/** Reads folded text line by line, whatever its encoding and however odd its lines. */
export class FoldedLines {
  private readonly input: Input;
  private readonly stacks: FoldedStacks;
  private readonly skipped: SkippedLines;
  private path = new Int32Array(64);
  private readonly ended: boolean;
  private lineNumber = 0;
  private badWeights = 0;
  private firstBad = '';

  /** @param ended each frame ends with a semicolon, see {@link endsFramesSo} */
  constructor(input: Input, stacks: FoldedStacks, ended = false) {
    this.ended = ended;
    this.input = input;
    this.stacks = stacks;
    this.skipped = new SkippedLines(input.name);
  }

  async read(notes: Notes): Promise<Profile> {
    for await (const lines of textLines(this.input)) {
      for (let i = 0; i < lines.length; i++) this.line(lines[i]!);
    }
    return this.end(notes);
  }

  /** So many lines were read elsewhere. */
  passed(lines: number): void {
    this.lineNumber += lines;
  }

  line(text: string): void {
    this.lineNumber++;
    if (isComment(text)) {
      const declared = declaredType(text);
      if (declared) this.stacks.declare(declared);
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
    const stack = trimBlanks(line.slice(0, cut));
    this.stack(
      this.ended && stack.endsWith(';') ? stack.slice(0, -1) : stack,
      weight,
      twoCounts.exec(line.slice(-64))?.[1],
    );
  }

  /** @throws {FormatError} not one line with a weight */
  end(notes: Notes): Profile {
    const { stacks, input } = this;
    if (this.badWeights > 0) {
      notes.add(
        `${input.name}: weights that are negative, not finite or above 2^53, left out: ${this.badWeights}, ` +
          `first ${this.firstBad}`,
      );
    }
    this.skipped.note(notes);
    if (stacks.sampleCount === 0 && notes.list.length > 0) {
      throw new FormatError(input, '', 'no line ends in a count that can be used', 'lines look like `main;parse 12`');
    }
    return stacks.build(notes.list);
  }

  /** @param first the count that `text` ends in, where that is one */
  private stack(text: string, weight: number, first: string | undefined): void {
    const { stacks } = this;
    const before = Number(first ?? Number.NaN);
    if (stacks.maybeDifferential && before <= Number.MAX_SAFE_INTEGER) {
      const name = trimBlanks(text.slice(0, -first!.length));
      const count = text.slice(name.length);
      const depth = this.frames(name);
      stacks.addTwo(this.path, depth, before, weight, count === ` ${before}` ? undefined : ownCopy(count));
      return;
    }
    if (stacks.maybeDifferential) stacks.endDifferential();
    const depth = this.frames(text);
    stacks.add(this.path, depth, weight);
  }

  /** Puts the frames of a stack into the path. */
  private frames(text: string): number {
    let depth = 0;
    for (let start = 0; start <= text.length; ) {
      let end = text.indexOf(';', start);
      if (end < 0) end = text.length;
      if (depth === this.path.length) this.path = longerPath(this.path);
      const label = text.slice(start, end);
      this.path[depth++] = this.stacks.find(label) ?? this.stacks.frame(ownCopy(label));
      start = end + 1;
    }
    return depth;
  }
}

export function longerPath(path: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(path.length * 2);
  longer.set(path);
  return longer;
}

/** Lines that say nothing of a stack. */
export function isComment(line: string): boolean {
  return line.startsWith('# ') || line === '#';
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
