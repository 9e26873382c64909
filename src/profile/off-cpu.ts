import { UserError } from '../errors.ts';
import type { Profile } from './profile.ts';
import { totalWeight, valuesOf } from './total.ts';
import { OFF_CPU, WAITS_NOTE } from './waiting.ts';

/**
 * The profile by the time in which threads waited; the other value types stay.
 * @throws {UserError} it holds no waits, or no thread waited
 */
export function byOffCpu(profile: Profile): Profile {
  const index = profile.valueTypes.findIndex(({ type }) => type === OFF_CPU);
  if (index < 0) throw noWaits('--off-cpu');
  if (totalWeight(profile, index) === 0) throw new UserError('no thread waited: there is no time off the CPU to show');
  const order = [...profile.valueTypes.keys()].filter((i) => i !== index);
  order.push(index);
  return {
    ...profile,
    valueTypes: order.map((i) => profile.valueTypes[i]!),
    samples: { ...profile.samples, values: order.map((i) => valuesOf(profile, i)) },
    meta: withoutHint(profile),
  };
}

export function noWaits(option: string): UserError {
  return new UserError(`${option}: the recording does not hold how long threads waited`, {
    hint: 'record it with pforge-prof flame --off-cpu or record --off-cpu',
  });
}

export function withoutHint({ meta }: Profile): Profile['meta'] {
  return { ...meta, notes: meta.notes.filter((note) => note !== WAITS_NOTE) };
}
