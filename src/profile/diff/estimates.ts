import type { SideEstimate } from './change-test.ts';
import type { TestedRows } from './row-weights.ts';

/** One side of a comparison, row by row. */
export interface SideRows {
  /** What is tested, of each run. */
  readonly runs: readonly Float64Array[];
  /** The weight as it was measured, mean of the runs. */
  readonly weight: Float64Array;
  /** What is tested, mean of the runs. */
  readonly tested: TestedRows;
  /** The whole weight, mean of the runs, and its squares. */
  readonly total: number;
  readonly totalSquares: number;
  /** Of each run. */
  readonly totals: readonly number[];
  /** How much more each row may weigh, as the runs are drawings that leave out what is light. */
  readonly hidden: Float64Array;
}

/** A row's weight and squares on both sides. */
export interface RowSums {
  readonly before: { readonly weight: number; readonly squares: number };
  readonly after: { readonly weight: number; readonly squares: number };
}

export interface Estimates {
  readonly before: SideEstimate;
  readonly after: SideEstimate;
}

/**
 * A row as part of the whole. The variance of a ratio of sums w / W by the delta method, or, where that is larger, as it
 * would be if nothing had changed (the score test's), which is never 0.
 * @param runs of each side the row's weight in each run
 */
export function shareEstimates(
  before: SideRows,
  after: SideRows,
  row: RowSums,
  runs: { readonly before: ArrayLike<number>; readonly after: ArrayLike<number> },
): Estimates {
  const oldCount = before.total ** 2 / before.totalSquares;
  const newCount = after.total ** 2 / after.totalSquares;
  const oldShare = row.before.weight / before.total;
  const newShare = row.after.weight / after.total;
  const pooled = Math.min(1, (oldShare * oldCount + newShare * newCount) / (oldCount + newCount));
  const unchanged = pooled * (1 - pooled);
  const whole = after.total;
  const side = (rows: SideRows, sums: RowSums['before'], share: number, count: number, weights: ArrayLike<number>) => ({
    runs: Array.from(weights, (weight, i) => (weight / rows.totals[i]!) * whole),
    weight: share * whole,
    independent: Math.max(shareVariance(sums, share, rows), unchanged / count) * whole ** 2,
    unit: whole / count,
    exposed: unchanged * whole,
  });
  return {
    before: side(before, row.before, oldShare, oldCount, runs.before),
    after: side(after, row.after, newShare, newCount, runs.after),
  };
}

function shareVariance(sums: RowSums['before'], share: number, { total, totalSquares }: SideRows): number {
  return ((1 - share) ** 2 * sums.squares + share ** 2 * Math.max(0, totalSquares - sums.squares)) / total ** 2;
}

/**
 * A row's weight as it is, times a factor of each run. The variance is that of a sum of samples, or, where that is
 * larger, as it would be if nothing had changed.
 * @param factors of each run of either side
 */
export function rateEstimates(
  before: SideRows,
  after: SideRows,
  row: RowSums,
  runs: { readonly before: ArrayLike<number>; readonly after: ArrayLike<number> },
  factors: { readonly before: readonly number[]; readonly after: readonly number[] },
): Estimates {
  const oldFactor = meanOf(factors.before);
  const newFactor = meanOf(factors.after);
  const oldUnit = (before.totalSquares / before.total) * oldFactor;
  const newUnit = (after.totalSquares / after.total) * newFactor;
  const old = row.before.weight * oldFactor;
  const now = row.after.weight * newFactor;
  const pooled = (old / oldUnit + now / newUnit) / (1 / oldUnit + 1 / newUnit);
  const side = (weight: number, squares: number, unit: number, weights: ArrayLike<number>, by: readonly number[]) => ({
    runs: Array.from(weights, (each, i) => each * by[i]!),
    weight,
    independent: Math.max(squares, pooled * unit),
    unit,
    exposed: pooled,
  });
  return {
    before: side(old, row.before.squares * oldFactor ** 2, oldUnit, runs.before, factors.before),
    after: side(now, row.after.squares * newFactor ** 2, newUnit, runs.after, factors.after),
  };
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
