import { type AllocationPoints, type Metric, totalOf, unitOf } from '../../profile/allocation-points.ts';
import { formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { ratio } from './view-numbers.ts';

/**
 * The totals of a run: lines start as those that valgrind prints when the program has ended, `Total:     1,750,344 bytes
 * in 20,037 blocks`, and say more.
 */
export function totalsLines(points: AllocationPoints): string[] {
  const { units, end, peak } = points;
  const sum = (metric: Metric): number => totalOf(points, metric);
  const bytes = (metric: Metric): string => `${groupDigits(sum(metric))} ${units?.many ?? 'bytes'}`;
  const blocks = (metric: Metric): string => `${groupDigits(sum(metric))} ${units?.blocks ?? 'blocks'}`;
  const each = (metric: Metric): string => amount(points, 'tb', ratio(sum(metric), sum('tbk')));
  const perByte = (metric: Metric): string => `${ratio(sum(metric), sum('tb')).toFixed(2)} a byte`;
  const lived = peak === undefined ? '' : `, live for ${amount(points, 'tl', ratio(sum('tl'), sum('tbk')))} on average`;
  const lines = [`Total:     ${bytes('tb')} in ${blocks('tbk')}, ${each('tb')} each${lived}`];
  if (peak !== undefined) {
    lines.push(
      `At t-gmax: ${bytes('gb')} in ${blocks('gbk')}, the peak, after ${formatPercent(peak, end)} of the run`,
      `At t-end:  ${bytes('eb')} in ${blocks('ebk')}, ${sum('ebk') === 0 ? 'all was freed' : 'not freed'}`,
    );
  }
  if (points.values.has('rb')) {
    lines.push(`Reads:     ${bytes('rb')}, ${perByte('rb')}`, `Writes:    ${bytes('wb')}, ${perByte('wb')}`);
  }
  const mode = points.mode.endsWith('heap') ? '' : `, mode ${points.mode}`;
  lines.push(`Run:       ${points.command} (pid ${points.pid}${mode}), ${amount(points, 'tl', end)}`);
  return lines.map(escapeTerminal);
}

const INSTRUCTION_STEPS = [
  [1e9, 'Ginstr'],
  [1e6, 'Minstr'],
  [1e4, 'kinstr'],
] as const;

/** A number of a metric's unit for people: `87.4 B`, `3.2 ms`, `1,744 instrs`, `11.2 Minstr`. */
export function amount(points: AllocationPoints, metric: Metric, value: number): string {
  const unit = unitOf(points, metric);
  if (unit === 'instructions') {
    const [least, name] = INSTRUCTION_STEPS.find(([size]) => value >= size) ?? [1, points.timeUnit];
    const size = least === 1e4 ? 1e3 : least;
    return `${groupDigits(value / size, least === 1 ? 0 : value / size < 100 ? 1 : 0)} ${name}`;
  }
  // What times are counted in is the file's word
  return escapeTerminal(formatValue(unit === 'count' ? Math.round(value * 10) / 10 : value, unit));
}
