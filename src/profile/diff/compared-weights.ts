import { UserError } from '../../errors.ts';
import { mergeValueTypes } from '../merge-value-types.ts';
import type { Profile, ValueType, WeightColumn } from '../profile.ts';
import { totalWeight } from '../total.ts';

/** One recording of a side, with the columns that are compared. */
export interface Run {
  readonly profile: Profile;
  /** Of each sample. */
  readonly weight: WeightColumn;
  /** Of each row of the samples, how many samples of the profiler it is; undefined = the profile does not tell. */
  readonly counts: WeightColumn | undefined;
  readonly total: number;
}

/** What two sides have in common to be compared by. */
export interface ComparedWeights {
  readonly unit: ValueType;
  readonly before: readonly Run[];
  readonly after: readonly Run[];
}

/**
 * Chooses the weight by which two sides are compared: the default weight of the first profile, else the last one that all
 * profiles have (time on the CPU goes by several names, see {@link mergeValueTypes}).
 * @throws {UserError} they have none in common
 */
export function comparedWeights(before: readonly Profile[], after: readonly Profile[]): ComparedWeights {
  const profiles = [...before, ...after];
  const { valueTypes, columns } = mergeValueTypes(
    profiles.map((profile) => profile.valueTypes),
    profiles.map((_, i) => `profile ${i + 1}`),
  );
  const chosen = valueTypes.length - 1;
  const runs = profiles.map((profile, i): Run => {
    const index = columns[i]!.indexOf(chosen);
    if (index < 0) throw differentWeights(profiles[0]!, profile);
    const weight = profile.samples.values[index]!;
    const counts = profile.samples.values[profile.valueTypes.findIndex(isSampleCount)];
    return { profile, weight, counts, total: totalWeight(profile, index) };
  });
  return { unit: valueTypes[chosen]!, before: runs.slice(0, before.length), after: runs.slice(before.length) };
}

function isSampleCount({ type, unit }: ValueType): boolean {
  return type === 'samples' && unit === 'count';
}

function differentWeights(one: Profile, other: Profile): UserError {
  const words = ({ valueTypes }: Profile) => valueTypes.map(({ type, unit }) => `${type} (${unit})`).join(', ');
  return new UserError(`the two sides measure different things: ${words(one)} and ${words(other)}`, {
    hint: 'compare recordings of the same event',
  });
}
