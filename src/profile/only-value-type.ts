import { pickSamples } from './pick-samples.ts';
import type { Profile } from './profile.ts';

/**
 * Keeps one thing that was measured, e.g. one event of perf: it becomes the default weight, the other value types but
 * `samples` are left out, and so are samples that have no weight of it.
 * @param valueIndex index into `valueTypes`
 */
export function onlyValueType(profile: Profile, valueIndex: number): Profile {
  const { valueTypes, samples } = profile;
  const counts = valueTypes.findIndex(
    ({ type, unit }, i) => i !== valueIndex && type === 'samples' && unit === 'count',
  );
  const columns = counts < 0 ? [valueIndex] : [counts, valueIndex];
  const weights = samples.values[valueIndex]!;
  const kept: number[] = [];
  for (let row = 0; row < samples.length; row++) if (weights[row]! > 0) kept.push(row);
  const narrowed = kept.length === samples.length ? samples : pickSamples(samples, kept);
  return {
    ...profile,
    valueTypes: columns.map((column) => valueTypes[column]!),
    samples: { ...narrowed, values: columns.map((column) => narrowed.values[column]!) },
  };
}
