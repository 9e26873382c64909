import { UserError } from '../../errors.ts';
import { isFleetAddress } from '../../fleet/destination.ts';
import { merge } from '../../profile/merge.ts';
import type { Profile } from '../../profile/profile.ts';
import { RunningMerge } from '../../profile/running-merge.ts';
import { keepDemangled } from '../../symbols/demangle.ts';
import type { World } from '../../world.ts';
import type { Call } from '../command.ts';
import { type CollapseOptions, readChoices } from './collapse-options.ts';
import { type FleetOptions, fleetProfile, inputName } from './fleet-input.ts';
import { asWritten } from './originals.ts';
import { prepareEngine } from './prepare-engine.ts';

/** Inputs from which on they are added up as they are read: nobody looks at the timeline of so many recordings. */
const MANY = 100;

/** What of the options concerns reading, names as commander makes them. */
export interface ReadingOptions extends CollapseOptions, FleetOptions {
  /** Id of a format. Default: detected, for each input. */
  readonly inputFormat?: string;
  /** Of these each wants samples as they are, however many inputs there are. */
  readonly time?: unknown;
  readonly flamechart?: boolean;
  /** Of this, threads by their numbers. */
  readonly pid?: number;
}

/**
 * Reads all inputs into one profile, JavaScript as it was written. Of more than {@link MANY} none is kept: their samples are
 * added up by stack and thread, in memory that does not grow with their number.
 * @param inputs files, `-` for standard input, or `clickhouse://...`
 * @throws {UserError} one cannot be read, or there are several with --compat
 */
export async function readInputs(inputs: readonly string[], options: ReadingOptions, world: World): Promise<Profile> {
  if (options.compat !== undefined && inputs.length > 1) {
    throw new UserError('--compat reads one input', { hint: 'texts can be put together: cat a b | pforge-prof ... -' });
  }
  const { inputFormat } = options;
  const { readProfile } = await import('../../formats/registry.ts');
  // Of many, most are read by code that has been optimised, and what each leaves behind must go
  if (inputs.length <= MANY) await prepareEngine(inputs.length === 1 ? inputs[0] : undefined, world);
  keepDemangled(world.env);
  const read = (input: string): Promise<Profile> =>
    isFleetAddress(input)
      ? fleetProfile(input, options, world)
      : readProfile(input, {
          ...standardInput(input, world),
          ...(inputFormat === undefined ? {} : { inputFormat }),
          ...readChoices(options),
        });
  return asWritten(await readMerged(inputs, read, options), options);
}

async function readMerged(
  inputs: readonly string[],
  read: (input: string) => Promise<Profile>,
  { time, flamechart, pid, pids, tids }: ReadingOptions,
): Promise<Profile> {
  if (inputs.length === 1) return read(inputs[0]!);
  if (inputs.length > MANY && time === undefined && !flamechart) {
    const merged = new RunningMerge({ ids: pid !== undefined || pids === true || tids === true });
    for (const input of inputs) merged.add(await read(input), inputName(input));
    return merged.build();
  }
  const profiles: Profile[] = [];
  for (const input of inputs) profiles.push(await read(input));
  return merge(profiles, inputs.map(inputName));
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
