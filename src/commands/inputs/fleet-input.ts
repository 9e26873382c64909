import type { Command as CommanderCommand } from 'commander';
import { InvalidArgumentError } from 'commander';
import { UserError } from '../../errors.ts';
import { isFleetAddress, parseDestination } from '../../fleet/destination.ts';
import { type Condition, parseCondition } from '../../fleet/labels.ts';
import { parseTime } from '../../fleet/time.ts';
import type { Profile } from '../../profile/profile.ts';
import type { World } from '../../world.ts';

/** Which part of a fleet is looked at; names as commander makes them. */
export interface FleetOptions {
  readonly service?: string;
  readonly from?: string;
  readonly to?: string;
  readonly where?: readonly Condition[];
}

/** For commands whose inputs may be `clickhouse://...`. */
export function addFleetOptions(command: CommanderCommand): CommanderCommand {
  return command
    .optionsGroup('Profiles of a fleet:')
    .option('--service <name>', 'clickhouse://...: only profiles of this service')
    .option(
      '--from <time>',
      'clickhouse://...: from then on: -1h, -2d, 2026-01-31T12:00, seconds since 1970 (default: -1h)',
    )
    .option('--to <time>', 'clickhouse://...: up to then (default: now)')
    .option(
      '--where <label=value>',
      'clickhouse://...: only with this label, or host=NAME; != is the opposite',
      conditions,
    );
}

function conditions(text: string, before: readonly Condition[] | undefined): readonly Condition[] {
  const condition = parseCondition(text);
  if (condition === undefined) throw new InvalidArgumentError('It must be label=value or label!=value.');
  return [...(before ?? []), condition];
}

/**
 * What a fleet did, as one profile.
 * @param input `clickhouse://host/database?service=api&from=-2h&to=-1h&region=eu`; what it does not say the options do
 * @throws {UserError} it is no such address, nobody answers, or there is nothing of that
 */
export async function fleetProfile(input: string, options: FleetOptions, world: World): Promise<Profile> {
  const destination = parseDestination(input, world.env);
  const { params, place } = destination;
  const service = params.get('service') ?? options.service;
  if (service === undefined) {
    throw new UserError(`${place}: which service?`, { hint: 'give --service NAME' });
  }
  const now = Date.now();
  const time = (name: 'from' | 'to', fallback: string): number => {
    const text = params.get(name) ?? options[name] ?? fallback;
    const found = parseTime(text, now);
    if (found !== undefined) return found;
    throw new UserError(`--${name} ${text} is no time`, {
      hint: 'now, -15m, -1h, -2d, 2026-01-31T12:00, seconds since 1970',
    });
  };
  // What was pushed within this second counts as well
  const [from, to] = [time('from', '-1h'), time('to', 'now') === now ? now + 1000 : time('to', 'now')];
  if (to <= from) throw new UserError('--to is not after --from');
  const own = [...params].filter(([name]) => !['service', 'from', 'to'].includes(name));
  const asked = own.map(([name, value]): Condition => ({ name, value, isNot: false }));
  const [{ pullFromClickhouse }, { httpTransport }] = await Promise.all([
    import('../../fleet/clickhouse/pull-profile.ts'),
    import('../../fleet/http.ts'),
  ]);
  const query = { service, from, to, conditions: [...asked, ...(options.where ?? [])] };
  return pullFromClickhouse(query, destination, httpTransport(place, destination.authorization));
}

/** How messages and pictures name an input: without the password that an address may hold. */
export function inputName(input: string): string {
  if (input === '-') return 'standard input';
  return isFleetAddress(input) ? input.replace(/(?<=:\/\/)[^/?#]*@/, '') : input;
}
