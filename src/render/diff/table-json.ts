import type { Changes, Comparison, Side } from '../../profile/diff/comparison.ts';
import { changesByEffect } from '../../profile/diff/order.ts';
import { byShares, type ChangedRow, changedRow, pathNames } from './changed-row.ts';

/** What is NaN where nothing was tested. */
type Untested = 'low' | 'high' | 'lowPercent' | 'highPercent' | 'p';

/** A function as `diff --json` tells of it. Weights are in `unit`; percentages and points are of each side's whole. */
interface ChangedFunction extends Omit<ChangedRow, Untested> {
  /** The confidence interval of `delta`, which is `after - before * scale`; null where nothing could be tested. */
  readonly low: number | null;
  readonly high: number | null;
  readonly lowPercent: number | null;
  readonly highPercent: number | null;
  /** Before the correction for many tests. */
  readonly p: number | null;
}

/** The same of one path. */
interface ChangedFrame extends ChangedFunction {
  /** Names from the root on; the last one is `name`. */
  readonly path: readonly string[];
}

export interface DiffJsonOptions {
  /** At most so many functions and so many frames. Default: all. */
  readonly limit?: number;
}

/** Names in all paths together: a stack of 100,000 frames would be written as five thousand million. */
const MOST_NAMES = 5_000_000;

/**
 * A comparison in numbers, for other programs, in pieces: no text of all is made. `frames` are all paths, `functions` all
 * functions, the significant changes first; `omitted` tells how many frames are not listed.
 */
export function* diffJson(comparison: Comparison, { limit }: DiffJsonOptions = {}): Iterable<string> {
  const { before, after, unit, scale, alpha, threshold, significant, functions, paths, profile } = comparison;
  const head = {
    version: 1,
    before: before.total,
    after: after.total,
    unit: unit.unit,
    type: unit.type,
    significant,
    scale,
    shares: byShares(comparison),
    alpha,
    threshold,
    inputs: { before: input(before), after: input(after) },
    notes: comparison.notes,
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "functions": [`;
  yield* list(
    changesByEffect(functions).slice(0, limit),
    (row): ChangedFunction => told(comparison, functions, row, functions.frame[row]!),
  );
  const order = changesByEffect(paths);
  const listed = listable(comparison, order.slice(0, limit));
  yield `],\n  "omitted": ${order.length - listed.length},\n  "frames": [`;
  yield* list(listed, (row): ChangedFrame => {
    const { name, ...rest } = told(comparison, paths, row, profile.stacks.frame[row]!);
    return { name, path: pathNames(comparison, row), ...rest };
  });
  yield ']\n}\n';
}

function input({ name, samples, runs, cut }: Side): object {
  return { name, samples: samples ?? null, runs, cut };
}

function* list(rows: readonly number[], of: (row: number) => object): Iterable<string> {
  for (let i = 0; i < rows.length; i++) yield `${i === 0 ? '' : ','}\n    ${JSON.stringify(of(rows[i]!))}`;
  if (rows.length > 0) yield '\n  ';
}

/** As many of the paths as there is room for. */
function listable({ profile: { stacks } }: Comparison, order: readonly number[]): readonly number[] {
  const depth = new Int32Array(stacks.length);
  for (let stack = 0; stack < stacks.length; stack++) {
    const above = stacks.parent[stack]!;
    depth[stack] = above < 0 ? 1 : depth[above]! + 1;
  }
  let names = 0;
  return order.filter((row) => {
    if (names + depth[row]! > MOST_NAMES) return false;
    names += depth[row]!;
    return true;
  });
}

function told(comparison: Comparison, changes: Changes, row: number, frame: number): ChangedFunction {
  const { low, high, lowPercent, highPercent, p, verdict, ...rest } = changedRow(comparison, changes, row, frame);
  return {
    ...rest,
    low: known(low),
    high: known(high),
    lowPercent: known(lowPercent),
    highPercent: known(highPercent),
    p: known(p),
    verdict,
  };
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
