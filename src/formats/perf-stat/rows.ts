import type { CounterRow } from '../../profile/counters/counter-row.ts';
import { csvRow, type MetricLine } from './csv.ts';
import { jsonRow } from './json-lines.ts';

/** The two layouts that perf stat makes for programs. */
export type MachineLayout = { readonly kind: 'json' } | { readonly kind: 'csv'; readonly separator: string };

/** What a machine layout of perf stat holds. */
export interface MachineRows {
  readonly rows: readonly CounterRow[];
  /** Numbers (1-based) of lines that are neither rows nor comments. */
  readonly strange: readonly number[];
}

/** Reads all of `perf stat -j` or `-x`: comments and empty lines are left out. */
export function machineRows(text: string, layout: MachineLayout): MachineRows {
  const rows: CounterRow[] = [];
  const strange: number[] = [];
  text.split('\n').forEach((line, index) => {
    const bare = line.replace(/\r$/, '');
    if (bare.trim() === '' || bare.startsWith('#')) return;
    const row = layout.kind === 'json' ? jsonRow(bare) : csvRow(bare, layout.separator);
    if (row === undefined) strange.push(index + 1);
    else if (!isMetricLine(row)) rows.push(row);
    else if (rows.length === 0) strange.push(index + 1);
    else {
      const last = rows.pop()!;
      rows.push({ ...last, metrics: [...last.metrics, row.metric] });
    }
  });
  return { rows, strange };
}

function isMetricLine(row: CounterRow | MetricLine): row is MetricLine {
  return !('event' in row);
}
