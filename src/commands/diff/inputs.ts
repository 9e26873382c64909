import { UserError } from '../../errors.ts';
import { isDifferential } from '../../formats/folded/counts.ts';
import { oneSide } from '../../formats/folded/side.ts';
import { NoSides } from '../../formats/format.ts';
import type { Profile } from '../../profile/profile.ts';
import type { World } from '../../world.ts';
import type { Call } from '../command.ts';
import { chooseEvent } from '../inputs/collapse-options.ts';
import { select } from '../inputs/filter-options.ts';
import { inputName as nameOf } from '../inputs/fleet-input.ts';
import { readInputs } from '../inputs/read-inputs.ts';
import type { DiffOptions } from './options.ts';

/** The inputs of a comparison: files of each side, or the one that holds both. */
export type DiffInputs =
  | {
      readonly before: readonly string[];
      readonly after: readonly string[];
      /** What both sides are called. Default: their files */
      readonly called?: { readonly before: string; readonly after: string };
    }
  | { readonly both: string };

/** One side as it was read: a profile a run. */
export interface ReadSide {
  /** How messages name the runs. */
  readonly files: readonly string[];
  readonly runs: readonly Profile[];
}

/** @throws {UserError} too few, too many, or standard input twice */
export function diffInputs(call: Call, args: readonly string[], { before, after }: DiffOptions): DiffInputs {
  if (call.program !== undefined) {
    throw new UserError('diff runs no program', { hint: 'pforge-prof record records one: once before, once after' });
  }
  if (before !== undefined || after !== undefined) {
    if (before === undefined || after === undefined || args.length > 0) {
      throw new UserError('give both --before and --after, and no other inputs', {
        hint: 'pforge-prof diff --before a1 a2 a3 --after b1 b2 b3',
      });
    }
    return once({ before, after });
  }
  const [first, second] = args;
  if (first === undefined) {
    throw new UserError('nothing to compare', {
      hint: 'give two recordings or flame graphs: pforge-prof diff before.svg after.svg; see pforge-prof diff --help',
    });
  }
  if (args.length > 2) {
    throw new UserError(`two inputs can be compared, not ${args.length}`, {
      hint: 'several runs of each side: pforge-prof diff --before a1 a2 a3 --after b1 b2 b3',
    });
  }
  return second === undefined ? { both: first } : once({ before: [first], after: [second] });
}

function once(sides: { before: readonly string[]; after: readonly string[] }): DiffInputs {
  const streams = [...sides.before, ...sides.after].filter((input) => input === '-').length;
  if (streams > 1) throw new UserError('standard input can be only one of the inputs');
  return sides;
}

/**
 * Reads both sides, as the options want them.
 * @throws {UserError} one cannot be read, no sample of it is left, or a single input does not hold both sides
 */
export async function readSides(
  inputs: DiffInputs,
  options: DiffOptions,
  world: World,
): Promise<{ before: ReadSide; after: ReadSide }> {
  if ('both' in inputs) return bothSides(inputs.both, options, world);
  return {
    before: await readSide(inputs.before, inputs.called?.before, options, world),
    after: await readSide(inputs.after, inputs.called?.after, options, world),
  };
}

async function readSide(
  files: readonly string[],
  called: string | undefined,
  options: DiffOptions,
  world: World,
): Promise<ReadSide> {
  const names = files.map((file) => called ?? nameOf(file));
  const runs: Profile[] = [];
  for (const [i, file] of files.entries()) {
    runs.push(chosen(await readInputs([file], options, world), names[i]!, options));
  }
  return { files: names, runs };
}

/**
 * The two sides of one input: a picture that this command drew, or differential folded text.
 * @throws {UserError} it holds one profile
 */
async function bothSides(
  file: string,
  options: DiffOptions,
  world: World,
): Promise<{ before: ReadSide; after: ReadSide }> {
  const sideOf = (read: Profile, side: 'before' | 'after'): ReadSide => {
    const name = `${nameOf(file)} (${side})`;
    return { files: [name], runs: [chosen(read, name, options)] };
  };
  const { side, ...wishes } = options;
  if (side !== undefined) throw new UserError('--side chooses one side, and a comparison needs both', LEAVE_SIDE);
  // Standard input cannot be read twice: of it, folded text alone can be both sides
  if (file === '-') {
    const both = await readInputs(['-'], wishes, world);
    if (!isDifferential(both)) throw oneSided(file);
    return { before: sideOf(oneSide(both, 'before'), 'before'), after: sideOf(oneSide(both, 'after'), 'after') };
  }
  try {
    const [before, after] = [
      await readInputs([file], { ...wishes, side: 'before' }, world),
      await readInputs([file], { ...wishes, side: 'after' }, world),
    ];
    return { before: sideOf(before, 'before'), after: sideOf(after, 'after') };
  } catch (error) {
    throw error instanceof NoSides ? oneSided(file) : error;
  }
}

const LEAVE_SIDE = { hint: 'leave it out' };

function oneSided(file: string): UserError {
  return new UserError(`${nameOf(file)} holds one profile: what shall it be compared with?`, {
    hint: file === '-' ? 'give two files, or one that holds both sides' : `pforge-prof diff ${file} OTHER`,
  });
}

function chosen(read: Profile, name: string, options: DiffOptions): Profile {
  try {
    return select(chooseEvent(read, options), options);
  } catch (error) {
    if (error instanceof UserError)
      throw new UserError(`${name}: ${error.message}`, error.hint === undefined ? {} : { hint: error.hint });
    throw error;
  }
}
