import type { DiffNumbers } from '../../diff-numbers.ts';
import { titleOf } from '../../effect.ts';

/** The weights of a node or a function on both sides, and what was found of its change. */
export interface Said {
  readonly before: number;
  readonly after: number;
  readonly selfBefore: number;
  readonly selfAfter: number;
  readonly low: number;
  readonly high: number;
  /** Index into VERDICTS; undefined = nobody judged it. */
  readonly verdict: number | undefined;
}

/** `12.34% → 15.90%  +3.56 points [+2.10, +5.00]  grew` and the raw weights: lines. */
export function linesOf(said: Said, numbers: DiffNumbers, threshold: number): string[] {
  const { before, after, low, high, verdict } = said;
  const share = numbers.share(before, after);
  const change = `${numbers.amount(share)} ${numbers.amountUnit} ${numbers.interval(low, high)}`;
  return [
    `${numbers.part('before', before)} → ${numbers.part('after', after)}`,
    [
      change.trimEnd(),
      verdict === undefined ? '' : titleOf({ verdict, share, low, high }, threshold),
      numbers.factor(before, after),
    ]
      .filter(Boolean)
      .join('  ·  '),
    numbers.weights(before, after),
    `self ${numbers.exactPart('before', said.selfBefore)} → ${numbers.exactPart('after', said.selfAfter)}`,
  ];
}
