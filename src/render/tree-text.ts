import pc from 'picocolors';
import { defaultValueIndex, type Profile } from '../profile/profile.ts';
import { totalWeight } from '../profile/total.ts';
import { formatPercent } from '../profile/units.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import { padColumns, shortenEnd } from '../terminal/string-width.ts';
import { nameOf, placeOf } from './frame-words.ts';
import { summaryOf } from './summary.ts';
import { type TreeOptions, type TreeRow, treeRows } from './tree-rows.ts';

export interface TreeTextOptions extends TreeOptions {
  /** Columns that a line may take. Default: no limit. */
  readonly width?: number;
  /** Default false. */
  readonly color?: boolean;
}

/** Branches are drawn to this depth; below it the depth is told as a number, so that lines stay short. */
const MOST_BRANCHES = 48;

/** The call tree as text, callers above callees, with the total and self share of each node, ending in a newline. */
export function treeText(profile: Profile, options: TreeTextOptions = {}): string {
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const minPercent = options.minPercent ?? 0.5;
  const left = minPercent > 0 ? [`subtrees below ${minPercent}% left out`] : [];
  const summary = [...summaryOf(profile, valueIndex), ...left].join('  ');
  const width = options.width ?? Number.POSITIVE_INFINITY;
  return [shortenEnd(escapeTerminal(summary), width), '', ...treeLines(profile, options), ''].join('\n');
}

/** The tree alone, under a line of titles; percentages are of the weight of `profile`. */
export function treeLines(profile: Profile, options: TreeTextOptions = {}): string[] {
  const { width = Number.POSITIVE_INFINITY } = options;
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const colors = pc.createColors(options.color ?? false);
  const whole = totalWeight(profile, valueIndex);
  const lines = [colors.dim('  total    self  function')];
  // Of each depth, what its rows' descendants have in front: a line that goes on, or none.
  const ahead: string[] = [];
  for (const row of treeRows(profile, { ...options, valueIndex })) {
    const shares = [row.total, row.self].map((part) => padColumns(formatPercent(part, whole, 1), 7, 'left')).join(' ');
    const place = placeOf(row);
    const text = escapeTerminal(`${nameOf(row)}${place === '' ? '' : ` ${place}`}`);
    const line = `${branches(row, ahead)}${text}`;
    const fitting =
      width === Number.POSITIVE_INFINITY ? line : shortenEnd(line, Math.max(0, width - shares.length - 2));
    lines.push(`${colors.bold(shares.slice(0, 7))}${colors.dim(shares.slice(7))}  ${fitting}`);
  }
  return lines;
}

function branches({ depth, last }: TreeRow, ahead: string[]): string {
  if (depth === 0) return '';
  if (depth > MOST_BRANCHES) return `… ${depth} └─ `;
  ahead.length = depth - 1;
  const front = ahead.join('');
  ahead.push(last ? '   ' : '│  ');
  return `${front}${last ? '└─ ' : '├─ '}`;
}
