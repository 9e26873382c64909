import { type AllocationPoints, METRICS, type Metric, totalOf } from '../../profile/allocation-points.ts';
import { formatPercent, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';
import { amount } from './totals-text.ts';
import { ratio } from './view-numbers.ts';

/** A column of numbers about a site or a part of a tree. */
export interface NumberColumn {
  readonly title: string;
  text(values: ReadonlyMap<Metric, number>): string;
}

/** What a metric counts, as the title of a column. */
function counted({ units }: AllocationPoints, counts: (typeof METRICS)[number]['counts']): string {
  const word =
    counts === 'bytes' ? (units?.many ?? 'bytes') : counts === 'blocks' ? (units?.blocks ?? 'blocks') : 'time';
  // Units are the file's words
  return escapeTerminal(`${word.slice(0, 1).toUpperCase()}${word.slice(1)}`);
}

/** The columns that a file has numbers for, the most telling first: the metric, its share, and what blocks are like. */
export function columnsFor(points: AllocationPoints, metric: Metric): NumberColumn[] {
  const { counts } = METRICS.find(({ id }) => id === metric)!;
  const whole = totalOf(points, metric);
  const columns: NumberColumn[] = [
    { title: counted(points, counts), text: (values) => amount(points, metric, values.get(metric)!) },
    { title: 'Share', text: (values) => formatPercent(values.get(metric)!, whole) },
  ];
  if (metric !== 'tbk')
    columns.push({ title: counted(points, 'blocks'), text: (values) => groupDigits(values.get('tbk')!) });
  columns.push({
    title: 'Average',
    text: (values) => amount(points, 'tb', ratio(values.get('tb')!, values.get('tbk')!)),
  });
  if (points.values.has('tl')) {
    const lifetime = (values: ReadonlyMap<Metric, number>): number => ratio(values.get('tl')!, values.get('tbk')!);
    columns.push({ title: 'Lifetime', text: (values) => amount(points, 'tl', lifetime(values)) });
  }
  if (points.values.has('rb')) {
    const perByte = (id: Metric) => (values: ReadonlyMap<Metric, number>) =>
      perByteText(ratio(values.get(id)!, values.get('tb')!));
    columns.push({ title: 'Reads/B', text: perByte('rb') }, { title: 'Writes/B', text: perByte('wb') });
  }
  return columns;
}

function perByteText(average: number): string {
  return average < 1000 ? average.toFixed(2) : groupDigits(average);
}

const GAP = '  ';
/** Columns are left out, the last first, before names get less room than this. */
const ROOM_FOR_NAMES = 30;
/** How many stay, however narrow the window is. */
const ALWAYS = 2;
const LEAST_NAME = 8;

export interface LabelledRow {
  readonly cells: readonly string[];
  /** In a tree: the branch that leads to the row, and the depth of the row that stands for a branch which is too long. */
  readonly branch?: { readonly text: string; readonly depth: number };
  readonly label: string;
}

/** Lines of a table, its titles first: numbers to the right, the label behind them in what room is left. */
export function layOutColumns(
  titles: readonly string[],
  label: string,
  rows: readonly LabelledRow[],
  width: number,
): string[] {
  const widths = titles.map((title, i) =>
    Math.max(stringWidth(title), ...rows.map(({ cells }) => stringWidth(cells[i]!))),
  );
  const taken = (count: number): number => widths.slice(0, count).reduce((sum, w) => sum + w + GAP.length, 0);
  let count = titles.length;
  while (count > ALWAYS && width - taken(count) < ROOM_FOR_NAMES) count--;
  const room = Math.max(LEAST_NAME, width - taken(count));
  const all: readonly LabelledRow[] = [{ cells: titles, label }, ...rows];
  return all.map(({ cells, label: text, branch }) => {
    const numbers = cells.slice(0, count).map((cell, i) => padColumns(cell, widths[i]!, 'left'));
    const drawn = branch === undefined ? '' : branch.text.length > room / 2 ? `… ${branch.depth} └ ` : branch.text;
    const named = shortenMiddle(text, Math.max(LEAST_NAME, room - drawn.length));
    return [...numbers, `${drawn}${named}`].join(GAP);
  });
}
