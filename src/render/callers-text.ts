import { calleesOf, callersOf } from '../profile/around-function.ts';
import { defaultValueIndex, type Profile } from '../profile/profile.ts';
import { totalWeight } from '../profile/total.ts';
import { formatPercent, formatValue } from '../profile/units.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import { shortenEnd } from '../terminal/string-width.ts';
import { type TreeTextOptions, treeLines } from './tree-text.ts';

/** Which way to look from a function. */
export type Direction = 'callers' | 'callees';

export interface CallersTextOptions extends TreeTextOptions {
  readonly direction: Direction;
  /** Functions that match are the roots. */
  readonly pattern: RegExp;
  /** What the person asked for, as the heading says it. */
  readonly asked: string;
}

/**
 * Who calls a function, or what it calls, as a tree under its name. Percentages are of the function's own total, which
 * the heading compares with the whole.
 */
export function callersText(profile: Profile, options: CallersTextOptions): string {
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const around = (options.direction === 'callers' ? callersOf : calleesOf)(profile, options.pattern);
  const { unit } = profile.valueTypes[valueIndex]!;
  const part = totalWeight(around, valueIndex);
  const share = formatPercent(part, totalWeight(profile, valueIndex), 1);
  const heading = `${options.direction} of ${options.asked}: ${formatValue(part, unit)}, ${share} of all`;
  const { width } = options;
  const text = escapeTerminal(heading);
  return [width === undefined ? text : shortenEnd(text, width), '', ...treeLines(around, options), ''].join('\n');
}
