import { EXIT, UserError } from '../../errors.ts';
import { findTool } from '../../processes/executables.ts';
import { filterThrough } from '../../processes/filter-tool.ts';
import type { Profile } from '../../profile/profile.ts';
import { type InfernoOptions, infernoArguments } from '../../render/inferno.ts';
import type { CollapseOptions } from '../inputs/collapse-options.ts';
import { type Drawing, writeFormat } from './write-format.ts';

const TOOL = 'inferno-flamegraph';

/**
 * The person's own inferno-flamegraph.
 * @throws {UserError} 125: it is not there
 */
export function findInferno(): string {
  const path = findTool(TOOL);
  if (path !== undefined) return path;
  throw new UserError(`${TOOL} is not on PATH`, {
    hint: 'cargo install inferno, or leave --renderer out: our own picture needs nothing',
    exitCode: EXIT.cannotCollect,
  });
}

/**
 * Has inferno-flamegraph draw a profile: it gets the folded text that we write.
 * @throws {UserError} 125: it is not there, or fails; 2: an option that it has not
 */
export async function drawByInferno(profile: Profile, options: InfernoOptions & CollapseOptions): Promise<Drawing> {
  const path = findInferno();
  const args = infernoArguments(profile, options);
  const folded = await writeFormat('folded', profile, options);
  const { code, stdout, stderr } = await filterThrough(path, args, folded.chunks);
  const said = stderr.split('\n').filter((line) => line.trim() !== '');
  if (code !== 0 || stdout.length === 0) {
    throw new UserError(`${TOOL} failed (${code === undefined ? 'a signal ended it' : `exit code ${code}`})`, {
      hint: said.at(-1) ?? 'it said nothing',
      exitCode: EXIT.cannotCollect,
    });
  }
  return { chunks: stdout, notes: [...folded.notes, ...said.slice(0, 5).map((line) => `${TOOL}: ${line}`)] };
}
