import { ProfileBuilder } from './builder.ts';
import { mergeMeta } from './merge-meta.ts';
import { defaultValueIndex, type Profile, type ValueType } from './profile.ts';

/**
 * All samples of several profiles in one. Value types with the same type and unit share a column, where a profile lacks
 * one its samples have 0; the last of the first profile stays the last, the default weight. Frames, stacks and threads
 * that are equal become one; times, counters, series and notes are kept.
 * @throws {RangeError} there are no profiles
 */
export function merge(profiles: readonly Profile[]): Profile {
  const union = unionOf(profiles);
  const builder = new ProfileBuilder(union.valueTypes);
  profiles.forEach((profile, i) => {
    addSamples(builder, profile, union.columns[i]!);
  });
  const meta = mergeMeta(profiles.map((profile) => profile.meta));
  const notes = [...meta.notes, ...mergeNotes(profiles)];
  return builder.build(
    { ...meta, notes },
    {
      counters: profiles.flatMap((profile) => profile.counters),
      series: profiles.flatMap((profile) => profile.series),
    },
  );
}

interface Union {
  readonly valueTypes: readonly ValueType[];
  /** For each profile, for each of its value types: the column in the union. */
  readonly columns: readonly (readonly number[])[];
}

function unionOf(profiles: readonly Profile[]): Union {
  const first = profiles[0];
  if (!first) throw new RangeError('there are no profiles to merge');
  const found = new Map<string, ValueType>();
  const keys = profiles.map((profile) => {
    const seen = new Map<string, number>();
    return profile.valueTypes.map((valueType) => {
      const name = JSON.stringify([valueType.type, valueType.unit]);
      // A profile may measure the same thing twice: the second of one goes with the second of the others.
      const nth = seen.get(name) ?? 0;
      seen.set(name, nth + 1);
      const key = `${nth} ${name}`;
      found.set(key, valueType);
      return key;
    });
  });
  const weight = keys[0]![defaultValueIndex(first)]!;
  const order = [...found.keys()].filter((key) => key !== weight);
  order.push(weight);
  const columnOf = new Map(order.map((key, i) => [key, i]));
  return {
    valueTypes: order.map((key) => found.get(key)!),
    columns: keys.map((list) => list.map((key) => columnOf.get(key)!)),
  };
}

function addSamples(builder: ProfileBuilder, profile: Profile, columns: readonly number[]): void {
  const { frames, stacks, samples } = profile;
  const strings = profile.strings.map((text) => builder.string(text));
  const frameMap = new Int32Array(frames.length);
  for (let i = 0; i < frames.length; i++) {
    frameMap[i] = builder.frameRow([
      strings[frames.name[i]!]!,
      strings[frames.file[i]!]!,
      frames.line[i]!,
      frames.column[i]!,
      strings[frames.module[i]!]!,
      frames.kind[i]!,
      frames.tier[i]!,
    ]);
  }
  const stackMap = new Int32Array(stacks.length);
  for (let i = 0; i < stacks.length; i++) {
    const parent = stacks.parent[i]!;
    stackMap[i] = builder.stack(parent < 0 ? -1 : stackMap[parent]!, frameMap[stacks.frame[i]!]!);
  }
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

/** What the person must know about weights and times that do not go together. */
function mergeNotes(profiles: readonly Profile[]): string[] {
  const notes: string[] = [];
  const weights = profiles.map((profile) => profile.valueTypes[defaultValueIndex(profile)]!).map(nameOf);
  if (new Set(weights).size > 1) {
    const others = [...new Set(weights)].slice(1).join(', ');
    notes.push(`the merged profiles measure different things: drawn by ${weights[0]}; others by ${others}`);
  }
  const withSamples = profiles.filter((profile) => profile.samples.length > 0);
  const timed = withSamples.filter((profile) => profile.samples.time).length;
  if (timed > 0 && timed < withSamples.length) {
    notes.push(
      `${withSamples.length - timed} of ${withSamples.length} merged profiles have no times: their samples stand at 0`,
    );
  }
  return notes;
}

function nameOf({ type, unit }: ValueType): string {
  return `${type} (${unit})`;
}
