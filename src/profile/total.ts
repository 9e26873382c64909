import { defaultValueIndex, type Profile, type WeightColumn } from './profile.ts';

/** The weight of all samples, those without a stack included. Exact to 2^53. */
export function totalWeight(profile: Profile, valueIndex = defaultValueIndex(profile)): number {
  const values = valuesOf(profile, valueIndex);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** Whether the weight of all samples is more than nothing; known after one of them, where none can be below. */
export function isWeighty(profile: Profile, valueIndex: number): boolean {
  const values = valuesOf(profile, valueIndex);
  if (!(values instanceof Uint8Array)) return totalWeight(profile, valueIndex) > 0;
  return values.some((value) => value > 0);
}

/**
 * The samples' column of one value type.
 * @throws {RangeError} the profile has no such value type
 */
export function valuesOf(profile: Profile, valueIndex: number): WeightColumn {
  const values = profile.samples.values[valueIndex];
  if (!values) throw new RangeError(`the profile has no value type ${valueIndex}`);
  return values;
}
