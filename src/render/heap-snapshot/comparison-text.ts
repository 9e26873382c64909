import type { ClassChange } from '../../heap/comparison.ts';
import { formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { layOutColumns } from '../dhat/columns-text.ts';
import type { Colors } from './look.ts';

export interface ComparisonLook {
  readonly width: number;
  readonly colors: Colors;
  readonly limit: number;
}

/** DevTools' comparison: new, deleted, and what remains of it, by constructor; what changed most comes first. */
export function comparisonLines(changes: readonly ClassChange[], { width, colors, limit }: ComparisonLook): string[] {
  if (changes.length === 0) return ['no object came, none went'];
  const sorted = [...changes].sort((a, b) => Math.abs(b.sizeDelta) - Math.abs(a.sizeDelta));
  const shown = sorted.slice(0, limit);
  const rows = shown.map((change) => ({
    cells: [
      signed(change.sizeDelta, (bytes) => formatValue(bytes, 'bytes')),
      signed(change.countDelta, groupDigits),
      groupDigits(change.addedCount),
      groupDigits(change.removedCount),
      formatValue(change.addedSize, 'bytes'),
      formatValue(change.removedSize, 'bytes'),
    ],
    label: escapeTerminal(change.name),
  }));
  const titles = ['Size delta', 'Delta', 'New', 'Deleted', 'Alloc. size', 'Freed size'];
  const [head, ...table] = layOutColumns(titles, 'Constructor', rows, width);
  const lines = [colors.dim(head!)];
  for (const [i, line] of table.entries()) {
    const { sizeDelta } = shown[i]!;
    lines.push(sizeDelta > 0 ? colors.red(line) : sizeDelta < 0 ? colors.green(line) : line);
  }
  if (changes.length > shown.length) {
    const rest = sorted.slice(limit).reduce((sum, { sizeDelta }) => sum + sizeDelta, 0);
    const more = `... ${groupDigits(changes.length - shown.length)} more: ${signed(rest, (bytes) => formatValue(bytes, 'bytes'))}`;
    lines.push(colors.dim(more));
  }
  return lines;
}

/** `+1.2 MiB`, `-3`, `0` */
export function signed(value: number, words: (size: number) => string): string {
  return `${value > 0 ? '+' : value < 0 ? '-' : ''}${words(Math.abs(value))}`;
}
