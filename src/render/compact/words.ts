import type { FlameData } from '../../embedded/data-block.ts';
import { placeLabel } from '../../profile/frame-label.ts';
import type { DisplayUnit } from '../../profile/units.ts';
import { formatInUnit, formatPercent } from '../../profile/units.ts';
import { visibleText } from '../escape.ts';

/** What is said of the functions of a picture; nothing in it can hide or reorder what stands beside it. */
export interface Words {
  /** `parse /srv/app/lib/parser.js:10:3`. */
  label(index: number): string;
  /** `parse`. */
  name(index: number): string;
  /** `parser.js:10`; '' = unknown. */
  place(index: number): string;
  /** The binary or library; '' = unknown. */
  module(index: number): string;
  /** The label and what it weighs: `parse /srv/app/lib/parser.js:10:3 (1,234.5 ms, 12.34%)`. */
  title(index: number): string;
  /** `1,234.5 ms`. */
  value(weight: number): string;
}

const MARK = /_\[[kwij]\]$/;

/** The marks of stackcollapse-perf.pl are for colours, as in flamegraph.pl; the data keep them. */
export function withoutMark(name: string): string {
  return name.replace(MARK, '');
}

/** Words for the frames of a picture by their index in its rows; each function's are put together once. */
export function wordsOf({ strings, frames, rows, scale }: FlameData, unit: DisplayUnit): Words {
  const remembered = (make: (frame: number) => string, root: string): ((index: number) => string) => {
    const known: string[] = [];
    return (index) => {
      const frame = rows.frame[index]!;
      if (frame < 0) return root;
      known[frame] ??= visibleText(withoutMark(make(frame)));
      return known[frame];
    };
  };
  const file = (frame: number): string => strings[frames.file[frame]!]!;
  const label = remembered(
    (frame) => placeLabel(strings[frames.name[frame]!]!, file(frame), frames.line[frame]!, frames.column[frame]!),
    'all',
  );
  const value = (weight: number): string =>
    `${formatInUnit((weight * scale[0]) / scale[1], unit)} ${visibleText(unit.name)}`;
  return {
    label,
    value,
    title(index) {
      const percent = index === 0 ? '100%' : formatPercent(rows.weight[index]!, rows.weight[0]!);
      return `${label(index)} (${value(rows.weight[index]!)}, ${percent})`;
    },
    name: remembered(
      (frame) => strings[frames.name[frame]!]! || (frames.file[frame] === 0 ? '[unknown]' : '(anonymous)'),
      'all',
    ),
    place: remembered((frame) => {
      const path = file(frame);
      if (frames.line[frame] === 0) return '';
      return `${path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)}:${frames.line[frame]}`;
    }, ''),
    module: remembered((frame) => strings[frames.module[frame]!]!, ''),
  };
}
