import { padColumns, shortenEnd, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';

/** One column of a table. Cells are safe to print; `paint` colours a cell that is already as wide as it will be. */
export interface TextColumn {
  readonly title: string;
  readonly cells: readonly string[];
  /** Where the spaces go. */
  readonly side: 'left' | 'right';
  readonly paint?: (text: string, row: number) => string;
  /** Where a line has no room for all columns those with the highest number go first, equal ones together; 0 = never. */

  readonly dispensable: number;
  /** Texts may be cut down to this. Absent: the column is as wide as its widest cell. */
  readonly least?: number;
  /** A row's text in at most so many columns. Default: its middle is cut out. */
  readonly shorten?: (row: number, width: number) => string;
}

const GAP = '  ';

/**
 * A table, titles first, in which no line is wider than `width`: what is dispensable goes first, texts are cut in the middle,
 * and only a window narrower than what may never go cuts numbers.
 */
export function tableLines(
  columns: readonly TextColumn[],
  rows: number,
  width: number,
  paintTitle: (text: string) => string,
): string[] {
  const wanted = columns.map(({ title, cells }) =>
    cells.reduce((most, cell) => Math.max(most, stringWidth(cell)), title.length),
  );
  const leastOf = (i: number): number => Math.min(wanted[i]!, columns[i]!.least ?? wanted[i]!);
  const shown = new Set(columns.keys());
  const needed = (): number => [...shown].reduce((sum, i) => sum + leastOf(i) + GAP.length, -GAP.length);
  while (needed() > width) {
    const most = Math.max(...[...shown].map((i) => columns[i]!.dispensable));
    if (most === 0) break;
    for (const i of [...shown]) if (columns[i]!.dispensable === most) shown.delete(i);
  }

  // What is left over goes to the texts, the first of them first
  let room = width - needed();
  const placed = [...shown]
    .sort((a, b) => a - b)
    .map((i) => ({ column: columns[i]!, width: leastOf(i), wanted: wanted[i]! }));
  const texts = placed.filter(({ column }) => column.least !== undefined);
  texts.forEach((place, i) => {
    const share =
      i < texts.length - 1 ? Math.max(Math.floor(room / 2), room - (texts[i + 1]!.wanted - texts[i + 1]!.width)) : room;
    const more = Math.max(0, Math.min(place.wanted - place.width, share));
    place.width += more;
    room -= more;
  });

  const line = (
    cellOf: (column: TextColumn, columnWidth: number) => string,
    paint: (column: TextColumn, text: string) => string,
  ): string => {
    let used = 0;
    const cells = placed.map(({ column, width: columnWidth }, i) => {
      // Only a window narrower than what is always shown leaves less than the column's own width
      const room = Math.max(0, Math.min(columnWidth, width - used - (i === 0 ? 0 : GAP.length)));
      used += room + (i === 0 ? 0 : GAP.length);
      return padColumns(shortenEnd(cellOf(column, room), room), room, column.side);
    });
    const last = cells.findLastIndex((cell) => cell.trim() !== '');
    const painted = cells
      .slice(0, last + 1)
      .map((cell, i) => (i === 0 ? '' : GAP) + paint(placed[i]!.column, i === last ? cell.trimEnd() : cell))
      .join('');
    return painted;
  };
  const cellOf = ({ cells, shorten }: TextColumn, row: number, columnWidth: number): string => {
    if (stringWidth(cells[row]!) <= columnWidth) return cells[row]!;
    return shorten?.(row, columnWidth) ?? shortenMiddle(cells[row]!, columnWidth);
  };
  return [
    line(
      ({ title }, columnWidth) => shortenEnd(title, columnWidth),
      (_, text) => paintTitle(text),
    ),
    ...Array.from({ length: rows }, (_, row) =>
      line(
        (column, columnWidth) => cellOf(column, row, columnWidth),
        ({ paint }, text) => paint?.(text, row) ?? text,
      ),
    ),
  ];
}
