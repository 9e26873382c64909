import type { ValueType } from './profile.ts';

/** The value types of several profiles together. */
export interface MergedValueTypes {
  readonly valueTypes: readonly ValueType[];
  /** For each profile, for each of its value types: the column among those. */
  readonly columns: readonly (readonly number[])[];
  /** What the person must know about weights that do not go together. */
  readonly notes: readonly string[];
}

/** How profilers call time on the CPU: perf's software clocks, and V8's, Go's and most others' samples. */
const CPU_TIME: ReadonlySet<string> = new Set(['cpu', 'cpu-clock', 'task-clock']);

/**
 * One column for each type and unit. Time on the CPU in nanoseconds is one column whatever profilers call it, where no
 * profile has several kinds of it. The default weight, the last, is the first profile's, if all profiles have it; else
 * the last of the first that all have, so that no profile weighs nothing; else the first profile's after all.
 * @param types of each profile, the default last
 * @param names what notes call the profiles
 */
export function mergeValueTypes(types: readonly (readonly ValueType[])[], names: readonly string[]): MergedValueTypes {
  const cpuNames = new Set(
    types
      .flat()
      .filter(isCpuTime)
      .map(({ type }) => type),
  );
  const joined = cpuNames.size > 1 && types.every((list) => list.filter(isCpuTime).length <= 1);
  const found = new Map<string, ValueType>();
  const keys = types.map((list) => {
    const seen = new Map<string, number>();
    return list.map((valueType) => {
      const name = joined && isCpuTime(valueType) ? 'cpu time' : JSON.stringify([valueType.type, valueType.unit]);
      // A profile may measure the same thing twice: the second of one goes with the second of the others.
      const nth = seen.get(name) ?? 0;
      seen.set(name, nth + 1);
      const key = `${nth} ${name}`;
      if (!found.has(key)) found.set(key, valueType);
      return key;
    });
  });
  const first = keys[0]!;
  const lacking = (key: string) => names.filter((_, i) => !keys[i]!.some((other) => nameOf(other) === nameOf(key)));
  const weight = first.findLast((key) => lacking(key).length === 0) ?? first.at(-1)!;
  const order = [...found.keys()].filter((key) => key !== weight);
  order.push(weight);
  const columnOf = new Map(order.map((key, i) => [key, i]));
  const notes = joined ? [`CPU time under several names is added up: ${[...cpuNames].join(', ')}`] : [];
  const weights = [weight, ...keys.map((list) => list.at(-1)!)];
  if (new Set(weights.map(nameOf)).size > 1) {
    const said = [...new Set(weights)].map((key) => {
      const without = lacking(key);
      return `${labelOf(found.get(key)!)}, ${without.length === 0 ? 'which all have' : `0 for ${shortList(without)}`}`;
    });
    notes.push(`the merged profiles measure different things: drawn by ${said.join('; there is ')}`);
  }
  return {
    valueTypes: order.map((key) => found.get(key)!),
    columns: keys.map((list) => list.map((key) => columnOf.get(key)!)),
    notes,
  };
}

/** Whether it is time on the CPU in nanoseconds, whatever the profiler calls it. */
export function isCpuTime({ type, unit }: ValueType): boolean {
  return unit === 'nanoseconds' && CPU_TIME.has(type);
}

/** A key without the number that tells columns of the same thing apart. */
function nameOf(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}

function labelOf({ type, unit }: ValueType): string {
  return `${type} (${unit})`;
}

function shortList(words: readonly string[]): string {
  return words.length > 3 ? `${words.slice(0, 3).join(', ')} and ${words.length - 3} more` : words.join(', ');
}
