import { UserError } from '../errors.ts';
import { isFleetAddress } from '../fleet/destination.ts';
import { merge } from '../profile/merge.ts';
import type { Profile } from '../profile/profile.ts';
import { tuneEngine } from '../tune-engine.ts';
import type { World } from '../world.ts';
import { type CollapseOptions, readChoices } from './collapse-options.ts';
import type { Call } from './command.ts';
import { type FleetOptions, fleetProfile, inputName } from './fleet-input.ts';
import { asWritten } from './originals.ts';

/**
 * Reads all inputs into one profile, JavaScript as it was written.
 * @param inputs files, `-` for standard input, or `clickhouse://...`
 * @param options their inputFormat is the id of a format; default: detected, for each input
 * @throws {UserError} one cannot be read, or there are several with --compat
 */
export async function readInputs(
  inputs: readonly string[],
  options: CollapseOptions & FleetOptions & { readonly inputFormat?: string },
  world: World,
): Promise<Profile> {
  if (options.compat !== undefined && inputs.length > 1) {
    throw new UserError('--compat reads one input', { hint: 'texts can be put together: cat a b | pforge-prof ... -' });
  }
  const { inputFormat } = options;
  const { readProfile } = await import('../formats/registry.ts');
  tuneEngine();
  const read = (input: string): Promise<Profile> =>
    isFleetAddress(input)
      ? fleetProfile(input, options, world)
      : readProfile(input, {
          ...standardInput(input, world),
          ...(inputFormat === undefined ? {} : { inputFormat }),
          ...readChoices(options),
        });
  const profiles: Profile[] = [];
  for (const input of inputs) profiles.push(await read(input));
  return asWritten(profiles.length === 1 ? profiles[0]! : merge(profiles, inputs.map(inputName)), options);
}

/** What `-` stands for; node opens it when it is first looked at. */
export function standardInput(input: string, world: World): { readonly stdin?: World['stdin'] } {
  return input === '-' ? { stdin: world.stdin } : {};
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
