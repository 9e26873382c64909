import { VERDICTS } from '../../../../profile/diff/comparison.ts';
import type { FlamePicture } from '../../../html/app/flame-paint.ts';
import { fillOfChange, patternOf } from '../../diff-colors.ts';
import type { DiffNumbers } from '../../diff-numbers.ts';
import type { DiffTree } from '../../diff-tree.ts';
import { markOf } from '../../effect.ts';

type Looks = Pick<FlamePicture, 'fillOf' | 'patternOf' | 'noteOf'>;

/** How nodes look: colour by how much they changed, patterns as in the picture, marks before names. */
export function looksOf(
  { before, after }: DiffTree,
  numbers: DiffNumbers,
  verdictOf: (node: number) => number,
  negate: boolean,
): Looks {
  return {
    fillOf(_frame, node) {
      const share = numbers.share(before.total[node]!, after.total[node]!);
      return fillOfChange(VERDICTS[verdictOf(node)]!, share, negate);
    },
    patternOf: (node) => patternOf(VERDICTS[verdictOf(node)]!),
    noteOf(node) {
      const mark = markOf(verdictOf(node));
      if (mark === '') return undefined;
      const share = numbers.share(before.total[node]!, after.total[node]!);
      return { mark, behind: `${numbers.amount(share)} ${numbers.amountUnit}` };
    },
  };
}
