import { plainLines, someLine } from './result-lines.ts';
import { averages, type ImportedBenchmark, type ResultFormat, single } from './result-format.ts';
import { betterOf, normalized } from './time-units.ts';

const LINE = /^(Benchmark\S*?)(?:-(\d+))?\s+(\d+)\s+([\d.]+(?:e[+-]?\d+)? \S.*)$/;

interface Values {
  readonly unit: string;
  readonly values: number[];
}

/** `go test -bench`: lines of one name are its samples (`-count`), each unit a benchmark of its own. */
export const goBench: ResultFormat = {
  id: 'go',
  title: 'go test -bench text',
  detect: ({ text }) => someLine(text, LINE),
  read({ text }) {
    const lines = plainLines(text);
    const packages = new Set(lines.flatMap((line) => /^pkg: (\S+)/.exec(line)?.[1] ?? []));
    const found = new Map<string, Map<string, Values>>();
    let folder = '';
    for (const line of lines) {
      folder = /^pkg: (\S+)/.exec(line)?.[1] ?? folder;
      const [, name, , , pairs] = LINE.exec(line.trimEnd()) ?? [];
      if (name === undefined) continue;
      // Two packages may have benchmarks of one name
      const full = packages.size > 1 ? `${name} (${folder})` : name;
      const units = found.get(full) ?? new Map<string, Values>();
      found.set(full, units);
      const words = pairs!.trim().split(/\s+/);
      for (let at = 0; at + 1 < words.length; at += 2) addValue(units, Number(words[at]), words[at + 1]!);
    }
    return { benchmarks: [...found].flatMap(([name, units]) => benchmarksOf(name, units)), notes: [] };
  },
};

function addValue(units: Map<string, Values>, value: number, unit: string): void {
  const known = units.get(unit);
  if (known === undefined) units.set(unit, { unit, values: [value] });
  else known.values.push(value);
}

function benchmarksOf(name: string, units: ReadonlyMap<string, Values>): ImportedBenchmark[] {
  return [...units.values()].map(({ unit, values }, at) => {
    const title = at === 0 ? name : `${name} - ${unit}`;
    const own = values.map((value) => normalized(value, unit));
    const more = { better: betterOf(unit) };
    if (own.length === 1) return single(title, own[0]!.unit, own[0]!.value, more);
    return { ...more, name: title, unit: own[0]!.unit, estimates: {}, samples: averages(own.map(({ value }) => value)) };
  });
}
