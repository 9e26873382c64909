import { benjaminiHochberg } from '../../statistics/false-discovery.ts';
import { holm } from '../../statistics/holm.ts';
import { DEFAULT_BUDGET, type PairedVerdict } from './verdict.ts';

/**
 * How verdicts of one table share the budget: `bh` keeps the expected part of false ones among the changes that are
 * told below it (Benjamini and Hochberg), `holm` the probability of a single false one, `none` that of each by itself.
 */
export type Correction = 'bh' | 'holm' | 'none';

/** A verdict in its table. */
export interface AdjustedVerdict extends PairedVerdict {
  /** `p`, adjusted for the number of comparisons. */
  readonly adjusted: number;
}

/**
 * Verdicts of one table: of fifty comparisons with a budget of one in a hundred every second table would show a change
 * where there is none. What no longer stands is inconclusive.
 * @param table in any order; undefined = nothing was compared there
 */
export function adjustVerdicts(
  table: readonly (PairedVerdict | undefined)[],
  { budget = DEFAULT_BUDGET, correction = 'bh' }: { readonly budget?: number; readonly correction?: Correction } = {},
): (AdjustedVerdict | undefined)[] {
  const p = Float64Array.from(table, (row) => row?.p ?? Number.NaN);
  const adjusted = correction === 'none' ? p : correction === 'bh' ? benjaminiHochberg(p) : holm(p);
  return table.map((row, at) => {
    if (row === undefined) return undefined;
    const changed = row.verdict === 'regressed' || row.verdict === 'improved';
    const verdict = changed && adjusted[at]! > budget ? 'inconclusive' : row.verdict;
    return { ...row, adjusted: adjusted[at]!, verdict };
  });
}
