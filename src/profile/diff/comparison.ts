import type { Profile, ValueType } from '../profile.ts';

/** What is said of a path or a function. `new` and `gone` are significant too; `untested` = the weights are no counts. */
export const VERDICTS = ['unchanged', 'grew', 'shrank', 'new', 'gone', 'below-cut', 'untested'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * Columns of changes, one row a path or a function. All weights are in the comparison's unit and INCLUSIVE: the weight of
 * the samples in which the path (function) stands, a recursive function counted once.
 */
export interface Changes {
  readonly length: number;
  /** As it was measured, mean of the runs. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** `after - before * scale`: by how much it changed, in weight of the after side. */
  readonly delta: Float64Array;
  /** The confidence interval of `delta`; both NaN where nothing could be tested. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Two-sided, before the correction for many tests; NaN where nothing could be tested. */
  readonly p: Float64Array;
  /** Index into {@link VERDICTS}. */
  readonly verdict: Uint8Array;
}

/** One side of a comparison. */
export interface Side {
  /** How the person named it: file names. */
  readonly name: string;
  /** Whole weight, mean of the runs. */
  readonly total: number;
  /** How many samples all runs hold; undefined = the inputs do not tell. */
  readonly samples?: number;
  readonly runs: number;
  /** Paths of less weight may be missing, as the input is a drawing; 0 = none is. */
  readonly cut: number;
}

/** Two sides laid over each other, path by path. */
export interface Comparison {
  /**
   * The union of both: one stack a path (equal labels merged, callers before callees), one sample a path that has a self
   * weight on either side. `values[0]` are the self weights before, `values[1]` after, as they were measured.
   */
  readonly profile: Profile;
  readonly unit: ValueType;
  readonly before: Side;
  readonly after: Side;
  /** By how much weights of the before side are multiplied to be compared: `after.total / before.total`, or 1. */
  readonly scale: number;
  /**
   * The scale at which most functions did not change in themselves; a significant change is one at this scale too.
   * Undefined where the functions agree on none, or none was asked for.
   */
  readonly reference?: number;
  /** Row i is stack i of `profile`. */
  readonly paths: Changes;
  /** Self weights of each path on both sides are `profile.samples`; of functions they are here. */
  readonly functions: FunctionChanges;
  /** The false discovery rate that was asked for, e.g. 0.05. */
  readonly alpha: number;
  /** Changes of less than this part of the whole are never significant, e.g. 0.005. */
  readonly threshold: number;
  /** How many paths changed significantly. */
  readonly significant: number;
  readonly notes: readonly string[];
}

export interface FunctionChanges extends Changes {
  /** The function's heaviest frame: a row of `profile.frames`. */
  readonly frame: Int32Array;
  readonly selfBefore: Float64Array;
  readonly selfAfter: Float64Array;
}
