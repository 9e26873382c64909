import { UserError } from '../../errors.ts';
import { isCpuTime, mergeValueTypes } from '../merge-value-types.ts';
import type { Profile, ValueType, WeightColumn } from '../profile.ts';
import { totalWeight } from '../total.ts';
import { countedSamples } from './counted-samples.ts';

/** One recording of a side, with the columns that are compared. */
export interface Run {
  readonly profile: Profile;
  /** Of each sample. */
  readonly weight: WeightColumn;
  /**
   * Of each row of the samples, how many samples of the profiler it is. Undefined = neither does the profile tell, nor are
   * there other runs of the side: see {@link EXACT_PART}.
   */
  readonly counts: WeightColumn | undefined;
  /** How many samples of the profiler there are; undefined = the profile does not tell. */
  readonly samples: number | undefined;
  /**
   * What every sample stands for where the tests take all for equal; undefined where each counts by its own weight.
   * A profiler of time on the CPU samples it evenly, and a sample that is heavy because the process had to wait for a
   * processor says nothing of its function. Waits, allocations and their like differ in themselves.
   */
  readonly evenWeight: number | undefined;
  readonly total: number;
  /** Paths of less weight may be missing; 0 = none is. */
  readonly cut: number;
}

/** What two sides have in common to be compared by. */
export interface ComparedWeights {
  readonly unit: ValueType;
  readonly before: readonly Run[];
  readonly after: readonly Run[];
  /** What the person must know of each side's weights. */
  readonly notes: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/**
 * Of several runs without counts of samples the differences between them are all that is known of chance. Then a run is
 * taken for as many samples as make it exact beside that: each is such a part of the whole.
 */
const EXACT_PART = 1e-6;

/**
 * Chooses the weight by which two sides are compared: the default weight of the first profile, else the last one that all
 * profiles have (time on the CPU goes by several names, see {@link mergeValueTypes}).
 * @throws {UserError} they have none in common
 */
export function comparedWeights(before: readonly Profile[], after: readonly Profile[]): ComparedWeights {
  const profiles = [...before, ...after];
  const { valueTypes } = mergeValueTypes(
    profiles.map((profile) => profile.valueTypes),
    profiles.map((_, i) => `profile ${i + 1}`),
  );
  const unit = valueTypes.at(-1)!;
  const sideOf = (runs: readonly Profile[]) =>
    runs.map((profile) => runOf(profile, unit, profiles[0]!, runs.length > 1));
  const sides = { before: sideOf(before), after: sideOf(after) };
  return {
    unit,
    before: sides.before.map(({ run }) => run),
    after: sides.after.map(({ run }) => run),
    notes: { before: notesOf(sides.before), after: notesOf(sides.after) },
  };
}

/** @param repeated whether its side has other runs */
function runOf(profile: Profile, unit: ValueType, first: Profile, repeated: boolean): { run: Run; note?: string } {
  // The last one, as it is the default's place: a profile may hold the same thing twice
  const index = profile.valueTypes.findLastIndex((type) => isSame(type, unit));
  if (index < 0) throw differentWeights(first, profile);
  const weight = profile.samples.values[index]!;
  const total = totalWeight(profile, index);
  const { counts, ...said } = countedSamples(profile);
  const samples = counts === undefined ? undefined : sumOf(counts);
  const run = { profile, weight, total, samples, cut: cutOf(profile, total) };
  if (samples !== undefined) {
    return { run: { ...run, counts, evenWeight: isEven(unit) ? total / samples : undefined }, ...said };
  }
  if (!repeated || !(total > 0)) return { run: { ...run, counts: undefined, evenWeight: undefined }, ...said };
  const evenWeight = total * EXACT_PART;
  return { run: { ...run, counts: Float64Array.from(weight, (value) => value / evenWeight), evenWeight }, ...said };
}

function notesOf(runs: readonly { readonly note?: string }[]): string[] {
  return [...new Set(runs.map(({ note }) => note).filter((note) => note !== undefined))];
}

/** Samples themselves, time on the CPU, and what the processor counts. */
function isEven(valueType: ValueType): boolean {
  return valueType.unit === 'count' || isCpuTime(valueType);
}

function isSame(one: ValueType, other: ValueType): boolean {
  return (one.type === other.type && one.unit === other.unit) || (isCpuTime(one) && isCpuTime(other));
}

function sumOf(column: WeightColumn): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += column[i]!;
  return sum;
}

/** A drawing's cut is one of its default weight. @param total of the weight that is compared */
function cutOf(profile: Profile, total: number): number {
  const { cut = 0 } = profile.meta;
  const drawn = cut > 0 ? totalWeight(profile) : 0;
  return drawn > 0 ? (cut * total) / drawn : 0;
}

function differentWeights(one: Profile, other: Profile): UserError {
  const words = ({ valueTypes }: Profile) => valueTypes.map(({ type, unit }) => `${type} (${unit})`).join(', ');
  return new UserError(`the two sides measure different things: ${words(one)} and ${words(other)}`, {
    hint: 'compare recordings of the same event',
  });
}
