import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenEnd, shortenMiddle } from '../../terminal/string-width.ts';
import { EMPTY, type Line, type Span, span, type Tone } from './spans.ts';

/** One column of a view. */
export interface Column<Row> {
  /** What `--sort` and the state call it. */
  readonly id: string;
  readonly title: string;
  /** Columns of the terminal that it takes; of what may grow the least. */
  readonly width: number;
  /** Takes a part of what is left over. */
  readonly grows?: boolean;
  /** Where the blanks go. Default: right */
  readonly side?: 'left' | 'right';
  /** Cut in the middle, so that a path keeps its file name. */
  readonly isPath?: boolean;
  /** Where not all have room: the smallest goes first. */
  readonly rank: number;
  cell(row: Row): string;
  tone?(row: Row): Tone;
  /** Numbers sort downwards at first, texts upwards. */
  key(row: Row): number | string;
}

/** How a table is sorted. */
export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

const GAP = 1;

/** The columns that have room, in their order. */
export function fitColumns<Row>(columns: readonly Column<Row>[], width: number): readonly Column<Row>[] {
  const kept = [...columns];
  const needed = (): number => kept.reduce((sum, column) => sum + column.width + GAP, -GAP);
  while (kept.length > 1 && needed() > width) {
    const least = kept.reduce((low, column) => (column.rank < low.rank ? column : low));
    kept.splice(kept.indexOf(least), 1);
  }
  return kept;
}

/** Widths of columns that fit: what is left over goes to those that grow, the last of them gets the rest. */
function widthsOf<Row>(columns: readonly Column<Row>[], width: number): number[] {
  const widths = columns.map((column) => column.width);
  const growing = columns.flatMap(({ grows }, i) => (grows ? [i] : []));
  let left = width - widths.reduce((sum, one) => sum + one + GAP, -GAP);
  for (const [k, i] of growing.entries()) {
    const part = Math.max(0, Math.floor(left / (growing.length - k)));
    widths[i]! += part;
    left -= part;
  }
  return widths;
}

/** Rows in the order that is asked for; equal ones by their ids, so that nothing jumps about. */
export function sortRows<Row extends { readonly id: string }>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { column: id, descending }: Sorting,
): readonly Row[] {
  const column = columns.find((one) => one.id === id);
  if (column === undefined) return rows;
  const keyed = rows.map((row) => ({ row, key: column.key(row) }));
  const sign = descending ? -1 : 1;
  return keyed
    .sort((a, b) => {
      if (a.key !== b.key) return (a.key < b.key ? -1 : 1) * sign;
      return a.row.id < b.row.id ? -1 : 1;
    })
    .map(({ row }) => row);
}

/** The titles, the sorted column marked. */
export function tableHead<Row>(columns: readonly Column<Row>[], width: number, sorting: Sorting): Line {
  const widths = widthsOf(columns, width);
  return columns.flatMap((column, i) => {
    const isSorted = column.id === sorting.column;
    const title = isSorted && column.title !== '' ? column.title + (sorting.descending ? '↓' : '↑') : column.title;
    const text = padColumns(shortenEnd(title, widths[i]!), widths[i]!, column.side ?? 'right');
    return [...(i > 0 ? [span(' ')] : []), span(text, isSorted ? 'bold' : 'dim')];
  });
}

export function tableRow<Row>(columns: readonly Column<Row>[], width: number, row: Row): Line {
  const widths = widthsOf(columns, width);
  return columns.flatMap((column, i): Span[] => {
    const text = escapeTerminal(column.cell(row));
    const cut = (column.isPath ? shortenMiddle : shortenEnd)(text, widths[i]!);
    const cell = span(padColumns(cut, widths[i]!, column.side ?? 'right'), column.tone?.(row) ?? 'plain');
    return i > 0 ? [span(' '), cell] : [cell];
  });
}

/** Whether a row's cells hold a text, whatever its case. */
export function rowHolds<Row>(columns: readonly Column<Row>[], row: Row, text: string, more: string): boolean {
  const sought = text.toLowerCase();
  return `${columns.map((column) => column.cell(row)).join(' ')} ${more}`.toLowerCase().includes(sought);
}

/** As many empty lines as are missing. */
export function filled(lines: readonly Line[], height: number): Line[] {
  const missing = Math.max(0, height - lines.length);
  return [...lines.slice(0, height), ...Array.from({ length: missing }, () => EMPTY)];
}
