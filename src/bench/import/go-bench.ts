import { averages, type ImportedBenchmark, type ResultFormat, single } from './result-format.ts';
import { plainLines, someLine } from './result-lines.ts';
import { betterOf, normalized } from './time-units.ts';

const LINE = /^(Benchmark\S*)\s+(\d+)\s+([\d.]+(?:e[+-]?\d+)? \S.*)$/;

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
    const names = plainNames(new Set(lines.flatMap((line) => LINE.exec(line.trimEnd())?.[1] ?? [])));
    const found = new Map<string, Map<string, Values>>();
    let folder = '';
    for (const line of lines) {
      folder = /^pkg: (\S+)/.exec(line)?.[1] ?? folder;
      const [, printed, , pairs] = LINE.exec(line.trimEnd()) ?? [];
      if (printed === undefined) continue;
      const name = names.get(printed)!;
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

/** Names without the number of processors behind them, unless that is what tells two benchmarks apart. */
function plainNames(printed: ReadonlySet<string>): ReadonlyMap<string, string> {
  const plain = new Map([...printed].map((name) => [name, name.replace(/-\d+$/, '')]));
  const count = new Map<string, number>();
  for (const name of plain.values()) count.set(name, (count.get(name) ?? 0) + 1);
  return new Map([...plain].map(([name, short]) => [name, count.get(short) === 1 ? short : name]));
}

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
    return {
      ...more,
      name: title,
      unit: own[0]!.unit,
      estimates: {},
      samples: averages(own.map(({ value }) => value)),
    };
  });
}
