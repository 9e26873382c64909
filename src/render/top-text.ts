import pc from 'picocolors';
import { kindTotals } from '../profile/kind-totals.ts';
import { defaultValueIndex, type Profile } from '../profile/profile.ts';
import { type TopRow, top } from '../profile/top.ts';
import { totalWeight } from '../profile/total.ts';
import { formatPercent, formatValue } from '../profile/units.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import { padColumns, shortenEnd, shortenMiddle, stringWidth } from '../terminal/string-width.ts';
import { nameOf, placeOf } from './frame-words.ts';
import { type Colors, kindPaint } from './kind-paint.ts';
import { KIND_TITLES } from './kind-titles.ts';
import { summaryOf } from './summary.ts';

export interface TopTextOptions {
  /** Rows of the table. Default 20. */
  readonly limit?: number;
  /** Columns that a line may take. Default 100. */
  readonly width?: number;
  /** Default false. */
  readonly color?: boolean;
  /** Index into `valueTypes`. Default: the profile's default. */
  readonly valueIndex?: number;
}

/** One column of the table. Cells are plain text; `paint` colours a cell that is already as wide as it will be. */
interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  /** Where the spaces go. */
  readonly side: 'left' | 'right';
  readonly paint: (text: string, row: number) => string;
}

const GAP = '  ';
/** A name or a place is not cut below this; columns go before that. */
const LEAST_TEXT = 14;

/**
 * The hottest functions as a table, under one line on the whole and some on its kinds, ending in a newline.
 * No line is wider than `width` columns; names are escaped, so that none can drive the terminal.
 */
export function topText(profile: Profile, options: TopTextOptions = {}): string {
  const width = options.width ?? 100;
  const colors = pc.createColors(options.color ?? false);
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const table = topLines(profile, valueIndex, { limit: options.limit ?? 20, width }, colors);
  const lines = headingLines(profile, valueIndex, width, colors);
  if (table.length > 0) lines.push('', ...table);
  return `${lines.join('\n')}\n`;
}

/** What the profile holds, and the share of each kind. */
export function headingLines(profile: Profile, valueIndex: number, width: number, colors: Colors): string[] {
  return [
    colors.bold(shortenEnd(escapeTerminal(summaryOf(profile, valueIndex).join(GAP)), width)),
    ...wrapped(kindCells(profile, valueIndex, colors), width),
  ];
}

/** The table alone, its titles first; nothing where no function has weight. */
export function topLines(
  profile: Profile,
  valueIndex: number,
  { limit, width }: { readonly limit: number; readonly width: number },
  colors: Colors,
): string[] {
  const rows = top(profile, { valueIndex, limit });
  return rows.length === 0 ? [] : table(columns(profile, valueIndex, rows, colors), width, rows.length, colors);
}

/** `app 45.2%`, one for each kind that has self weight, with the columns it takes. */
function kindCells(profile: Profile, valueIndex: number, colors: Colors): (readonly [string, number])[] {
  const totals = kindTotals(profile, valueIndex);
  const whole = totals.reduce((sum, { self }) => sum + self, 0);
  return totals.map(({ kind, self }) => {
    const text = `${KIND_TITLES[kind]} ${formatPercent(self, whole, 1)}`;
    return [kindPaint(colors, kind)(text), text.length];
  });
}

/** Cells side by side, in as many lines as they need. */
function wrapped(cells: readonly (readonly [string, number])[], width: number): string[] {
  const lines: string[] = [];
  let used = 0;
  for (const [text, columns] of cells) {
    if (lines.length > 0 && used + GAP.length + columns <= width) {
      lines[lines.length - 1] += GAP + text;
      used += GAP.length + columns;
    } else {
      lines.push(text);
      used = columns;
    }
  }
  return lines;
}

function columns(profile: Profile, valueIndex: number, rows: readonly TopRow[], colors: Colors) {
  const { unit } = profile.valueTypes[valueIndex]!;
  const whole = totalWeight(profile, valueIndex);
  const column = (
    title: string,
    side: Column['side'],
    cellOf: (row: TopRow) => string,
    paint: Column['paint'] = (text) => text,
  ): Column => ({ title, side, cells: rows.map((row) => escapeTerminal(cellOf(row))), paint });
  return {
    numbers: [
      column('self', 'left', ({ self }) => formatValue(self, unit), colors.bold),
      column('%', 'left', ({ self }) => formatPercent(self, whole, 1), colors.bold),
      column('total', 'left', ({ total }) => formatValue(total, unit)),
      column('%', 'left', ({ total }) => formatPercent(total, whole, 1)),
    ],
    name: column('function', 'right', nameOf),
    place: column('where', 'right', placeOf, colors.dim),
    kind: column(
      'kind',
      'right',
      ({ kind }) => KIND_TITLES[kind],
      (text, row) => kindPaint(colors, rows[row]!.kind)(text),
    ),
  };
}

/** Numbers first; then the name, the place and the kind, as far as there is room for each. */
function table(all: ReturnType<typeof columns>, width: number, rows: number, colors: Colors): string[] {
  const widthOf = (column: Column): number =>
    column.cells.reduce((most, cell) => Math.max(most, stringWidth(cell)), column.title.length);
  let room = width;
  const placed: { readonly column: Column; readonly width: number }[] = [];
  const place = (column: Column, columnWidth: number): void => {
    placed.push({ column, width: columnWidth });
    room -= columnWidth + GAP.length;
  };
  for (const column of all.numbers) place(column, widthOf(column));

  const kindWidth = widthOf(all.kind);
  const hasPlace = all.place.cells.some((cell) => cell !== '');
  const nameWidth = widthOf(all.name);
  const forTexts = room - kindWidth - GAP.length;
  if (hasPlace && forTexts >= 2 * LEAST_TEXT + GAP.length) {
    const placeWidth = widthOf(all.place);
    const both = forTexts - GAP.length;
    // The name gives way only down to half of the room, the place takes what is left.
    const named = Math.min(nameWidth, Math.max(Math.floor(both / 2), both - placeWidth));
    place(all.name, named);
    place(all.place, Math.min(placeWidth, both - named));
    place(all.kind, kindWidth);
  } else if (forTexts >= LEAST_TEXT) {
    place(all.name, Math.min(nameWidth, forTexts));
    place(all.kind, kindWidth);
  } else {
    place(all.name, Math.max(0, Math.min(nameWidth, room)));
  }

  const line = (cellOf: (column: Column) => string, paint: (column: Column, text: string) => string): string => {
    let painted = '';
    let used = 0;
    placed.forEach(({ column, width: columnWidth }, i) => {
      const gap = i === 0 ? '' : GAP;
      const text = padColumns(shortenMiddle(cellOf(column), columnWidth), columnWidth, column.side);
      // Only a window narrower than the numbers cuts here.
      const fitting = shortenEnd(text, Math.max(0, width - used - gap.length));
      used += gap.length + stringWidth(fitting);
      if (fitting !== '') painted += gap + paint(column, i === placed.length - 1 ? fitting.trimEnd() : fitting);
    });
    return painted;
  };
  return [
    line(
      ({ title }) => title,
      (_, text) => colors.dim(text),
    ),
    ...Array.from({ length: rows }, (_, row) =>
      line(
        ({ cells }) => cells[row]!,
        (column, text) => column.paint(text, row),
      ),
    ),
  ];
}
