import type { LoadChange } from '../../load/compare.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortTime } from './load-numbers.ts';

const TITLES = new Map([
  ['rps', 'Requests/sec'],
  ['mean', 'Latency mean'],
  ['max', 'Latency max'],
  ['errors', 'Failed'],
]);

/** Two loads side by side: a row a figure, its change, and how sure that is. */
export function* loadDiffText(names: readonly [string, string], changes: readonly LoadChange[]): Iterable<string> {
  yield `Before: ${escapeTerminal(names[0])}\nAfter:  ${escapeTerminal(names[1])}\n\n`;
  const rows = changes.map((change) => [
    TITLES.get(change.name) ?? `Latency ${change.name}`,
    valueText(change.before, change),
    valueText(change.after, change),
    percentText(change.change),
    change.low === undefined ? '' : `${percentText(change.low)} .. ${percentText(change.high)}`,
    change.verdict,
  ]);
  const heads = ['', 'before', 'after', 'change', '99 % interval', ''];
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  for (const row of [heads, ...rows]) {
    const cells = row.map((cell, i) =>
      i === 0 || i === row.length - 1 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!),
    );
    yield `${cells.join('  ').trimEnd()}\n`;
  }
}

function valueText(value: number, { unit }: LoadChange): string {
  if (unit === 'us') return shortTime(value);
  return unit === 'share' ? `${(value * 100).toFixed(2)} %` : value.toFixed(1);
}

function percentText(part: number | undefined): string {
  if (part === undefined) return '';
  return `${part > 0 ? '+' : ''}${(part * 100).toFixed(1)} %`;
}
