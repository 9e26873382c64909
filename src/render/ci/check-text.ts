import pc from 'picocolors';
import type { CheckReport, CheckRow } from '../../history/check-report.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import type { TextLook } from '../../terminal/text-look.ts';
import { type TextColumn, tableLines } from '../diff/columns-text.ts';
import {
  excessWords,
  intervalWords,
  limitWords,
  quantityWords,
  sinceWords,
  stateOf,
  subjectWords,
  totalsWords,
  urgentFirst,
} from './row-words.ts';

const LEAST_NAME = 18;
const LEAST_SINCE = 12;

/** What failed, by how much and since when; then the rest. Ends in a newline. */
export function checkText(report: CheckReport, look: TextLook): string {
  const { bold, dim, red, green, yellow } = pc.createColors(look.color);
  const rows = urgentFirst(report.rows);
  const paints = { failed: red, warning: yellow, inconclusive: yellow, passed: green };
  const column = (title: string, cells: readonly string[], more: Partial<TextColumn> = {}): TextColumn => ({
    title: cells.every((cell) => cell === '') ? '' : title,
    cells: cells.map(escapeTerminal),
    side: 'left',
    dispensable: 0,
    ...more,
  });
  const columns = [
    column('', rows.map(stateOf), { side: 'right', paint: (text, row) => paints[stateOf(rows[row]!)](text) }),
    column('measured', rows.map(subjectWords), { side: 'right', least: LEAST_NAME }),
    column(
      'value',
      rows.map((row) => quantityWords(row.value, row.unit)),
    ),
    column('interval', rows.map(intervalWords), { side: 'right', dispensable: 2 }),
    column('limit', rows.map(shortLimit), { side: 'right' }),
    column('of', rows.map(baseWords), { side: 'right', dispensable: 3 }),
    column('beyond', rows.map(excessWords)),
    column('since', rows.map(sinceWords), { side: 'right', least: LEAST_SINCE, dispensable: 1 }),
  ].filter(({ cells }) => cells.some((cell) => cell !== ''));
  const lines = rows.length === 0 ? [] : [...tableLines(columns, rows.length, look.width, dim), ''];
  for (const row of rows.filter(({ why }) => why !== undefined)) {
    lines.push(`${escapeTerminal(row.budget)}: ${escapeTerminal(row.why!)}`);
  }
  lines.push(bold(totalsWords(report)));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function shortLimit(row: CheckRow): string {
  return row.limit === undefined ? '' : `${row.limit.operator} ${quantityWords(row.limit.value, row.unit)}`;
}

function baseWords({ limit, unit }: CheckRow): string {
  const base = limit?.base;
  return base === undefined ? '' : `${quantityWords(base.value, unit)} (${base.source})`;
}

/** What `--json` prints. Fields may be added; these stay. */
export function checkJson(report: CheckReport): object {
  const { title, suite, commit, rows, results, notes } = report;
  const count = (state: string): number => rows.filter((row) => stateOf(row) === state).length;
  return {
    version: 1,
    kind: 'check',
    title,
    suite,
    commit,
    failed: count('failed'),
    warnings: count('warning'),
    inconclusive: count('inconclusive'),
    passed: count('passed'),
    rows: rows.map((row) => ({ ...row, value: row.value ?? null, limitText: limitWords(row) })),
    results,
    notes,
  };
}
