import pc from 'picocolors';
import {
  type CountComparison,
  type Counts,
  spreadOfCounts,
  typicalCount,
} from '../../bench/instructions/compare-counts.ts';
import type { BenchResultJson } from '../../bench/result-json.ts';
import { groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';
import { ratioText } from './verdict-words.ts';

const WORDS = { regressed: 'more', improved: 'fewer', equivalent: 'as many', inconclusive: 'undecided' } as const;
/** Columns that numbers take beside the name. */
const NUMBERS = 44;

/** Instructions of commands or iterations, and how they compare with the first: one line each. */
export function countsText(
  counted: readonly Counts[],
  compared: readonly CountComparison[],
  counter: string,
  { width, color }: { readonly width: number; readonly color: boolean },
): string {
  const paint = pc.createColors(color);
  const names = counted.map(({ name }) => shortenMiddle(escapeTerminal(name), Math.max(16, width - NUMBERS)));
  const column = Math.max(0, ...names.map(stringWidth));
  const colors = { regressed: paint.red, improved: paint.green, equivalent: paint.cyan, inconclusive: paint.yellow };
  const lines = counted.map((counts, at) => {
    const comparison = compared.find(({ head }) => head === counts);
    const told =
      comparison === undefined
        ? ''
        : `  ${colors[comparison.verdict](WORDS[comparison.verdict])}: ${ratioText(comparison.ratio)} (${percent(comparison.ratio - 1)})`;
    const value = groupDigits(typicalCount(counts), 1);
    return `  ${padColumns(names[at]!, column)}  ${value.padStart(16)} ${paint.dim(`± ${(spreadOfCounts(counts) * 100).toFixed(3)} %`)}${told}`;
  });
  return [paint.bold(`Instructions (${counter})`), ...lines, ''].join('\n');
}

function percent(change: number): string {
  return `${change < 0 ? '' : '+'}${(change * 100).toFixed(2)} %`;
}

/** The same as `bench --json`: what is counted has no interval, but the range of what was counted. */
export function countsJson(counted: readonly Counts[], compared: readonly CountComparison[]): object[] {
  return counted.map((counts) => {
    const { name, values } = counts;
    const interval = { lower_bound: Math.min(...values), upper_bound: Math.max(...values) };
    const of = (point: number) => ({ point_estimate: point, confidence_interval: interval });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const result: BenchResultJson = {
      name,
      unit: 'instructions',
      estimates: { mean: of(mean), median: of(typicalCount(counts)) },
    };
    const comparison = compared.find(({ head }) => head === counts);
    if (comparison === undefined) return { ...result, values };
    const { base, ratio, uncertainty, verdict } = comparison;
    return { ...result, values, comparison: { reference: base.name, ratio, uncertainty, verdict } };
  });
}
