import type { Series } from '../../profile/profile.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { quantity } from './counter-values.ts';

/** What was counted in each interval as a table, one line an interval; as many counters as the width has room for. */
export function seriesText(series: readonly Series[], { width }: { readonly width: number }): string[] {
  if (series.length === 0) return [];
  const longest = series.reduce((most, one) => (one.time.length > most.time.length ? one : most));
  const columns = series
    .filter(({ value }) => value.length > 0)
    .map((one) => {
      const cells = Array.from(longest.time, (_, row) => cellOf(one, row));
      const title = escapeTerminal(one.unit === 'ns' ? `${one.name} msec` : one.name);
      return {
        title,
        cells,
        width: [title, ...cells].reduce((most, { length }) => Math.max(most, length), 0),
      };
    });
  let used = 12;
  const fitting = columns.filter((column, i) => {
    used += column.width + 2;
    return i === 0 || used <= width;
  });
  const line = (time: string, cells: readonly string[]): string =>
    `${time.padStart(12)}${cells.map((text, i) => `  ${text.padStart(fitting[i]!.width)}`).join('')}`;
  return [
    '',
    line(
      'seconds',
      fitting.map(({ title }) => title),
    ),
    ...Array.from(longest.time, (time, row) =>
      line(
        (time / 1e9).toFixed(3),
        fitting.map(({ cells }) => cells[row]!),
      ),
    ),
  ];
}

/** Memory is looked at by another clock than perf's: the intervals are matched by their number. */
function cellOf({ value, unit }: Series, row: number): string {
  const at = value[row];
  if (at === undefined) return '-';
  const { text, unit: shown } = quantity(at, unit);
  return unit === 'bytes' ? `${text} ${shown}` : text;
}
