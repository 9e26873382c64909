import { benjaminiHochberg } from '../../statistics/false-discovery.ts';
import { normalQuantile, normalTwoSided } from '../../statistics/normal.ts';
import { type Changes, VERDICTS, type Verdict } from './comparison.ts';
import type { RowWeights } from './function-totals.ts';

/** One side's runs, row by row. */
export interface JudgedSide {
  readonly rows: readonly RowWeights[];
  /** Mean of the runs. */
  readonly total: number;
  readonly cut: number;
}

export interface JudgeOptions {
  readonly scale: number;
  readonly alpha: number;
  readonly threshold: number;
  readonly normalize: boolean;
}

const verdictIndex = new Map<Verdict, number>(VERDICTS.map((verdict, i) => [verdict, i]));

/** Says of each row whether it changed. */
export function judge(before: JudgedSide, after: JudgedSide, options: JudgeOptions): Changes {
  const { scale, alpha, threshold, normalize } = options;
  const old = meanRows(before.rows);
  const now = meanRows(after.rows);
  const length = old.weight.length;
  const delta = new Float64Array(length);
  const low = new Float64Array(length).fill(Number.NaN);
  const high = new Float64Array(length).fill(Number.NaN);
  const p = new Float64Array(length).fill(Number.NaN);
  const family = new Float64Array(length).fill(Number.NaN);
  const least = threshold * after.total;
  const width = normalQuantile(1 - alpha / 2);
  for (let i = 0; i < length; i++) {
    delta[i] = now.weight[i]! - old.weight[i]! * scale;
    if (old.squares === undefined || now.squares === undefined) continue;
    const variance =
      rowVariance(now.weight[i]!, now.squares[i]!, normalize ? after.total : Number.POSITIVE_INFINITY) +
      scale * scale * rowVariance(old.weight[i]!, old.squares[i]!, normalize ? before.total : Number.POSITIVE_INFINITY);
    const error = Math.sqrt(variance);
    low[i] = delta[i]! - width * error;
    high[i] = delta[i]! + width * error;
    p[i] = error === 0 ? 1 : normalTwoSided(delta[i]! / error);
    if ((now.weight[i]! + old.weight[i]! * scale) / 2 >= least / 2) family[i] = p[i]!;
  }
  const adjusted = benjaminiHochberg(family);
  const verdict = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const significant = adjusted[i]! <= alpha && Math.abs(delta[i]!) >= least;
    verdict[i] = verdictIndex.get(
      verdictOf(old.weight[i]!, now.weight[i]!, delta[i]!, significant, p[i]!, before, after),
    )!;
  }
  return { length, before: old.weight, after: now.weight, delta, low, high, p, verdict };
}

function rowVariance(weight: number, squares: number, total: number): number {
  return squares * Math.max(0, 1 - weight / total);
}

function verdictOf(
  old: number,
  now: number,
  delta: number,
  significant: boolean,
  p: number,
  before: JudgedSide,
  after: JudgedSide,
): Verdict {
  if (old === 0 && now > 0 && before.cut > 0) return 'below-cut';
  if (now === 0 && old > 0 && after.cut > 0) return 'below-cut';
  if (Number.isNaN(p)) return 'untested';
  if (!significant) return 'unchanged';
  if (old === 0) return 'new';
  if (now === 0) return 'gone';
  return delta > 0 ? 'grew' : 'shrank';
}

function meanRows(rows: readonly RowWeights[]): RowWeights {
  const weight = meanColumn(rows.map((row) => row.weight));
  const squares = rows.map((row) => row.squares).filter((column) => column !== undefined);
  if (squares.length < rows.length) return { weight, squares: undefined };
  // The variance of a mean of n is the mean variance over n
  return { weight, squares: meanColumn(squares).map((value) => value / rows.length) };
}

function meanColumn(columns: readonly Float64Array[]): Float64Array {
  if (columns.length === 1) return columns[0]!;
  const sum = new Float64Array(columns[0]!.length);
  for (const column of columns) for (let i = 0; i < sum.length; i++) sum[i]! += column[i]! / columns.length;
  return sum;
}
