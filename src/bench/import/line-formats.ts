import { type ImportedBenchmark, type ResultFormat, single } from './result-format.ts';
import { plainLines, someLine } from './result-lines.ts';
import { nanosecondsIn, normalized } from './time-units.ts';

/** A format of which each line that matches is one benchmark. */
function byLine(
  about: Pick<ResultFormat, 'id' | 'title'>,
  pattern: RegExp,
  benchmarkOf: (match: RegExpExecArray) => ImportedBenchmark | undefined,
): ResultFormat {
  return {
    ...about,
    detect: ({ text }) => someLine(text, pattern),
    read({ text }) {
      const benchmarks = plainLines(text).flatMap((line) => {
        const match = pattern.exec(line);
        return match === null ? [] : (benchmarkOf(match) ?? []);
      });
      return { benchmarks, notes: [] };
    },
  };
}

/** Percent of a value as its standard deviation. */
const percentOf = (value: number, percent: string): { point: number } => ({ point: (value * Number(percent)) / 100 });

/** Luau's bench suite: `SUCCESS: base64  :  15.041ms +/-  0.636% on luau`. */
export const benchmarkLuau = byLine(
  { id: 'benchmark-luau', title: 'Luau benchmark text' },
  /^SUCCESS: (.+?)\s*:\s+([\d.]+)(ms|us|s|ns) \+\/-\s+([\d.]+)%/,
  ([, name, value, unit, percent]) => {
    const mean = normalized(Number(value), unit!).value;
    return single(name!, 'ns', mean, { estimates: { std_dev: percentOf(mean, percent!) } });
  },
);

/** Dart's benchmark_harness: `Template(RunTime): 1.0 us.` */
export const dartHarness = byLine(
  { id: 'dart', title: 'Dart benchmark_harness text' },
  /^(.+?)\(RunTime\):\s+([\d.]+)\s*(us|ms|s|ns)\.?$/,
  ([, name, value, unit]) => single(name!, 'ns', normalized(Number(value), unit!).value),
);

/** `console.timeEnd`: `default: 7617ms - timer ended`, `parse: 1.234ms`, `build: 1:02.345 (m:ss.mmm)`. */
export const consoleTime = byLine(
  { id: 'console-time', title: 'console.timeEnd text' },
  /^(.+?): (?:([\d.]+)\s?(ms|s|ns|us|µs)|([\d:]+:\d\d(?:\.\d+)?) \((?:m:ss|h:mm:ss)(?:\.mmm)?\))(?: - timer ended)?$/,
  ([, name, value, unit, clock]) =>
    single(name!, 'ns', clock === undefined ? normalized(Number(value), unit!).value : clockSeconds(clock) * 1e9),
);

/** `1:02.345`, `1:00:02`. */
function clockSeconds(clock: string): number {
  return clock.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

/** airspeed velocity: `[ 35.00%] ··· benchmarks.TimeSuite.time_iterkeys   11.1±0.01μs`; memory and single times have no `±`. */
export const asv = byLine(
  { id: 'asv', title: 'airspeed velocity text' },
  /^\[\s*[\d.]+%\]\s+·+\s+(\S+)\s+([\d.]+)(?:±([\d.]+))?([a-zA-Zμµ]*)\s*$/,
  ([, name, value, range, unit]) => {
    const factor = nanosecondsIn(unit!);
    if (factor === undefined) return single(name!, range === undefined ? 'bytes' : unit!, binary(Number(value), unit!));
    const mean = Number(value) * factor;
    if (range === undefined) return single(name!, 'ns', mean);
    const half = Number(range) * factor;
    return single(name!, 'ns', { point: mean, lower: mean - half, upper: mean + half });
  },
);

/** asv writes memory with `k`, `M`, `G`. */
function binary(value: number, suffix: string): number {
  return value * ({ k: 1e3, M: 1e6, G: 1e9 }[suffix] ?? 1);
}

/** Ruby's Benchmark: user, system, total and real time in seconds; of a rehearsal the second time counts. */
const RUBY = /^(.+?):?\s+(\d+\.\d+)\s+(\d+\.\d+)\s+(\d+\.\d+)\s+\(\s*(\d+\.\d+)\)\s*$/;

export const rubyBenchmark: ResultFormat = {
  id: 'ruby',
  title: 'Ruby Benchmark text',
  detect: ({ text }) => someLine(text, /^\s+user\s+system\s+total\s+real\s*$/),
  read({ text }) {
    const found = new Map<string, ImportedBenchmark>();
    for (const line of plainLines(text)) {
      const [, name, , , , real] = RUBY.exec(line) ?? [];
      if (name !== undefined) found.set(name, single(name, 'ns', Number(real) * 1e9));
    }
    return { benchmarks: [...found.values()], notes: [] };
  },
};

/** vitest's table: ` · native  7,169.00  0.1339  0.5619  0.1395 ...`: rate, least, most and mean in milliseconds. */
export const vitestText = byLine(
  { id: 'vitest-text', title: 'vitest bench text' },
  /^\s+·\s+(.+?)\s+[\d,.]+\s+[\d.]+\s+[\d.]+\s+([\d.]+)\s+[\d.]+\s+[\d.]+\s+[\d.]+\s+[\d.]+\s+±([\d.]+)%\s+(\d+)/,
  ([, name, mean, percent]) => {
    const point = Number(mean) * 1e6;
    const margin = (point * Number(percent)) / 100;
    return single(name!, 'ns', { point, lower: point - margin, upper: point + margin, confidenceLevel: 0.95 });
  },
);

/** mitata's text and Markdown: the mean an iteration. */
export const mitataText = byLine(
  { id: 'mitata-text', title: 'mitata text or Markdown' },
  /^(?:\| )?(\S.*?)\s+(?:\| `\s*)?([\d.]+) (ps|ns|µs|μs|us|ms|s)\/iter\b/,
  ([, name, mean, unit]) => single(name!, 'ns', Number(mean) * nanosecondsIn(unit!)!),
);

/** bench-node's CSV reporter. */
export const benchNodeCsv: ResultFormat = {
  id: 'bench-node-csv',
  title: 'bench-node CSV',
  detect: ({ text }) => /^name,ops\/sec,samples,/.test(text),
  read({ text }) {
    const benchmarks = plainLines(text).flatMap((line) => {
      const [, name, rate] = /^(.*?),"?([\d,.]+)"?,\d+,/.exec(line) ?? [];
      return name === undefined ? [] : [single(name, 'ops/s', Number(rate!.replaceAll(',', '')), { better: 'bigger' })];
    });
    return { benchmarks, notes: [] };
  },
};
