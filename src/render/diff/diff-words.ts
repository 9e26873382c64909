import type { DiffData } from '../../embedded/diff-block.ts';
import { ownOf } from '../../embedded/diff-weights.ts';
import type { DisplayUnit } from '../../profile/units.ts';
import { type Words, wordsOf } from '../compact/words.ts';
import { DiffNumbers } from './diff-numbers.ts';
import { INTERVAL_STEPS } from './diff-rows.ts';
import { markOf, titleOf } from './effect.ts';

/** What is said of the frames of a differential picture, by their index in its rows. */
export interface DiffWords extends Words {
  /** `12.34% → 15.90%`. */
  shares(index: number): string;
  /** `+3.56`. */
  amount(index: number): string;
  /** `+3.56 points [+2.10, +5.00]`, or in the unit where totals were not made equal. */
  change(index: number): string;
  /** `grew`; '' for the root. */
  verdict(index: number): string;
  /** Raw weights: `123 → 159 samples`. */
  weights(index: number): string;
  /** `self 1.20% → 1.50%`. */
  self(index: number): string;
  /** `×1.29`; '' where a side has nothing. */
  factor(index: number): string;
  /** The change as a part of the whole. */
  share(index: number): number;
}

/** Words for the frames of a differential picture. @param unit in which raw weights are told */
export function diffWordsOf(data: DiffData, unit: DisplayUnit): DiffWords {
  const { rows, sides, ratio, inShares, scale } = data;
  const { verdict, low, high } = rows;
  const base = wordsOf({ ...data, rows: { ...rows, ...rows.after, start: rows.after.weight } }, unit);
  const own = { before: ownOf(rows.before, rows.parent), after: ownOf(rows.after, rows.parent) };
  const inUnits = (weight: number): number => (weight * scale[0]) / scale[1];
  const before = (index: number): number => inUnits(rows.before.weight[index]!);
  const after = (index: number): number => inUnits(rows.after.weight[index]!);
  const cuts = [sides[0].cut, sides[1].cut] as const;
  const numbers = new DiffNumbers({ before: before(0), after: after(0), cuts, ratio, inShares, unit });
  const share = (index: number): number => numbers.share(before(index), after(index));
  const amount = (index: number): string => numbers.amount(share(index));
  const shares = (index: number): string =>
    `${numbers.part('before', before(index))} → ${numbers.part('after', after(index))}`;
  const change = (index: number): string => {
    const interval = numbers.interval(low[index]! / INTERVAL_STEPS, high[index]! / INTERVAL_STEPS);
    return `${amount(index)} ${numbers.amountUnit} ${interval}`.trimEnd();
  };
  const mark = (index: number): string => (index === 0 ? '' : markOf(verdict[index]!));
  const verdictOf = (index: number): string => {
    const interval = { low: low[index]! / INTERVAL_STEPS, high: high[index]! / INTERVAL_STEPS };
    return index === 0 ? '' : titleOf({ verdict: verdict[index]!, share: share(index), ...interval }, data.threshold);
  };
  return {
    ...base,
    shares,
    amount,
    change,
    share,
    verdict: verdictOf,
    weights: (index) => numbers.weights(before(index), after(index)),
    self(index) {
      const [was, is] = [inUnits(own.before[index]!), inUnits(own.after[index]!)];
      return `self ${numbers.exactPart('before', was)} → ${numbers.exactPart('after', is)}`;
    },
    factor: (index) => numbers.factor(before(index), after(index)),
    name: (index) => `${mark(index)} ${base.name(index)}`.trimStart(),
    place: (index) => (mark(index) === '' ? '' : `${amount(index)} ${numbers.amountUnit}`),
    title(index) {
      if (index === 0) return `all  ${numbers.weights(before(0), after(0))}`;
      return `${base.label(index)}  ${shares(index)}  ${change(index)}  ${verdictOf(index)}`;
    },
  };
}
