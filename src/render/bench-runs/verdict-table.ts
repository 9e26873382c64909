import pc from 'picocolors';
import { timeText } from '../../bench/criterion/units.ts';
import { type BenchResult, typicalOf } from '../../bench/runner/result.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenMiddle, stringWidth } from '../../terminal/string-width.ts';
import { changeText, intervalText, type RunTextOptions, VERDICT_COLORS } from './run-text.ts';

/** A compared benchmark, each column as text. */
interface Row {
  readonly benchmark: string;
  readonly base: string;
  readonly head: string;
  readonly change: string;
  readonly interval: string;
}

/** What is left out first where the window is narrow, so that names can be told apart. */
const COLUMNS: readonly (readonly (keyof Row)[])[] = [
  ['benchmark', 'base', 'head', 'change', 'interval'],
  ['benchmark', 'change', 'interval'],
  ['benchmark', 'change'],
];
const VERDICT_WIDTH = 'inconclusive'.length;
const GAP = '  ';

/** All comparisons at a glance; '' for fewer than two. */
export function verdictTable(results: readonly BenchResult[], options: RunTextOptions): string {
  const paint = pc.createColors(options.color);
  const compared = results.filter(({ verdict }) => verdict !== undefined);
  if (compared.length < 2) return '';
  const rows = compared.map(rowOf);
  const widthOf = (column: keyof Row): number =>
    Math.max(...[column, ...rows.map((row) => row[column])].map(stringWidth));
  const needed = (columns: readonly (keyof Row)[]): number =>
    columns.reduce((sum, column) => sum + widthOf(column) + GAP.length, VERDICT_WIDTH);
  const columns = COLUMNS.find((each) => needed(each) <= options.width) ?? COLUMNS.at(-1)!;
  const excess = Math.max(0, needed(columns) - options.width);
  const nameWidth = Math.max(12, widthOf('benchmark') - excess);
  const cell = (column: keyof Row, text: string): string =>
    column === 'benchmark'
      ? padded(shortenMiddle(text, nameWidth), nameWidth)
      : ' '.repeat(widthOf(column) - stringWidth(text)) + text;
  const heading = [...columns.map((column) => cell(column, column)), 'verdict'].join(GAP);
  const lines = rows.map((row, at) => {
    const { verdict } = compared[at]!.verdict!;
    const word = paint[VERDICT_COLORS[verdict]](verdict);
    return [...columns.map((column) => cell(column, row[column])), word].join(GAP);
  });
  return `${[paint.dim(heading), ...lines].join('\n')}\n`;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

function rowOf({ found, head, base, stored, verdict }: BenchResult): Row {
  const { ratio } = verdict!;
  return {
    benchmark: escapeTerminal(found.id.title),
    base: timeText(typicalOf(base?.medians ?? stored!).point).trim(),
    head: timeText(typicalOf(head!.medians).point).trim(),
    change: changeText(ratio),
    interval: intervalText(verdict!),
  };
}
