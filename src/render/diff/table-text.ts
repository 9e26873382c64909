import pc from 'picocolors';
import type { Changes, Comparison, Side, Verdict } from '../../profile/diff/comparison.ts';
import { changesByEffect } from '../../profile/diff/order.ts';
import { formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';
import { placeOf } from '../frame-words.ts';
import type { Colors } from '../kind-paint.ts';
import {
  afterWords,
  beforeWords,
  changeWords,
  findingWords,
  intervalWords,
  isUntested,
  rulesWords,
  sideWords,
} from './change-words.ts';
import { byShares, type ChangedRow, changedRow, pathNames, pathsByEffect, worthListing } from './changed-row.ts';
import { type TextColumn, tableLines } from './columns-text.ts';
import { verdictWords } from './effect.ts';

export interface DiffTextOptions {
  /** Rows of each table. Default 15. */
  readonly limit?: number;
  /** Columns that a line may take. Default 100. */
  readonly width?: number;
  /** Default false. */
  readonly color?: boolean;
}

const LEAST_NAME = 24;
const LEAST_PLACE = 14;
const LEAST_PATH = 30;
/** No line shows more frames. */
const LONGEST_PATH = 1000;
const STEP = ' > ';
const CUT = `…${STEP}`;

/**
 * A comparison in words: what was compared, what changed significantly, the functions and the paths that changed most.
 * No line is wider than `width` columns; names are escaped. Ends in a newline.
 */
export function diffText(comparison: Comparison, options: DiffTextOptions = {}): string {
  const { limit = 15, width = 100 } = options;
  const { functions, paths, profile } = comparison;
  const colors = pc.createColors(options.color ?? false);
  const lines = heading(comparison, width, colors);
  const table = (
    order: readonly number[],
    changes: Changes,
    frameOf: Int32Array,
    textsOf: (rows: readonly ChangedRow[], shown: readonly number[]) => readonly TextColumn[],
  ): void => {
    const listed = worthListing(order, changes);
    const shown = listed.slice(0, limit);
    if (shown.length === 0) return;
    const rows = shown.map((row) => changedRow(comparison, changes, row, frameOf[row]!));
    const columns = [...numberColumns(comparison, rows, colors), ...textsOf(rows, shown)];
    lines.push('', ...tableLines(columns, rows.length, width, colors.dim));
    const rest = listed.length - shown.length;
    if (rest > 0) lines.push(colors.dim(shortenEnd(`... ${groupDigits(rest)} more (--top ${listed.length})`, width)));
  };
  table(changesByEffect(functions), functions, functions.frame, (rows) => functionColumns(rows, colors));
  table(pathsByEffect(comparison), paths, profile.stacks.frame, (_, shown) => [pathColumn(comparison, shown)]);
  return `${lines.join('\n')}\n`;
}

function heading(comparison: Comparison, width: number, colors: Colors): string[] {
  const { before, after } = comparison;
  const side = (title: string, of: Side): string => {
    const words = sideWords(of, comparison)
      .map((part) => `  ${escapeTerminal(part)}`)
      .join('');
    const room = Math.max(LEAST_NAME, width - title.length - words.length);
    return colors.bold(shortenEnd(`${title}${shortenMiddle(escapeTerminal(of.name), room)}${words}`, width));
  };
  const isFound = !isUntested(comparison) && comparison.significant > 0;
  return [
    side('before  ', before),
    side('after   ', after),
    ...wrapped(findingWords(comparison), width).map(isFound ? colors.bold : colors.reset),
    ...rulesWords(comparison)
      .flatMap((line) => wrapped(line, width))
      .map(colors.dim),
  ];
}

/** A sentence of ours, cut between words into lines. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(shortenEnd(word, width));
  }
  return lines;
}

function numberColumns(comparison: Comparison, rows: readonly ChangedRow[], colors: Colors): TextColumn[] {
  const { unit } = comparison.unit;
  const column = (
    title: string,
    dispensable: number,
    cellOf: (row: ChangedRow) => string,
    paint?: TextColumn['paint'],
  ): TextColumn => ({
    title,
    side: 'left',
    dispensable,
    cells: rows.map((row) => escapeTerminal(cellOf(row))),
    ...(paint === undefined ? {} : { paint }),
  });
  const level = `${Number(((1 - comparison.alpha) * 100).toPrecision(4))}% interval`;
  const verdicts: TextColumn = {
    title: 'verdict',
    side: 'right',
    dispensable: 0,
    cells: rows.map(({ verdict }) => verdictWords(verdict)),
    paint: (text, row) => verdictPaint(colors, rows[row]!.verdict)(text),
  };
  return [
    column('before', 3, (row) => beforeWords(row, comparison)),
    column('after', 3, (row) => afterWords(row, comparison)),
    column(
      byShares(comparison) ? 'points' : 'change',
      0,
      (row) => changeWords(row, comparison),
      (text, row) => verdictPaint(colors, rows[row]!.verdict)(text),
    ),
    column(level, 4, (row) => intervalWords(row, comparison), colors.dim),
    // Above the tables it says that nothing is significant
    ...(rows.every(({ verdict }) => verdict === 'unchanged') ? [] : [verdicts]),
    column('weight before', 6, ({ before }) => formatValue(before, unit)),
    column('after', 6, ({ after }) => formatValue(after, unit)),
  ];
}

function functionColumns(rows: readonly ChangedRow[], colors: Colors): TextColumn[] {
  const name: TextColumn = {
    title: 'function',
    side: 'right',
    dispensable: 0,
    least: LEAST_NAME,
    cells: rows.map((row) => escapeTerminal(row.name)),
  };
  const places = rows.map((row) => escapeTerminal(placeOf(row)));
  if (places.every((place) => place === '')) return [name];
  return [
    name,
    { title: 'where', side: 'right', dispensable: 5, least: LEAST_PLACE, cells: places, paint: colors.dim },
  ];
}

function pathColumn(comparison: Comparison, paths: readonly number[]): TextColumn {
  const names = paths.map((path) => pathNames(comparison, path).map(escapeTerminal));
  return {
    title: 'path',
    side: 'right',
    dispensable: 0,
    least: LEAST_PATH,
    cells: names.map((path) => (path.length > LONGEST_PATH ? pathText(path, LONGEST_PATH * 10) : path.join(STEP))),
    shorten: (row, width) => pathText(names[row]!, width),
  };
}

/** The end of a path, as many whole names as fit: `… > parse > scan`. */
function pathText(names: readonly string[], width: number): string {
  let text = shortenMiddle(names.at(-1)!, Math.max(0, width - CUT.length));
  for (let i = names.length - 2; i >= 0; i--) {
    const longer = names[i]! + STEP + text;
    if (stringWidth(longer) > width - (i === 0 ? 0 : CUT.length)) return shortenEnd(CUT + text, width);
    text = longer;
  }
  return text;
}

function verdictPaint(colors: Colors, verdict: Verdict): (text: string) => string {
  if (verdict === 'grew' || verdict === 'new') return colors.red;
  if (verdict === 'shrank' || verdict === 'gone') return colors.blue;
  return colors.dim;
}
