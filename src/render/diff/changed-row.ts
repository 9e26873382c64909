import type { Changes, Comparison, Verdict } from '../../profile/diff/comparison.ts';
import { VERDICTS } from '../../profile/diff/comparison.ts';
import { changesByEffect } from '../../profile/diff/order.ts';
import { isSignificant } from '../../profile/diff/significant.ts';
import { KINDS, type Kind } from '../../profile/profile.ts';
import { nameOf } from '../frame-words.ts';

/** What is said of one path or function. Weights are in the comparison's unit, percentages are of each side's whole. */
export interface ChangedRow {
  /** Raw text; `[unknown]` or `(anonymous)` where it has none. */
  readonly name: string;
  /** '' = unknown. */
  readonly file: string;
  /** 1-based; 0 = unknown. */
  readonly line: number;
  /** '' = unknown. */
  readonly module: string;
  readonly kind: Kind;
  readonly before: number;
  readonly after: number;
  /** Change of the weight, on the scale of the after side, and its confidence interval: NaN where nothing was tested. */
  readonly delta: number;
  readonly low: number;
  readonly high: number;
  readonly beforePercent: number;
  readonly afterPercent: number;
  /** The change and its interval in percent of the whole: points. */
  readonly deltaPercent: number;
  readonly lowPercent: number;
  readonly highPercent: number;
  readonly p: number;
  readonly verdict: Verdict;
}

/**
 * @param changes the comparison's paths or functions
 * @param row of `changes`
 * @param frame of the comparison's profile
 */
export function changedRow(comparison: Comparison, changes: Changes, row: number, frame: number): ChangedRow {
  const { strings, frames } = comparison.profile;
  const file = strings[frames.file[frame]!]!;
  const whole = wholeOf(comparison);
  const percent = (part: number, of: number): number => (of === 0 ? 0 : (part / of) * 100);
  const before = changes.before[row]!;
  const after = changes.after[row]!;
  const delta = changes.delta[row]!;
  const low = changes.low[row]!;
  const high = changes.high[row]!;
  return {
    name: nameOf({ name: strings[frames.name[frame]!]!, file }),
    file,
    line: frames.line[frame]!,
    module: strings[frames.module[frame]!]!,
    kind: KINDS[frames.kind[frame]!]!,
    before,
    after,
    delta,
    low,
    high,
    beforePercent: percent(before, comparison.before.total),
    afterPercent: percent(after, comparison.after.total),
    deltaPercent: percent(delta, whole),
    lowPercent: percent(low, whole),
    highPercent: percent(high, whole),
    p: changes.p[row]!,
    verdict: VERDICTS[changes.verdict[row]!]!,
  };
}

/** What points are percent of: the whole weight of the after side, or of the before side where that has none. */
function wholeOf({ before, after, scale }: Comparison): number {
  return after.total > 0 ? after.total : before.total * (scale || 1);
}

/**
 * Whether the comparison is by shares of the whole, as totals were made equal or are: then a change is a number of points.
 * A side that weighs nothing cannot be made equal.
 */
export function byShares({ before, after, scale }: Comparison): boolean {
  return before.total === 0 || after.total === 0 || Math.abs(scale * before.total - after.total) <= 1e-9 * after.total;
}

/** Of rows in the order of effect the significant ones; where there are none, all that changed at all. */
export function worthListing(order: readonly number[], changes: Changes): readonly number[] {
  const first = order.findIndex((row) => !isSignificant(changes.verdict[row]!));
  return first === 0 ? order.filter((row) => changes.delta[row] !== 0) : first < 0 ? order : order.slice(0, first);
}

/** Of a change that is nearly all in one callee, only the callee is shown. */
const EXPLAINED = 0.9;

/**
 * Paths by the size of the change, without those whose change is nearly all that of one callee: what is left is where
 * changes began.
 */
export function pathsByEffect({ profile, paths }: Comparison): number[] {
  const { parent } = profile.stacks;
  const explained = new Uint8Array(paths.length);
  for (let path = 0; path < paths.length; path++) {
    const above = parent[path]!;
    if (above < 0) continue;
    const ofCaller = paths.delta[above]!;
    const own = paths.delta[path]!;
    const sameVerdict = isSignificant(paths.verdict[path]!) || !isSignificant(paths.verdict[above]!);
    if (sameVerdict && own * ofCaller > 0 && Math.abs(own) >= EXPLAINED * Math.abs(ofCaller)) explained[above] = 1;
  }
  return changesByEffect(paths).filter((path) => explained[path] === 0);
}

/** The names of a path, the root first. */
export function pathNames({ profile }: Comparison, path: number): string[] {
  const { strings, frames, stacks } = profile;
  const names: string[] = [];
  for (let stack = path; stack >= 0; stack = stacks.parent[stack]!) {
    const frame = stacks.frame[stack]!;
    names.push(nameOf({ name: strings[frames.name[frame]!]!, file: strings[frames.file[frame]!]! }));
  }
  return names.reverse();
}

/** How many functions changed significantly. */
export function changedFunctions({ functions }: Comparison): number {
  let changed = 0;
  for (let row = 0; row < functions.length; row++) if (isSignificant(functions.verdict[row]!)) changed++;
  return changed;
}
