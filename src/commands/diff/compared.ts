import { compareProfiles } from '../../profile/diff/compare.ts';
import type { Comparison } from '../../profile/diff/comparison.ts';
import { merge } from '../../profile/merge.ts';
import type { Profile } from '../../profile/profile.ts';
import { stripHex } from '../../profile/strip-hex.ts';
import type { World } from '../../world.ts';
import { collapse } from '../inputs/collapse-options.ts';
import { alignScripts, commonRoots } from './alignment.ts';
import { type DiffInputs, type ReadSide, readSides } from './inputs.ts';
import type { DiffFormat, DiffOptions } from './options.ts';
import { weighAlike } from './weights.ts';

/** What was compared, and what came of it. */
export interface Compared {
  readonly comparison: Comparison;
  /** Both sides as they were read, runs merged: what a picture carries with it. */
  readonly inputs: { readonly before: Profile; readonly after: Profile };
}

/**
 * Reads two sides and compares them.
 * @param format of the result: in folded text threads are named as collapsers name them
 * @throws {UserError} one cannot be read, or they measure different things
 */
export async function compared(
  inputs: DiffInputs,
  options: DiffOptions,
  format: DiffFormat | undefined,
  world: World,
): Promise<Compared> {
  const read = await readSides(inputs, options, world);
  const {
    before,
    after,
    notes: alignment,
  } = !options.align ? { ...read, notes: [] } : alignScripts(read.before, read.after);
  const roots = commonRoots(before, after, format === 'folded' ? 'comm' : 'name');
  const stacksOf = ({ runs }: ReadSide): Profile[] =>
    runs.map((run) => {
      const collapsed = collapse(run, options, roots, format === 'folded' ? 'label' : 'name');
      return options.stripHex ? stripHex(collapsed) : collapsed;
    });
  const names = [before, after].flatMap(({ files }) => files);
  const weighed = weighAlike(stacksOf(before), stacksOf(after), names);
  const { alpha, threshold } = options;
  await signalsHeard();
  const comparison = compareProfiles(weighed.before, weighed.after, {
    match: options.match ?? (format === 'folded' ? 'exact' : 'name'),
    alpha,
    threshold,
    normalize: options.normalize !== false,
    names: { before: sideName(before), after: sideName(after) },
  });
  await signalsHeard();
  const notes = new Set([
    ...sideNotes(before),
    ...sideNotes(after),
    ...alignment,
    ...weighed.notes,
    ...comparison.notes,
  ]);
  return {
    comparison: { ...comparison, notes: [...notes] },
    inputs: { before: merged(read.before), after: merged(read.after) },
  };
}

function sideName({ files }: ReadSide): string {
  return files.join(', ');
}

function merged({ runs, files }: ReadSide): Profile {
  return runs.length === 1 ? runs[0]! : merge(runs, files);
}

/** Notes of reading, each with the file that it is about. */
function sideNotes({ runs, files }: ReadSide): string[] {
  return runs.flatMap(({ meta }, i) =>
    meta.notes.map((note) => (note.includes(files[i]!) ? note : `${files[i]}: ${note}`)),
  );
}

/** Between steps that take a while and let nobody in. */
function signalsHeard(): Promise<void> {
  return new Promise((turn) => setImmediate(turn));
}
