import pc from 'picocolors';
import type { BranchResult } from '../history/branch-results.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import type { TextLook } from '../terminal/text-look.ts';
import { type TextColumn, tableLines } from './diff/columns-text.ts';
import { changeWords, seriesNames, valueWords } from './history-text.ts';

const LEAST_NAME = 16;
const DIGITS = 4;

/** What a branch measured beside the levels of the one it goes into, a line each. Ends in a newline. */
export function branchText(
  { name, beside, results }: { name: string; beside: string; results: readonly BranchResult[] },
  look: TextLook,
): string {
  const { bold, dim, red, green } = pc.createColors(look.color);
  const column = (title: string, cells: readonly string[], more: Partial<TextColumn>): TextColumn => ({
    title,
    cells,
    side: 'left',
    dispensable: 0,
    ...more,
  });
  const verdicts = results.map(({ verdict }) => verdict);
  const columns: TextColumn[] = [
    column('series', results.map(seriesNames(results)), { side: 'right', least: LEAST_NAME }),
    column(
      'measured',
      results.map(({ value, unit }) => valueWords(value, unit)),
      {},
    ),
    column(
      'level',
      results.map(({ level, unit }) => (level === undefined ? '' : reckonedWords(level.value, unit))),
      {},
    ),
    column('one more may be', results.map(boundsWords), { side: 'right', dispensable: 1 }),
    column('verdict', results.map(verdictWords), {
      side: 'right',
      paint: (text, row) =>
        verdicts[row] === 'regressed' ? red(text) : verdicts[row] === 'improved' ? green(text) : text,
    }),
  ];
  const heading = bold(`${escapeTerminal(name)} beside the newest level of ${escapeTerminal(beside)}`);
  return [heading, ...tableLines(columns, results.length, look.width, dim)]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** `+12.0 % off the level of main, 100 ns` */
export function besideWords({ change, level, unit }: BranchResult, beside: string): string {
  return `${changeWords({ change: change! })} off the level of ${escapeTerminal(beside)}, ${reckonedWords(level!.value, unit)}`;
}

function boundsWords({ level, unit }: BranchResult): string {
  return level === undefined ? '' : `${reckonedWords(level.low, unit)} to ${reckonedWords(level.high, unit)}`;
}

/** What was not measured has no more digits than it is sure of. */
function reckonedWords(value: number, unit: string): string {
  return valueWords(Number(value.toPrecision(DIGITS)), unit);
}

function verdictWords({ verdict, change, runs }: BranchResult): string {
  if (verdict === 'unknown') return 'no level yet';
  const of = runs > 1 ? `, ${runs} runs` : '';
  return `${verdict === 'same' ? 'on the level' : verdict} ${changeWords({ change: change! })}${of}`;
}
