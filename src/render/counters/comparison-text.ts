import pc from 'picocolors';
import type { ChangeVerdict, CounterChange, CounterComparison } from '../../profile/counters/compare.ts';
import type { CounterRuns } from '../../profile/counters/counter-runs.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenEnd, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';
import { countedVerdicts, intervalText, percentText, probabilityText, valueText } from './change-words.ts';
import { subjectTitle } from './subject-title.ts';
import { wrapWords } from './wrap-words.ts';

export interface ComparisonTextOptions {
  /** Columns that a line may take. */
  readonly width: number;
  readonly color: boolean;
}

type Paint = ReturnType<typeof pc.createColors>;

interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  readonly side: 'left' | 'right';
}

/** Names are not cut below this; columns go before that. */
const LEAST_NAME = 16;
const GAP = '  ';

/** What changed from one side to the other, as a table; ends in a newline. No line is wider than `width` columns. */
export function comparisonText(
  before: CounterRuns,
  after: CounterRuns,
  comparison: CounterComparison,
  options: ComparisonTextOptions,
): string {
  const paint = pc.createColors(options.color);
  const { width } = options;
  const title = (word: string, runs: CounterRuns): string => {
    const turns = comparison.pairing === 'interleaved' ? ', in turns' : '';
    const count = ` (${runs.runs} ${runs.runs === 1 ? 'run' : 'runs'}${turns})`;
    const told = width - word.length - count.length >= LEAST_NAME ? count : '';
    const name = shortenMiddle(escapeTerminal(subjectTitle(runs)), width - word.length - told.length - 2);
    return ` ${paint.dim(word)} ${paint.bold(name)}${told}`;
  };
  const { changes } = comparison;
  const lines = [
    '',
    title('before', before),
    title('after ', after),
    '',
    ...table(changes, width, paint),
    '',
    ...wrapWords(countedVerdicts(comparison), width - 1).map((line) => ` ${line}`),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function table(changes: readonly CounterChange[], width: number, paint: Paint): string[] {
  const of = (verdict: ChangeVerdict) => colorOf(verdict, paint);
  const column = (title: string, cell: (change: CounterChange) => string, side: Column['side'] = 'left'): Column => ({
    title,
    side,
    cells: changes.map((change) => escapeTerminal(cell(change))),
  });
  const name = column('counter', (change) => change.name, 'right');
  const verdict = column('verdict', (change) => change.verdict, 'right');
  const numbers: Column[] = [
    column('before', (change) => valueText(change.before, change.unit)),
    column('after', (change) => valueText(change.after, change.unit)),
    column('change', (change) => percentText(change.change)),
  ];
  // The most useful first: they are there as far as there is room
  const more: Column[] = [
    column('95% interval', intervalText),
    column('p', (change) => probabilityText(change.adjusted)),
  ];
  const widthOf = ({ title, cells }: Column): number => Math.max(title.length, ...cells.map(stringWidth));
  const taken = (columns: readonly Column[]): number =>
    columns.reduce((sum, one) => sum + widthOf(one) + GAP.length, 1);
  for (const extra of more) if (taken([...numbers, extra, verdict]) + LEAST_NAME <= width) numbers.push(extra);
  const nameWidth = Math.max(1, Math.min(widthOf(name), width - taken([...numbers, verdict])));
  const columns = [name, ...numbers, verdict];
  // Only a window narrower than the numbers cuts them
  const fits = 1 + nameWidth + taken([...numbers, verdict]) - 1 <= width;
  const line = (cell: (one: Column) => string, row: number): string => {
    const texts = columns.map((one, i) => {
      const space = i === 0 ? nameWidth : widthOf(one);
      return padColumns(i === 0 ? shortenMiddle(cell(one), space) : cell(one), space, one.side);
    });
    const whole = ` ${texts.join(GAP)}`.trimEnd();
    const shown = fits ? whole : shortenEnd(whole, width);
    return row < 0 ? paint.dim(shown) : of(changes[row]!.verdict)(shown);
  };
  return [line(({ title }) => title, -1), ...changes.map((_change, row) => line(({ cells }) => cells[row]!, row))];
}

function colorOf(verdict: ChangeVerdict, paint: Paint): (text: string) => string {
  switch (verdict) {
    case 'regressed':
      return paint.red;
    case 'improved':
      return paint.green;
    case 'changed':
      return paint.yellow;
    case 'same':
      return (text) => text;
    default:
      return paint.dim;
  }
}
