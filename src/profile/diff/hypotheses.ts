import type { StackTable } from '../profile.ts';

/** The rows that are tested, each a hypothesis "this did not change". */
export interface Hypotheses {
  readonly count: number;
  /** Of each row its hypothesis, -1 = none. */
  readonly of: Int32Array;
  /** Of each hypothesis the first row that has it. */
  readonly row: Int32Array;
}

/** Weights of both sides, row by row, as parts of the whole. */
export interface Shares {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

export interface HypothesisRules {
  readonly threshold: number;
  /** Whether rows that hold everything, on both sides, can change: not as parts of the whole. */
  readonly whole: boolean;
  /** 1 = not tested; undefined = all may be. */
  readonly ignored: Uint8Array | undefined;
}

/**
 * Which paths are tested. Those that cannot change by `threshold` are not (the mean of both sides decides, which says
 * nothing of their difference where nothing changed), so that thousands of rare paths do not hide a change of one that
 * counts. A path that weighs on both sides what its caller weighs holds the same samples: one hypothesis with it.
 */
export function pathHypotheses({ parent }: StackTable, { before, after }: Shares, rules: HypothesisRules): Hypotheses {
  const of = new Int32Array(before.length).fill(-1);
  const rows: number[] = [];
  for (let row = 0; row < of.length; row++) {
    if (!isTested(before[row]!, after[row]!, rules) || rules.ignored?.[row] === 1) continue;
    const above = parent[row]!;
    const same = above >= 0 && of[above]! >= 0 && before[above] === before[row] && after[above] === after[row];
    of[row] = same ? of[above]! : rows.push(row) - 1;
  }
  return { count: rows.length, of, row: Int32Array.from(rows) };
}

/**
 * The same for functions. Of those that hold more than half of all the ones with equal weights on both sides hold the same
 * samples, as `main` and what calls it do.
 */
export function functionHypotheses({ before, after }: Shares, rules: HypothesisRules): Hypotheses {
  const of = new Int32Array(before.length).fill(-1);
  const rows: number[] = [];
  const known = new Map<string, number>();
  for (let row = 0; row < of.length; row++) {
    if (!isTested(before[row]!, after[row]!, rules) || rules.ignored?.[row] === 1) continue;
    const key = `${before[row]} ${after[row]}`;
    const same = before[row]! > 0.5 && after[row]! > 0.5 ? known.get(key) : undefined;
    of[row] = same ?? rows.push(row) - 1;
    known.set(key, of[row]!);
  }
  return { count: rows.length, of, row: Int32Array.from(rows) };
}

function isTested(before: number, after: number, { threshold, whole }: HypothesisRules): boolean {
  const mean = (before + after) / 2;
  return mean > 0 && mean >= threshold / 2 && (whole || mean < 1);
}
