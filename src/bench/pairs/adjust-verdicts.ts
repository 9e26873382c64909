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
 * @param budgets of those that have another one than the table: they weigh as many times as much (Genovese, Roeder and
 *   Wasserman, Biometrika 93, 2006)
 */
export function adjustVerdicts(
  table: readonly (PairedVerdict | undefined)[],
  {
    budget = DEFAULT_BUDGET,
    budgets = [],
    correction = 'bh',
  }: {
    readonly budget?: number;
    readonly budgets?: readonly (number | undefined)[];
    readonly correction?: Correction;
  } = {},
): (AdjustedVerdict | undefined)[] {
  const weight = (at: number): number => (budgets[at] ?? budget) / budget;
  const p = Float64Array.from(table, (row, at) => (row === undefined ? Number.NaN : row.p / weight(at)));
  const weighted = correction === 'none' ? p : correction === 'bh' ? benjaminiHochberg(p) : holm(p);
  return table.map((row, at) => {
    if (row === undefined) return undefined;
    const changed = row.verdict === 'regressed' || row.verdict === 'improved';
    const verdict = changed && weighted[at]! > budget ? 'inconclusive' : row.verdict;
    return { ...row, adjusted: Math.min(1, weighted[at]! * weight(at)), verdict };
  });
}
