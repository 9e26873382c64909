import { type ImportedBenchmark, type ResultFormat, single } from './result-format.ts';
import { plainLines, someLine } from './result-lines.ts';
import { grouped } from './time-units.ts';

/** `  Instructions:     1734|1650     (+5.09090%) [+1.04844x]`, `  L1 Accesses:    1580 (+0.701083%)`. */
const METRIC = /^\s+([A-Za-z][\w +/-]*?):\s+([\d.,]+)(?:\|([\d.,]+|N\/A))?\s*(?:\((.*?)\))?/;
const TOOL = /^\s+=+ ([A-Z0-9]+) =+/;

/** The text of iai, iai-callgrind and gungraun: exact counts by valgrind's tools, one benchmark for each. */
export const valgrindMetrics: ResultFormat = {
  id: 'iai',
  title: "iai's and gungraun's (iai-callgrind's) text",
  detect: ({ text }) =>
    someLine(text, /^\s+Instructions:\s+[\d.,]+(?:\||\s*\(|\s*$)/) ||
    (someLine(text, /\|N\/A\s+\(\*+\)/) && someLine(text, TOOL)),
  read({ text }) {
    const benchmarks: ImportedBenchmark[] = [];
    let name: string[] = [];
    let inMetrics = false;
    for (const line of plainLines(text)) {
      if (TOOL.test(line)) continue;
      const [, metric, value, old, change] = name.length > 0 ? (METRIC.exec(line) ?? []) : [];
      if (metric !== undefined) {
        benchmarks.push(metricOf(name.join(' '), metric, grouped(value!), old, change));
        inMetrics = true;
      } else if (line.trim() === '') name = [];
      // A name may go over several lines
      else if (!line.startsWith(' ')) name = inMetrics || name.length === 0 ? [line.trimEnd()] : [...name, line.trim()];
      if (metric === undefined) inMetrics = false;
    }
    return { benchmarks, notes: [] };
  },
};

function metricOf(
  name: string,
  metric: string,
  value: number,
  old: string | undefined,
  percent = '',
): ImportedBenchmark {
  const before = old === undefined || old === 'N/A' ? undefined : grouped(old);
  const told = /^([+-][\d.]+)%$/.exec(percent)?.[1];
  const change =
    before !== undefined && before > 0 ? value / before - 1 : told === undefined ? undefined : Number(told) / 100;
  return single(metricTitle(name, metric), unitOf(metric), value, {
    better: betterOfMetric(metric),
    ...(change === undefined ? {} : { change: { mean: { point: change } } }),
  });
}

/** Instructions are what a benchmark is known by; all else has a name of its own. */
export function metricTitle(name: string, metric: string): string {
  return metric === 'Instructions' ? name : `${name} - ${metric}`;
}

/** More of what was found in a cache is better. */
export function betterOfMetric(metric: string): 'smaller' | 'bigger' {
  return /hit ?rate$/i.test(metric) ? 'bigger' : 'smaller';
}

export function unitOf(metric: string): string {
  if (metric === 'Instructions') return 'instructions';
  if (/cycles$/i.test(metric)) return 'cycles';
  if (/bytes$/i.test(metric)) return 'bytes';
  return /rate$/i.test(metric) ? '%' : 'count';
}
