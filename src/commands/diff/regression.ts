import { UserError } from '../../errors.ts';
import { type Comparison, VERDICTS } from '../../profile/diff/comparison.ts';
import { changesByEffect } from '../../profile/diff/order.ts';
import { changeWords, isUntested } from '../../render/diff/change-words.ts';
import { byShares, changedRow } from '../../render/diff/changed-row.ts';

const NAMED = 5;

/**
 * Whether something got slower, for `--fail-on-regression`: a function whose weight, with what it calls, grew significantly.
 * @param least points (percent of the whole) of growth that count; 0 = all that is significant
 * @throws {UserError} nothing could be tested: a gate must not let that pass in silence
 */
export function regressionVerdict(
  comparison: Comparison,
  least: number,
): { readonly failed: boolean; readonly words: string } {
  if (isUntested(comparison)) {
    throw new UserError('--fail-on-regression cannot judge: the inputs do not tell how many samples they hold', {
      hint: 'give several runs: --before a1 a2 a3 --after b1 b2 b3',
    });
  }
  const { functions } = comparison;
  const grown = changesByEffect(functions)
    .filter((row) => {
      const verdict = VERDICTS[functions.verdict[row]!]!;
      return verdict === 'grew' || verdict === 'new';
    })
    .map((row) => changedRow(comparison, functions, row, functions.frame[row]!))
    .filter(({ deltaPercent }) => deltaPercent > 0 && deltaPercent >= least);
  const criterion = least > 0 ? ` by ${least}% of the whole or more` : '';
  if (grown.length === 0) return { failed: false, words: `no regression: no function grew significantly${criterion}` };
  const unit = byShares(comparison) ? ' points' : '';
  const named = grown.slice(0, NAMED).map((row) => `${row.name} ${changeWords(row, comparison)}${unit}`);
  const more = grown.length > NAMED ? `, and ${grown.length - NAMED} more` : '';
  const count = `${grown.length} ${grown.length === 1 ? 'function' : 'functions'}`;
  return { failed: true, words: `regression: ${count} grew significantly${criterion}: ${named.join(', ')}${more}` };
}
