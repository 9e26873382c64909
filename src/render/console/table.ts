import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenEnd, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';
import { type Line, type Span, span, type Tone } from './spans.ts';

/** One column of a view. */
export interface Column<Row> {
  /** What `--sort` and the state call it. */
  readonly id: string;
  readonly title: string;
  /** Columns of the terminal that it takes; of what may grow the least. */
  readonly width: number;
  /** As wide as its longest cell, where there is room. */
  readonly grows?: boolean;
  /** Left out where all its cells are empty. */
  readonly isOptional?: boolean;
  /** Where the blanks go. Default: right */
  readonly side?: 'left' | 'right';
  /** Cut so that a path keeps its file name. */
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
function fitColumns<Row>(columns: readonly Column<Row>[], width: number): readonly Column<Row>[] {
  const kept = [...columns];
  const needed = (): number => kept.reduce((sum, column) => sum + column.width + GAP, -GAP);
  while (kept.length > 1 && needed() > width) {
    const least = kept.reduce((low, column) => (column.rank < low.rank ? column : low));
    kept.splice(kept.indexOf(least), 1);
  }
  return kept;
}

/** Rows whose cells are looked at for widths. */
const MOST_MEASURED = 500;

/**
 * A table that is laid out: the columns that have room, each with its width. What is left over goes to columns that grow,
 * the most important ones first, as far as their cells need it.
 */
export function layOut<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): LaidOut<Row> {
  const measured = rows.slice(0, MOST_MEASURED);
  const filled = columns.filter(({ isOptional, cell }) => !isOptional || measured.some((row) => cell(row) !== ''));
  const kept = fitColumns(filled, width);
  const widths = new Map(kept.map((column) => [column, column.width]));
  let left = width - kept.reduce((sum, column) => sum + column.width + GAP, -GAP);
  for (const column of kept.filter(({ grows }) => grows).sort((a, b) => b.rank - a.rank)) {
    const wanted = measured.reduce((most, row) => Math.max(most, stringWidth(escapeTerminal(column.cell(row)))), 0);
    const more = Math.max(0, Math.min(left, wanted - column.width));
    widths.set(column, column.width + more);
    left -= more;
  }
  return kept.map((column) => ({ column, width: widths.get(column)! }));
}

export type LaidOut<Row> = readonly { readonly column: Column<Row>; readonly width: number }[];

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
export function tableHead<Row>(columns: LaidOut<Row>, sorting: Sorting): Line {
  return columns.flatMap(({ column, width }, i) => {
    const isSorted = column.id === sorting.column;
    const arrow = isSorted ? (sorting.descending ? '↓' : '↑') : '';
    // The arrow is worth more than the end of the title
    const title = column.title.slice(0, Math.max(0, width - arrow.length)) + arrow;
    const text = padColumns(shortenEnd(title, width), width, column.side ?? 'right');
    return [...(i > 0 ? [span(' ')] : []), span(text, isSorted ? 'bold' : 'dim')];
  });
}

/** The folder goes first: it says least. */
function shortenPath(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  return shortenMiddle(text.slice(text.lastIndexOf('/') + 1), width);
}

export function tableRow<Row>(columns: LaidOut<Row>, row: Row): Line {
  return columns.flatMap(({ column, width }, i): Span[] => {
    const text = escapeTerminal(column.cell(row));
    const cut = column.isPath ? shortenPath(text, width) : shortenEnd(text, width);
    const cell = span(padColumns(cut, width, column.side ?? 'right'), column.tone?.(row) ?? 'plain');
    return i > 0 ? [span(' '), cell] : [cell];
  });
}

/** Whether a row's cells hold a text, whatever its case. */
export function rowHolds<Row>(columns: readonly Column<Row>[], row: Row, text: string, more: string): boolean {
  const sought = text.toLowerCase();
  return `${columns.map((column) => column.cell(row)).join(' ')} ${more}`.toLowerCase().includes(sought);
}
