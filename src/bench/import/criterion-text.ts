import type { ImportedBenchmark, KnownEstimate, ResultFormat } from './result-format.ts';
import { plainLines, someLine } from './result-lines.ts';
import { normalized } from './time-units.ts';

const TIME = /^(.*?)\s*time:\s+\[([\d.]+) (\S+) ([\d.]+) (\S+) ([\d.]+) (\S+)\]/;
const CHANGE = /^\s+(?:change|time):\s+\[([+−-]?[\d.]+)% ([+−-]?[\d.]+)% ([+−-]?[\d.]+)%\]/;
/** Criterion prints intervals of this level unless it was told otherwise, and never says which. */
const LEVEL = 0.95;

/** What Criterion prints for people: the interval of the slope, or the mean, and the change to the run before. */
export const criterionText: ResultFormat = {
  id: 'criterion-text',
  title: "Criterion's text",
  detect: ({ text }) => someLine(text, TIME),
  read({ text }) {
    const benchmarks: ImportedBenchmark[] = [];
    let before = '';
    for (const line of plainLines(text)) {
      const change = CHANGE.exec(line);
      const [, title, ...parts] = TIME.exec(line) ?? [];
      if (change !== null && benchmarks.length > 0) {
        const last = benchmarks.pop()!;
        benchmarks.push(last.change === undefined ? { ...last, change: { mean: changeOf(change) } } : last);
      } else if (title !== undefined) {
        // A long title has a line of its own
        const name = title === '' ? before : title;
        benchmarks.push({ name, unit: 'ns', better: 'smaller', estimates: { mean: intervalOf(parts) } });
      } else if (line.trim() !== '' && !line.startsWith(' '))
        before = line.replace(/^Benchmarking (.*?)(?:: .*)?$/, '$1');
    }
    return { benchmarks, notes: [] };
  },
};

function intervalOf(parts: readonly string[]): KnownEstimate {
  const [lower, point, upper] = [0, 2, 4].map((at) => normalized(Number(parts[at]), parts[at + 1]!).value);
  return { point: point!, lower: lower!, upper: upper!, confidenceLevel: LEVEL };
}

function changeOf(match: RegExpExecArray): KnownEstimate {
  const [lower, point, upper] = match
    .slice(1, 4)
    .map((text) => Number((Number(text.replace('−', '-')) / 100).toPrecision(12)));
  return { point: point!, lower: lower!, upper: upper!, confidenceLevel: LEVEL };
}
