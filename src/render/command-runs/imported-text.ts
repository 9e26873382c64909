import pc from 'picocolors';
import { changeText, signedTimeText } from '../../bench/criterion/units.ts';
import type { ImportedJson } from '../../bench/import/imported-json.ts';
import type { EstimateJson } from '../../bench/result-json.ts';
import { groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';

export interface ImportedTextOptions {
  /** Columns that a line may take. */
  readonly width: number;
  readonly color: boolean;
}

/** Names are not cut below this; columns go before that. */
const LEAST_NAME = 20;
const GAP = '  ';

interface Column {
  readonly title: string;
  readonly cells: readonly string[];
}

/** What other harnesses measured, as a table; ends in a newline. */
export function importedText(
  rows: readonly ImportedJson[],
  formats: readonly string[],
  { width, color }: ImportedTextOptions,
): string {
  const paint = pc.createColors(color);
  const heading = `${rows.length} ${rows.length === 1 ? 'benchmark' : 'benchmarks'} (${formats.join(', ')})`;
  if (rows.length === 0) return `${heading}\n`;
  const all: Column[] = [
    { title: 'mean', cells: rows.map((row) => valueText(mainOf(row)?.point_estimate, row)) },
    { title: 'interval', cells: rows.map((row) => intervalText(mainOf(row), row)) },
    { title: 'σ', cells: rows.map((row) => valueText(row.estimates.std_dev?.point_estimate, row)) },
    { title: 'median', cells: rows.map((row) => valueText(row.estimates.median?.point_estimate, row)) },
    {
      title: 'change',
      cells: rows.map(({ change }) => (change === undefined ? '' : changeText(change.mean.point_estimate).trim())),
    },
  ].filter(({ cells }) => cells.some((cell) => cell !== ''));
  const names = rows.map(({ name }) => escapeTerminal(name));
  const columns = fitting(all, width);
  const taken = columns.reduce((sum, column) => sum + GAP.length + widthOf(column), 0);
  const room = Math.max(LEAST_NAME, width - taken);
  const nameWidth = Math.min(room, Math.max(...names.map(stringWidth), 'benchmark'.length));
  const line = (name: string, cells: readonly string[]): string =>
    [padColumns(name, nameWidth), ...columns.map((column, i) => padColumns(cells[i]!, widthOf(column), 'left'))]
      .join(GAP)
      .trimEnd();
  return [
    heading,
    '',
    paint.dim(
      line(
        'benchmark',
        columns.map(({ title }) => title),
      ),
    ),
    ...names.map((name, at) =>
      line(
        shortenMiddle(name, nameWidth),
        columns.map(({ cells }) => cells[at]!),
      ),
    ),
    '',
  ].join('\n');
}

/** The rightmost columns go where there is no room. */
function fitting(columns: readonly Column[], width: number): readonly Column[] {
  const shown: Column[] = [];
  let taken = LEAST_NAME;
  for (const column of columns) {
    taken += GAP.length + widthOf(column);
    if (taken > width && shown.length > 0) break;
    shown.push(column);
  }
  return shown;
}

function widthOf({ title, cells }: Column): number {
  return Math.max(stringWidth(title), ...cells.map(stringWidth));
}

function mainOf({ estimates }: ImportedJson): EstimateJson | undefined {
  return estimates.mean ?? estimates.slope ?? estimates.median;
}

function valueText(value: number | undefined, { unit }: ImportedJson): string {
  if (value === undefined) return '';
  return unit === 'ns' ? signedTimeText(value) : `${groupDigits(value, 3)} ${escapeTerminal(unit)}`;
}

function intervalText(estimate: EstimateJson | undefined, row: ImportedJson): string {
  const { lower_bound: lower, upper_bound: upper } = estimate?.confidence_interval ?? {};
  if (lower === undefined || upper === undefined || Number.isNaN(lower) || Number.isNaN(upper)) return '';
  return `${valueText(lower, row)} … ${valueText(upper, row)}`;
}
