import { statSync } from 'node:fs';
import type { DrawnTree } from '../../profile/drawn-tree.ts';
import type { Profile } from '../../profile/profile.ts';
import { type Input, NoSides, type Notes, type ReadChoices } from '../format.ts';
import { noMemory } from '../input/no-memory.ts';
import { encodingOf, headLines } from '../text/lines.ts';
import { FoldedBytes, hasMark } from './bytes.ts';
import { isDifferential } from './counts.ts';
import { FoldedDrawing } from './drawing.ts';
import { endsFramesSo, FoldedLines } from './lines.ts';
import { oneSide } from './side.ts';
import { FoldedStacks } from './stacks.ts';

/** What a flame graph of the text shows; undefined where only the profile tells. */
export async function drawFolded(input: Input, minFraction: number): Promise<DrawnTree | undefined> {
  if (encodingOf(input.head) !== 'utf-8' || hasMark(input.head) || endsFramesSo(headLines(input.head)))
    return undefined;
  const size = input.path === undefined ? 0 : statSync(input.path).size;
  const guessing = new FoldedDrawing(input, minFraction, size);
  const drawn = await guessing.read();
  if (drawn !== undefined || guessing.misjudged === undefined) return drawn;
  return new FoldedDrawing(input, minFraction, size, guessing.misjudged).read();
}

/** All stacks, or one side of a differential text. */
export async function readFolded(input: Input, notes: Notes, { side }: ReadChoices = {}): Promise<Profile> {
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
