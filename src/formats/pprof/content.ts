import type { Profile, WeightColumn } from '../../profile/profile.ts';

/** What stands in a pprof file, whoever has read it. */
export interface PprofContent {
  /** Frames, strings, stacks and threads; no samples yet. */
  readonly profile: Profile;
  /** Of each sample its stack and its thread (-1 = none). */
  readonly stack: Int32Array;
  readonly thread: Int32Array | undefined;
  /** The samples' values in the file's order. */
  readonly values: readonly WeightColumn[];
  /** Values beyond 2^53. */
  readonly inexact: number;
  /** Names of labels that are not understood. */
  readonly otherLabels: ReadonlySet<string>;
  /** Some location says at which line of its function the call stands. */
  readonly callLines: boolean;
}
