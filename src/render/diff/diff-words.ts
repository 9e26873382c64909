import type { DisplayUnit } from '../../profile/units.ts';
import { formatInUnit, groupDigits } from '../../profile/units.ts';
import { type Words, wordsOf } from '../compact/words.ts';
import { visibleText } from '../escape.ts';
import type { DiffData } from './diff-block.ts';
import { INTERVAL_STEPS, ownOf } from './diff-rows.ts';
import { markOf, titleOf } from './effect.ts';

/** What is said of the frames of a differential picture, by their index in its rows. */
export interface DiffWords extends Words {
  /** `12.34% → 15.90%`. */
  shares(index: number): string;
  /** `+3.56 points [2.1, 5.0]`, or in the unit where totals were not made equal. */
  change(index: number): string;
  /** `grew`; '' for the root. */
  verdict(index: number): string;
  /** Raw weights: `123 → 159 samples`. */
  weights(index: number): string;
  /** `self 1.20% → 1.50%`. */
  self(index: number): string;
  /** `×1.29`; '' where a side has nothing. */
  ratio(index: number): string;
  /** The change as a part of the whole. */
  share(index: number): number;
}

/** Words for the frames of a differential picture. @param unit in which raw weights are told */
export function diffWordsOf(data: DiffData, unit: DisplayUnit): DiffWords {
  const { rows, sides, ratio, inShares, scale } = data;
  const { before, after, verdict, low, high } = rows;
  const base = wordsOf({ ...data, rows: { ...rows, ...after, start: after.weight } }, unit);
  const whole = wholeOf(data);
  const own = { before: ownOf(before, rows.parent), after: ownOf(after, rows.parent) };
  const inUnits = (weight: number): number => (weight * scale[0]) / scale[1];
  const share = (index: number): number =>
    whole > 0 ? (after.weight[index]! - before.weight[index]! * ratio) / whole : 0;
  const percentOf = (side: 0 | 1, weight: number): string => {
    const total = (side === 0 ? before : after).weight[0]!;
    return total > 0 ? percent(weight / total) : '0%';
  };
  // What a drawing does not hold may have had any weight that it does not draw
  const shareOf = (side: 0 | 1, weight: number): string => {
    const cut = (sides[side].cut * scale[1]) / scale[0];
    return weight === 0 && cut > 0 ? `<${percentOf(side, cut)}` : percentOf(side, weight);
  };
  const shares = (index: number): string =>
    `${shareOf(0, before.weight[index]!)} → ${shareOf(1, after.weight[index]!)}`;
  const raw = (weight: number): string => formatInUnit(inUnits(weight), unit);
  const amount = (part: number): string =>
    inShares ? points(part) : signed(part, (size) => formatInUnit(inUnits(size * whole), unit));
  const unitWord = inShares ? 'points' : visibleText(unit.name);
  const change = (index: number): string => {
    const interval = Number.isNaN(low[index]!)
      ? ''
      : ` [${amount(low[index]! / INTERVAL_STEPS)}, ${amount(high[index]! / INTERVAL_STEPS)}]`;
    return `${amount(share(index))} ${unitWord}${interval}`;
  };
  const weights = (index: number): string =>
    `${raw(before.weight[index]!)} → ${raw(after.weight[index]!)} ${visibleText(unit.name)}`;
  const verdictOf = (index: number): string => (index === 0 ? '' : titleOf(verdict[index]!));
  return {
    ...base,
    shares,
    change,
    weights,
    share,
    verdict: verdictOf,
    self: (index) => `self ${percentOf(0, own.before[index]!)} → ${percentOf(1, own.after[index]!)}`,
    ratio(index) {
      const [was, is] = [before.weight[index]! * ratio, after.weight[index]!];
      return was > 0 && is > 0 ? `×${groupDigits(is / was, 2)}` : '';
    },
    name(index) {
      const mark = index === 0 ? '' : markOf(verdict[index]!);
      return mark === '' ? base.name(index) : `${mark} ${base.name(index)}`;
    },
    place(index) {
      const hasMark = index > 0 && markOf(verdict[index]!) !== '';
      return hasMark ? `${amount(share(index))}${inShares ? ' points' : ''}` : '';
    },
    title(index) {
      if (index === 0) return `all  ${weights(0)}`;
      return `${base.label(index)}  ${shares(index)}  ${change(index)}  ${verdictOf(index)}`;
    },
  };
}

/** What changes are parts of: the whole after, or, where nothing is after, the whole before. In the weights of the rows. */
export function wholeOf({ rows, ratio }: Pick<DiffData, 'rows' | 'ratio'>): number {
  return rows.after.weight[0]! || rows.before.weight[0]! * ratio;
}

/** `12.34%`. */
function percent(part: number): string {
  return `${(part * 100).toFixed(2)}%`;
}

/** A part of the whole as `+3.56` points. */
function points(part: number): string {
  return signed(part, (size) => (size * 100).toFixed(size >= 0.0995 ? 1 : 2));
}

/** With a true minus; what is rounded to nothing has no sign. */
function signed(value: number, text: (size: number) => string): string {
  const size = text(Math.abs(value));
  if (!/[1-9]/.test(size)) return size;
  return `${value < 0 ? '−' : '+'}${size}`;
}
