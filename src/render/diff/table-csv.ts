import type { Comparison } from '../../profile/diff/comparison.ts';
import { changesByEffect } from '../../profile/diff/order.ts';
import { csvLine } from '../csv-line.ts';
import { type ChangedRow, changedRow, pathNames } from './changed-row.ts';

export interface DiffCsvOptions {
  /** Rows of functions, and of paths. Default: all. */
  readonly limit?: number;
}

/** A path of more frames than this is told by its ends: a cell of a spreadsheet holds 32,767 characters. */
const LONGEST_PATH = 500;

/**
 * A comparison for spreadsheets: RFC 4180 with a line of titles; functions first, then paths, the significant changes
 * on top. Weights are raw numbers in the comparison's unit; an empty cell is a number that nothing could be tested for.
 */
export function* diffCsv(comparison: Comparison, { limit }: DiffCsvOptions = {}): Iterable<string> {
  const { functions, paths, profile } = comparison;
  yield 'what,verdict,before,before_percent,after,after_percent,delta,delta_percent,low,high,p,name,file,line,module,kind,path\r\n';
  for (const row of changesByEffect(functions).slice(0, limit)) {
    yield line('function', changedRow(comparison, functions, row, functions.frame[row]!), '');
  }
  for (const row of changesByEffect(paths).slice(0, limit)) {
    const names = pathNames(comparison, row);
    const path = names.length > LONGEST_PATH ? [...names.slice(0, 10), '...', ...names.slice(-LONGEST_PATH)] : names;
    yield line('path', changedRow(comparison, paths, row, profile.stacks.frame[row]!), path.join(';'));
  }
}

function line(what: string, row: ChangedRow, path: string): string {
  const percent = (value: number): string | number => number(Number(value.toFixed(4)));
  return csvLine([
    what,
    row.verdict,
    row.before,
    percent(row.beforePercent),
    row.after,
    percent(row.afterPercent),
    row.delta,
    percent(row.deltaPercent),
    number(row.low),
    number(row.high),
    number(row.p),
    row.name,
    row.file,
    row.line,
    row.module,
    row.kind,
    path,
  ]);
}

function number(value: number): string | number {
  return Number.isNaN(value) ? '' : value;
}
