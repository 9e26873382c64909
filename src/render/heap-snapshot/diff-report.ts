import type { ClassChange } from '../../heap/comparison.ts';
import type { LeakSuspect } from '../../heap/suspects.ts';
import { formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd } from '../../terminal/string-width.ts';
import { layOutColumns } from '../dhat/columns-text.ts';
import { comparisonLines, signed } from './comparison-text.ts';
import { type Colors, fullLook, type HeapLook } from './look.ts';
import { suspectJson, suspectLines } from './suspects-text.ts';

/** Several snapshots of one process, compared. */
export interface HeapComparison {
  /** In the order of time. */
  readonly snapshots: readonly { readonly name: string; readonly bytes: number; readonly nodes: number }[];
  /** From the first to the last. */
  readonly changes: readonly ClassChange[];
  /** What grew from each to the next. */
  readonly suspects: readonly LeakSuspect[];
  readonly notes: readonly string[];
}

/** Suspects that are told in words, down to a share of what the first one grew by; the others are a number. */
const MOST_SUSPECTS = 5;
const LEAST_SHARE = 0.01;

/** How the heap changed, by constructor, and who holds what came. */
export function heapComparisonText(comparison: HeapComparison, look: HeapLook): string {
  const { width, limit, colors } = fullLook(look);
  const { snapshots, changes, suspects } = comparison;
  const lines = [...sizeLines(snapshots, width, colors), '', ...comparisonLines(changes, { width, colors, limit }), ''];
  const every = snapshots.length > 2 ? 'Grows with every snapshot' : 'Holds more than before';
  if (suspects.length === 0) {
    lines.push(snapshots.length > 2 ? 'Nothing grows with every snapshot.' : 'Nothing holds more than before.');
  } else {
    const least = growthOf(suspects[0]!) * LEAST_SHARE;
    const shown = suspects.slice(0, MOST_SUSPECTS).filter((suspect) => growthOf(suspect) >= least);
    lines.push(colors.bold(shortenEnd(`${every}, the most bytes first:`, width)), '');
    lines.push(...suspectLines(shown, { width, colors, each: 'snapshot' }));
    const rest = suspects.slice(shown.length);
    if (rest.length > 0) {
      const bytes = rest.reduce((sum, suspect) => sum + growthOf(suspect), 0);
      lines.push('', colors.dim(`... ${rest.length} more: +${formatValue(bytes, 'bytes')}`));
    }
  }
  return `${lines.join('\n')}\n`;
}

function growthOf({ sizes }: LeakSuspect): number {
  return sizes.at(-1)! - sizes[0]!;
}

/** The sizes of the snapshots, and by how much each is larger than the one before it. */
export function sizeLines(snapshots: HeapComparison['snapshots'], width: number, colors: Colors): string[] {
  const bytes = (value: number): string => formatValue(value, 'bytes');
  const rows = snapshots.map((snapshot, i) => {
    const before = snapshots[i - 1];
    const more = before === undefined ? '' : signed(snapshot.bytes - before.bytes, bytes);
    return { cells: [bytes(snapshot.bytes), more, groupDigits(snapshot.nodes)], label: escapeTerminal(snapshot.name) };
  });
  const [titles, ...table] = layOutColumns(['Bytes', 'Change', 'Objects'], 'Snapshot', rows, width);
  return [colors.dim(titles!), ...table.map((line) => colors.bold(line))];
}

export function heapComparisonJson({ snapshots, changes, suspects, notes }: HeapComparison): object {
  return {
    format: 'heapsnapshot',
    snapshots,
    growth: snapshots.at(-1)!.bytes - snapshots[0]!.bytes,
    classes: changes.map(({ key: _, ...change }) => change),
    suspects: suspects.map(suspectJson),
    notes,
  };
}
