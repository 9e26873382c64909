import { UserError } from '../errors.ts';
import { merge } from '../profile/merge.ts';
import type { Profile } from '../profile/profile.ts';
import type { World } from '../world.ts';
import type { Call } from './command.ts';

/**
 * Reads all inputs into one profile.
 * @param inputs files, or `-` for standard input
 * @param inputFormat id of a format. Default: detected, for each input
 */
export async function readInputs(
  inputs: readonly string[],
  inputFormat: string | undefined,
  world: World,
): Promise<Profile> {
  const { readProfile } = await import('../formats/registry.ts');
  const profiles: Profile[] = [];
  for (const input of inputs) {
    profiles.push(
      await readProfile(input, { stdin: world.stdin, ...(inputFormat === undefined ? {} : { inputFormat }) }),
    );
  }
  return profiles.length === 1 ? profiles[0]! : merge(profiles, inputs);
}

/**
 * For commands that read and never record.
 * @throws {UserError} no input, or a program after `--`
 */
export function checkInputs(call: Call, inputs: readonly string[], command: string): void {
  if (call.program !== undefined) {
    throw new UserError(`${command} runs no program`, { hint: 'pforge-prof flame records one' });
  }
  if (inputs.length === 0) {
    throw new UserError(`nothing to ${command}`, {
      hint: `give a recording, or - for standard input; see pforge-prof ${command} --help`,
    });
  }
}
