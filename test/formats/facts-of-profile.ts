import { scriptFile } from '../../src/formats/frames/v8-names.ts';
import { frameLabel } from '../../src/profile/frame-label.ts';
import { defaultValueIndex, KINDS, type Profile, TIERS } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { nanosecondsPerUnit } from '../../src/profile/units.ts';

/** What a profile says, in words and numbers that can be compared after a file in between. Time is in nanoseconds. */
export interface Facts {
  readonly unit: string;
  /** The default weight by stack; samples without weight are in none of the facts. */
  readonly stacks: ReadonlyMap<string, number>;
  readonly threads: ReadonlyMap<string, number>;
  /** Totals of the other value types. */
  readonly totals: ReadonlyMap<string, number>;
  /** Sorted; empty where there are none. */
  readonly times: readonly number[];
  /** By label: all modules, kinds, ... of frames of that label. */
  readonly modules: ReadonlyMap<string, string>;
  readonly kinds: ReadonlyMap<string, string>;
  readonly tiers: ReadonlyMap<string, string>;
  readonly places: ReadonlyMap<string, string>;
  readonly counters: ReadonlyMap<string, number>;
  readonly series: ReadonlyMap<string, string>;
  readonly origin: ReadonlyMap<string, string | number>;
}

export function factsOf(profile: Profile): Facts {
  const { valueTypes, samples, stacks, frames, strings, meta } = profile;
  const main = defaultValueIndex(profile);
  const nanos = valueTypes.map(({ unit }) => nanosecondsPerUnit(unit));
  const weights = Float64Array.from(samples.values[main]!, (weight) => weight * (nanos[main] ?? 1));
  const rows = Array.from(weights.keys()).filter((row) => weights[row]! > 0);
  const sums = (key: (row: number) => string) => sumsOf(rows.map((row) => [key(row), weights[row]!]));
  const frameWords = Array.from({ length: frames.length }, (_, i) => label(profile, i));
  const used = new Set<number>();
  const pathOf = (row: number) => {
    const path: string[] = [];
    for (let stack = samples.stack[row]!; stack >= 0; stack = stacks.parent[stack]!) {
      used.add(stacks.frame[stack]!);
      path.push(frameWords[stacks.frame[stack]!]!);
    }
    return JSON.stringify(path.reverse());
  };
  const stackSums = sums(pathOf);
  const byLabel = (fact: (frame: number) => string) => {
    const found = new Map<string, Set<string>>();
    for (const frame of used) {
      const facts = found.get(frameWords[frame]!) ?? new Set();
      found.set(frameWords[frame]!, facts.add(fact(frame)));
    }
    return new Map(Array.from(found, ([key, facts]) => [key, [...facts].sort().join(' | ')]));
  };
  const threadOf = (row: number) => {
    const thread = samples.thread?.[row] ?? -1;
    return thread < 0 ? 'none' : JSON.stringify(profile.threads[thread], ['pid', 'tid', 'process', 'name']);
  };
  const { type, unit } = valueTypes[main]!;
  const others = valueTypes.flatMap((other, i) => {
    if (i === main) return [];
    const total = totalWeight(profile, i);
    return [[`${other.type} ${nanos[i] ? 'time' : other.unit}`, total * (nanos[i] ?? 1)] as const];
  });
  return {
    unit: `${type} ${nanos[main] === undefined ? unit : 'time'}`,
    stacks: stackSums,
    threads: sums(threadOf),
    totals: sumsOf(others),
    times: samples.time ? rows.map((row) => samples.time![row]!).sort((a, b) => a - b) : [],
    modules: byLabel((i) => strings[frames.module[i]!]!),
    kinds: byLabel((i) => KINDS[frames.kind[i]!]!),
    tiers: byLabel((i) => TIERS[frames.tier[i]!]!),
    places: byLabel((i) => `${frames.line[i]}:${frames.column[i]}`),
    counters: sumsOf(profile.counters.map(({ name, value }) => [name, value])),
    series: new Map(profile.series.map(({ name, time, value }) => [name, JSON.stringify([...time, ...value])])),
    origin: new Map(
      (['command', 'host', 'startTime', 'duration'] as const).flatMap((key) => {
        const fact = meta[key];
        return fact === undefined ? [] : [[key, typeof fact === 'number' ? fact : JSON.stringify(fact)] as const];
      }),
    ),
  };
}

/** A frame as people see it; a `file://` script is the path that it names. */
function label({ frames, strings }: Profile, frame: number): string {
  const file = scriptFile(strings[frames.file[frame]!]!);
  const name = strings[frames.name[frame]!]!;
  const words = ['', name === '(anonymous)' && file !== '' ? '' : name, file];
  const at = (column: Int32Array) => Int32Array.of(column[frame]!);
  return frameLabel(
    {
      strings: words,
      frames: {
        length: 1,
        name: Int32Array.of(1),
        file: Int32Array.of(2),
        line: at(frames.line),
        column: at(frames.column),
        module: Int32Array.of(0),
        kind: Uint8Array.of(0),
        tier: Uint8Array.of(0),
      },
    },
    0,
  );
}

function sumsOf(pairs: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, value] of pairs) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}
