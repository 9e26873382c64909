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
  readonly paint?: (text: string, row: number) => string;
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
    const count = `(${runs.runs} ${runs.runs === 1 ? 'run' : 'runs'}${comparison.pairing === 'interleaved' ? ', in turns' : ''})`;
    const room = width - word.length - count.length - 4;
    return ` ${paint.dim(word)} ${paint.bold(shortenMiddle(escapeTerminal(subjectTitle(runs)), Math.max(8, room)))} ${count}`;
  };
  const { changes } = comparison;
  const lines = [
    '',
    title('before', before),
    title('after ', after),
    '',
    ...(changes.length === 0 ? [] : table(changes, width, paint)),
    ...(changes.length === 0 ? [] : ['']),
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
    paint: (text, row) => of(changes[row]!.verdict)(text),
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
  const line = (cell: (one: Column) => string, row: number): string => {
    const texts = columns.map((one, i) => {
      const cut = i === 0 ? shortenMiddle(cell(one), nameWidth) : cell(one);
      const padded = padColumns(cut, i === 0 ? nameWidth : widthOf(one), one.side);
      return row < 0 ? paint.dim(padded) : (one.paint?.(padded, row) ?? padded);
    });
    const whole = ` ${texts.join(GAP)}`;
    return taken(columns) > width && row < 0 ? whole : whole.trimEnd();
  };
  const rows = [
    line(({ title }) => title, -1),
    ...changes.map((_change, row) => line(({ cells }) => cells[row]!, row)),
  ];
  // Only a window narrower than the numbers
  const fits = 1 + nameWidth + taken([...numbers, verdict]) - 1 <= width;
  return fits ? rows : rows.map((row) => shortenEnd(row, width));
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
