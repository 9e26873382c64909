import type { ImportedBenchmark, KnownEstimate, ResultFormat } from './result-format.ts';
import { plainLines, wrongLine } from './result-lines.ts';
import { nanosecondsIn } from './time-units.ts';

const HEAD = /^benchmark name\s+samples\s+iterations\s+est/;
const FIRST = /^(\S.*?)\s{2,}(\d+)\s+(\d+)\s+[\d.]+ \S+\s*$/;
const TRIPLE = /^(.*?)\s{2,}([\d.]+) (\S+)\s+([\d.]+) (\S+)\s+([\d.]+) (\S+)\s*$/;
/** Catch2's `--benchmark-confidence-interval` unless it was told otherwise. */
const LEVEL = 0.95;

/** Catch2's console reporter: mean and standard deviation, each with its bounds. */
export const catch2: ResultFormat = {
  id: 'catch2',
  title: 'Catch2 text',
  detect: ({ text }) => /^benchmark name\s+samples\s+iterations\s+est/m.test(text),
  read({ text, name: file }) {
    const lines = plainLines(text);
    const benchmarks: ImportedBenchmark[] = [];
    let inTable = false;
    for (let at = 0; at < lines.length; at++) {
      if (HEAD.test(lines[at]!)) inTable = true;
      else if (/^[=.]{20,}/.test(lines[at]!)) inTable = false;
      const head = inTable ? FIRST.exec(lines[at]!) : null;
      if (head === null) continue;
      const mean = TRIPLE.exec(lines[at + 1] ?? '');
      const deviation = TRIPLE.exec(lines[at + 2] ?? '');
      if (mean === null || deviation === null)
        throw wrongLine(file, at + 1, 'mean and deviation of a benchmark are not there');
      // Long names are wrapped: their rest stands before the numbers of the lines below
      const name = [head[1]!, mean[1]!, deviation[1]!]
        .map((part) => part.trim())
        .filter(Boolean)
        .join(' ');
      const estimates = { mean: bounded(mean, file, at + 1), std_dev: bounded(deviation, file, at + 2) };
      benchmarks.push({ name, unit: 'ns', better: 'smaller', estimates });
      at += 2;
    }
    return { benchmarks, notes: [] };
  },
};

function bounded(match: RegExpExecArray, file: string, at: number): KnownEstimate {
  const [point, lower, upper] = [2, 4, 6].map((group) => {
    const factor = nanosecondsIn(match[group + 1]!);
    if (factor === undefined) throw wrongLine(file, at, `${match[group + 1]} is no unit of time`);
    return Number(match[group]) * factor;
  });
  return { point: point!, lower: lower!, upper: upper!, confidenceLevel: LEVEL };
}
