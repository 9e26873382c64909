import { UserError } from '../../errors.ts';
import { valueTypeOf } from '../../formats/flame-svg/count-names.ts';
import { onlyValueType } from '../../profile/only-value-type.ts';
import { defaultValueIndex, type Profile, type ValueType } from '../../profile/profile.ts';
import { nanosecondsPerUnit } from '../../profile/units.ts';

/** The profiles of a comparison by one weight, which is the default of each. */
export interface Weighed {
  readonly before: readonly Profile[];
  readonly after: readonly Profile[];
  /** What the person must know of the choice. */
  readonly notes: readonly string[];
}

/**
 * Finds what can be compared: the default weight, where it is the same on both sides; else the last that all profiles
 * have, such as sample counts of two profilers of which one measures time and the other one cycles.
 * @param names of the profiles, those before first
 * @throws {UserError} the sides measure different things: bytes and time, or two kinds of events
 */
export function weighAlike(before: readonly Profile[], after: readonly Profile[], names: readonly string[]): Weighed {
  const all = [...before, ...after];
  const defaults = all.map((profile) => profile.valueTypes[defaultValueIndex(profile)]!);
  const key = defaults.every((type) => keyOf(type) === keyOf(defaults[0]!))
    ? keyOf(defaults[0]!)
    : shared(all, defaults);
  if (key === undefined) throw differ(all, defaults, names);
  const weighed = all.map((profile) =>
    onlyValueType(
      profile,
      profile.valueTypes.findLastIndex((type) => keyOf(type) === key),
    ),
  );
  const unit = weighed[0]!.valueTypes.at(-1)!;
  const alike = weighed.map((profile) => ({ ...profile, valueTypes: [...profile.valueTypes.slice(0, -1), unit] }));
  const odd = defaults.findIndex((type) => keyOf(type) !== key);
  return {
    before: alike.slice(0, before.length),
    after: alike.slice(before.length),
    notes:
      odd < 0
        ? []
        : [
            `compared by ${unit.type}, which all inputs have: ${names[odd]} otherwise weighs by ${words(defaults[odd]!)}`,
          ],
  };
}

/** Time on the CPU is one thing, whatever profilers call it; a count that is called `bytes` or `ms` is what it is called. */
function keyOf(valueType: ValueType): string {
  const { type, unit } = valueType.unit === 'count' ? valueTypeOf(valueType.type) : valueType;
  const isTime = nanosecondsPerUnit(unit) !== undefined;
  return isTime && CPU_TIME.has(type) ? `cpu ${unit}` : `${type} ${unit}`;
}

/** `time` is what formats say that tell no more. */
const CPU_TIME: ReadonlySet<string> = new Set(['cpu', 'cpu-clock', 'task-clock', 'time']);

function shared(all: readonly Profile[], defaults: readonly ValueType[]): string | undefined {
  // Samples of an allocation profiler are no samples of time
  if (new Set(defaults.map((type) => isBytes(type.unit) || keyOf(type).endsWith(' bytes'))).size > 1) return undefined;
  const keys = all.map(({ valueTypes }) => valueTypes.map(keyOf));
  return keys[0]!.findLast((key) => keys.every((others) => others.includes(key)));
}

function isBytes(unit: string): boolean {
  return /^[kmgt]?i?bytes?$|^[KMGT]?i?B$/.test(unit);
}

function differ(all: readonly Profile[], defaults: readonly ValueType[], names: readonly string[]): UserError {
  const other = defaults.findIndex((type) => keyOf(type) !== keyOf(defaults[0]!));
  const have = [0, other].map((i) => `${names[i]} has ${all[i]!.valueTypes.map(words).join(', ')}`);
  return new UserError(
    `the sides measure different things: ${names[0]} ${words(defaults[0]!)}, ${names[other]} ${words(defaults[other]!)}`,
    { hint: `record both by the same event, or choose one with --event-filter: ${have.join('; ')}` },
  );
}

function words({ type, unit }: ValueType): string {
  return unit === 'count' ? type : `${type} (${unit})`;
}
