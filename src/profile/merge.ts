import { ProfileBuilder } from './builder.ts';
import { internStacks } from './intern-stacks.ts';
import { mergeMeta } from './merge-meta.ts';
import { mergeValueTypes } from './merge-value-types.ts';
import type { Profile } from './profile.ts';

/**
 * All samples of several profiles in one. Value types with the same type and unit share a column (see
 * {@link mergeValueTypes}), where a profile lacks one its samples have 0. Frames, stacks and threads that are equal
 * become one; times, counters, series and notes are kept.
 * @param names what notes call the profiles. Default: `profile 1`, `profile 2`, ...
 * @throws {RangeError} there are no profiles
 */
export function merge(profiles: readonly Profile[], names: readonly string[] = []): Profile {
  if (profiles.length === 0) throw new RangeError('there are no profiles to merge');
  const union = mergeValueTypes(
    profiles.map(({ valueTypes }) => valueTypes),
    profiles.map((_, i) => names[i] ?? `profile ${i + 1}`),
  );
  const builder = new ProfileBuilder(union.valueTypes);
  profiles.forEach((profile, i) => {
    addSamples(builder, profile, union.columns[i]!);
  });
  const meta = mergeMeta(profiles.map((profile) => profile.meta));
  const notes = [...meta.notes, ...union.notes, ...timeNotes(profiles)];
  return builder.build(
    { ...meta, notes },
    {
      counters: profiles.flatMap((profile) => profile.counters),
      series: profiles.flatMap((profile) => profile.series),
    },
  );
}

function addSamples(builder: ProfileBuilder, profile: Profile, columns: readonly number[]): void {
  const { samples } = profile;
  const stackMap = internStacks(builder, profile);
  const threads = profile.threads.map((thread) => builder.thread(thread));
  const values: number[] = [];
  for (let i = 0; i < samples.length; i++) {
    samples.values.forEach((column, v) => {
      values[columns[v]!] = column[i]!;
    });
    const stack = samples.stack[i]!;
    const thread = samples.thread?.[i] ?? -1;
    builder.sample(stack < 0 ? -1 : stackMap[stack]!, values, samples.time?.[i], thread < 0 ? -1 : threads[thread]!);
  }
}

/** What the person must know about times that do not go together. */
function timeNotes(profiles: readonly Profile[]): string[] {
  const withSamples = profiles.filter((profile) => profile.samples.length > 0);
  const timed = withSamples.filter((profile) => profile.samples.time).length;
  if (timed === 0 || timed === withSamples.length) return [];
  return [
    `${withSamples.length - timed} of ${withSamples.length} merged profiles have no times: their samples stand at 0`,
  ];
}
