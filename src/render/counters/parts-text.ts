import type { PartCounters } from '../../profile/counters/counter-runs.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenMiddle } from '../../terminal/string-width.ts';
import { quantity } from './counter-values.ts';

/** Threads that are shown; the other formats have all. */
const MOST = 30;
const LONGEST_NAME = 28;

/** Threads, processors or the like as a table, the busiest first; as many counters as the width has room for. */
export function partsText(parts: readonly PartCounters[], { width }: { readonly width: number }): string[] {
  if (parts.length === 0) return [];
  const names = [
    ...new Set(
      parts.flatMap(({ counters }) => counters.filter(({ missing }) => missing === undefined).map(({ name }) => name)),
    ),
  ];
  const first = names.find((name) => /^(task-clock|cpu-time|cpu-clock|cycles)/.test(name)) ?? names[0];
  const value = (part: PartCounters, name: string): number =>
    part.counters.find((column) => column.name === name && column.missing === undefined)?.values.at(-1) ?? Number.NaN;
  const sorted =
    first === undefined ? [...parts] : [...parts].sort((a, b) => (value(b, first) || 0) - (value(a, first) || 0));
  const rows = sorted.slice(0, MOST);
  const title = `${parts[0]!.part.kind}s`;
  const labels = rows.map(({ part }) => shortenMiddle(escapeTerminal(part.name), LONGEST_NAME));
  const labelWidth = Math.max(title.length, ...labels.map(({ length }) => length));
  const columns = names.map((name) => {
    const unit = parts.flatMap(({ counters }) => counters).find((column) => column.name === name)?.unit ?? '';
    const cells = rows.map((part) => cell(value(part, name), unit));
    const shown = escapeTerminal(unit === 'ns' ? `${name} msec` : name);
    return { shown, cells, width: Math.max(shown.length, ...cells.map(({ length }) => length)) };
  });
  let used = labelWidth + 1;
  const fitting = columns.filter((column, i) => {
    used += column.width + 2;
    return i === 0 || used <= width;
  });
  const line = (label: string, cells: readonly string[]): string =>
    ` ${padColumns(label, labelWidth, 'right')}${cells.map((text, i) => `  ${text.padStart(fitting[i]!.width)}`).join('')}`;
  return [
    '',
    line(
      title,
      fitting.map(({ shown }) => shown),
    ),
    ...rows.map((_, row) =>
      line(
        labels[row]!,
        fitting.map(({ cells }) => cells[row]!),
      ),
    ),
    ...(parts.length > MOST ? [` ... ${parts.length - MOST} more`] : []),
  ];
}

function cell(value: number, unit: string): string {
  return Number.isNaN(value) ? '-' : quantity(value, unit).text;
}
