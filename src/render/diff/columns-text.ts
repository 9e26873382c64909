import { padColumns, shortenEnd, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';

/** One column of a table. Cells are safe to print; `paint` colours a cell that is already as wide as it will be. */
export interface TextColumn {
  readonly title: string;
  readonly cells: readonly string[];
  /** Where the spaces go. */
  readonly side: 'left' | 'right';
  readonly paint?: (text: string, row: number) => string;
  /** Columns of least importance go first where a line has no room for all; 0 = never goes. */
  readonly importance: number;
  /** Texts may be cut down to this. Absent: the column is as wide as its widest cell. */
  readonly least?: number;
}

const GAP = '  ';

/**
 * A table, titles first, in which no line is wider than `width`: columns go by importance, texts are cut in the middle,
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
  const removable = [...columns.keys()]
    .filter((i) => columns[i]!.importance > 0)
    .sort((a, b) => columns[b]!.importance - columns[a]!.importance);
  while (needed() > width && removable.length > 0) shown.delete(removable.shift()!);

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
    cellOf: (column: TextColumn) => string,
    paint: (column: TextColumn, text: string) => string,
  ): string => {
    let painted = '';
    let used = 0;
    placed.forEach(({ column, width: columnWidth }, i) => {
      const gap = i === 0 ? '' : GAP;
      const text = padColumns(shortenMiddle(cellOf(column), columnWidth), columnWidth, column.side);
      const fitting = shortenEnd(text, Math.max(0, width - used - gap.length));
      used += gap.length + stringWidth(fitting);
      if (fitting !== '') painted += gap + paint(column, i === placed.length - 1 ? fitting.trimEnd() : fitting);
    });
    return painted;
  };
  return [
    line(
      ({ title }) => title,
      (_, text) => paintTitle(text),
    ),
    ...Array.from({ length: rows }, (_, row) =>
      line(
        ({ cells }) => cells[row]!,
        ({ paint }, text) => paint?.(text, row) ?? text,
      ),
    ),
  ];
}
