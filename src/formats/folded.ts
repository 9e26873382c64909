import { statSync } from 'node:fs';
import type { DrawnTree } from '../profile/drawn-tree.ts';
import type { Profile } from '../profile/profile.ts';
import { FoldedBytes, hasMark } from './folded/bytes.ts';
import { isDifferential } from './folded/counts.ts';
import { FoldedDrawing } from './folded/drawing.ts';
import { foldedCannotHold } from './folded/limits.ts';
import { endsFramesSo, FoldedLines, isComment } from './folded/lines.ts';
import { oneSide } from './folded/side.ts';
import { FoldedStacks } from './folded/stacks.ts';
import { writeFolded } from './folded/write.ts';
import { type Claim, type Format, type Input, NoSides, type Notes, type ReadChoices } from './format.ts';
import { noMemory } from './input/no-memory.ts';
import { parsePerfHeader } from './perf-script/header-line.ts';
import { encodingOf, headLines } from './text/lines.ts';

/**
 * Folded stacks (collapsed stacks): one line a stack, `main;parse;read 12`, root first. Blank lines and `# ` lines are
 * comments. The weight is `samples`, unless a first line says `# pforge-prof unit=nanoseconds type=cpu-clock`. We write
 * that line only where the stacks could be taken for a differential file: other tools expect nothing but stacks. A file
 * in which every line has two counts is differential (difffolded.pl): value types `before` and `after`, or one of them
 * as samples, where a side was asked for.
 */
export const folded: Format = {
  id: 'folded',
  title: 'folded stacks',
  extension: 'folded',
  hasSides: true,
  detect,
  read,
  draw,
  write: (profile) => writeFolded(profile),
  cannotHold: (profile) => foldedCannotHold(profile),
};

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

async function draw(input: Input, minFraction: number): Promise<DrawnTree | undefined> {
  if (encodingOf(input.head) !== 'utf-8' || hasMark(input.head) || endsFramesSo(headLines(input.head)))
    return undefined;
  const size = input.path === undefined ? 0 : statSync(input.path).size;
  const guessing = new FoldedDrawing(input, minFraction, size);
  const drawn = await guessing.read();
  if (drawn !== undefined || guessing.misjudged === undefined) return drawn;
  return new FoldedDrawing(input, minFraction, size, guessing.misjudged).read();
}

async function read(input: Input, notes: Notes, { side }: ReadChoices = {}): Promise<Profile> {
  const profile = await readBoth(input, notes);
  if (side === undefined) return profile;
  if (!isDifferential(profile)) {
    throw new NoSides(`${input.name}: this is no differential text: it has no sides`, 'leave --side out');
  }
  return oneSide(profile, side);
}

async function readBoth(input: Input, notes: Notes): Promise<Profile> {
  const stacks = new FoldedStacks();
  const ended = endsFramesSo(headLines(input.head));
  const inBytes = encodingOf(input.head) === 'utf-8' && !ended;
  try {
    return await (inBytes ? new FoldedBytes(input, stacks) : new FoldedLines(input, stacks, ended)).read(notes);
  } catch (error) {
    // A table that cannot grow
    throw error instanceof RangeError ? noMemory() : error;
  }
}
