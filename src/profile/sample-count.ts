import type { Profile, ValueType, WeightColumn } from './profile.ts';

/** @returns of each row of the samples how many samples of the profiler it is; undefined = the profile does not tell */
export function sampleCounts({ valueTypes, samples }: Profile): WeightColumn | undefined {
  const index = valueTypes.findIndex(isSampleCount);
  return index < 0 ? undefined : samples.values[index];
}

/**
 * How many samples were read. Beside another weight the counts of samples tell, as a row may be the sum of many (pictures,
 * pprof). Where they are the weight itself (folded text) it says how many there are; then this is the number of rows.
 */
export function sampleCount(profile: Profile): number {
  const counts = profile.valueTypes.length > 1 ? sampleCounts(profile) : undefined;
  if (counts === undefined) return profile.samples.length;
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  return sum;
}

function isSampleCount({ type, unit }: ValueType): boolean {
  return type === 'samples' && unit === 'count';
}
