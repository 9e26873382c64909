import pc from 'picocolors';
import type { Comparison, Verdict } from '../../profile/diff/comparison.ts';
import { formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd } from '../../terminal/string-width.ts';
import { placeOf } from '../frame-words.ts';
import type { Colors } from '../kind-paint.ts';
import {
  changeWords,
  findingWords,
  intervalWords,
  isUntested,
  scaleWords,
  sideWords,
  verdictWords,
} from './change-words.ts';
import { byEffect, byShares, type ChangedRow, changedRow, isChange, pathNames, pathsByEffect } from './changed-row.ts';
import { type TextColumn, tableLines } from './columns-text.ts';

export interface DiffTextOptions {
  /** Rows of each table. Default 15. */
  readonly limit?: number;
  /** Columns that a line may take. Default 100. */
  readonly width?: number;
  /** Default false. */
  readonly color?: boolean;
}

const LEAST_NAME = 14;
/** Longer paths are cut in the middle before they are laid out. */
const LONGEST_PATH = 400;

/**
 * A comparison in words: what was compared, what changed significantly, the functions and the stacks that changed most.
 * No line is wider than `width` columns; names are escaped. Ends in a newline.
 */
export function diffText(comparison: Comparison, options: DiffTextOptions = {}): string {
  const { limit = 15, width = 100 } = options;
  const colors = pc.createColors(options.color ?? false);
  const lines = heading(comparison, colors).map(([text, paint]) => paint(shortenEnd(escapeTerminal(text), width)));
  const functions = byEffect(comparison.functions);
  const stacks = pathsByEffect(comparison);
  const functionRows = functions
    .slice(0, limit)
    .map((row) => changedRow(comparison, comparison.functions, row, comparison.functions.frame[row]!));
  const pathRows = stacks
    .slice(0, limit)
    .map((row) => changedRow(comparison, comparison.paths, row, comparison.profile.stacks.frame[row]!));
  const table = (rows: readonly ChangedRow[], texts: readonly TextColumn[], all: number): void => {
    if (rows.length === 0) return;
    lines.push(
      '',
      ...tableLines([...numberColumns(comparison, rows, colors), ...texts], rows.length, width, colors.dim),
    );
    if (all > rows.length) lines.push(colors.dim(`... ${groupDigits(all - rows.length)} more`));
  };
  table(functionRows, functionColumns(functionRows, colors), functions.length);
  table(pathRows, [pathColumn(comparison, stacks.slice(0, limit), pathRows, colors)], stacks.length);
  return `${lines.join('\n')}\n`;
}

function heading(comparison: Comparison, colors: Colors): [string, (text: string) => string][] {
  const { before, after } = comparison;
  const found = !isUntested(comparison) && comparison.significant > 0;
  return [
    [`before  ${[before.name, ...sideWords(before, comparison)].join('  ')}`, colors.bold],
    [`after   ${[after.name, ...sideWords(after, comparison)].join('  ')}`, colors.bold],
    [scaleWords(comparison), colors.dim],
    [findingWords(comparison), found ? colors.bold : (text) => text],
  ];
}

function numberColumns(comparison: Comparison, rows: readonly ChangedRow[], colors: Colors): TextColumn[] {
  const { unit } = comparison.unit;
  const column = (
    title: string,
    importance: number,
    cellOf: (row: ChangedRow) => string,
    paint?: TextColumn['paint'],
  ): TextColumn => ({
    title,
    side: 'left',
    importance,
    cells: rows.map((row) => escapeTerminal(cellOf(row))),
    ...(paint === undefined ? {} : { paint }),
  });
  const level = `${Number(((1 - comparison.alpha) * 100).toPrecision(4))}% interval`;
  return [
    column('before', 6, ({ before }) => formatValue(before, unit)),
    column('%', 2, ({ beforePercent }) => `${beforePercent.toFixed(2)}%`),
    column('after', 5, ({ after }) => formatValue(after, unit)),
    column('%', 1, ({ afterPercent }) => `${afterPercent.toFixed(2)}%`),
    column(
      byShares(comparison) ? 'points' : 'change',
      0,
      (row) => changeWords(row, comparison),
      (text, row) => verdictPaint(colors, rows[row]!.verdict)(text),
    ),
    column(level, 3, (row) => intervalWords(row, comparison), colors.dim),
    {
      title: 'verdict',
      side: 'right',
      importance: 0,
      cells: rows.map(({ verdict }) => verdictWords(verdict)),
      paint: (text, row) => verdictPaint(colors, rows[row]!.verdict)(text),
    },
  ];
}

function functionColumns(rows: readonly ChangedRow[], colors: Colors): TextColumn[] {
  const name: TextColumn = {
    title: 'function',
    side: 'right',
    importance: 0,
    least: LEAST_NAME,
    cells: rows.map((row) => escapeTerminal(row.name)),
  };
  const places = rows.map((row) => escapeTerminal(placeOf(row)));
  if (places.every((place) => place === '')) return [name];
  return [name, { title: 'where', side: 'right', importance: 4, least: LEAST_NAME, cells: places, paint: colors.dim }];
}

function pathColumn(
  comparison: Comparison,
  paths: readonly number[],
  rows: readonly ChangedRow[],
  colors: Colors,
): TextColumn {
  return {
    title: 'stack in which it changed',
    side: 'right',
    importance: 0,
    least: LEAST_NAME,
    cells: paths.map((path) => pathText(comparison, path)),
    paint: (text, row) => (isChange(rows[row]!.verdict) ? text : colors.dim(text)),
  };
}

/** `main > parse > scan`; of a very long one its start and its end. */
function pathText(comparison: Comparison, path: number): string {
  const names = pathNames(comparison, path).map(escapeTerminal);
  let length = 0;
  let kept = names.length;
  while (kept > 1 && length + names[kept - 1]!.length < LONGEST_PATH) length += names[--kept]!.length;
  return kept <= 1 ? names.join(' > ') : [names[0], '…', ...names.slice(kept)].join(' > ');
}

function verdictPaint(colors: Colors, verdict: Verdict): (text: string) => string {
  if (verdict === 'grew' || verdict === 'new') return colors.red;
  if (verdict === 'shrank' || verdict === 'gone') return colors.blue;
  return colors.dim;
}
