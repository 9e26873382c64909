import type { Thread, ValueType } from '../../profile/profile.ts';
import type { SourceText } from '../../profile/source-text.ts';

/**
 * What the page holds, in two blocks of gzip in base64. The first one is all that is needed for every view but that
 * over time; the second one, which is the larger, is read when time is asked for.
 *
 *     summary   u32 length, JSON of PageSummary, then columns:
 *               frames  name file line column module kind tier fill group
 *               stacks  (row - parent) frame
 *               sums    stack thread, then one column of weights a value type
 *     samples   columns: sum (the row of `sums` that the sample is part of), time, then the weights
 *
 * Samples of one thread stand together and in the order of time. Integers are LEB128, after a byte that says how they
 * are to be taken (see embedded/byte-writer.ts).
 */
export interface PageSummary {
  readonly title: string;
  /** '' = none. */
  readonly subtitle: string;
  readonly valueTypes: readonly ValueType[];
  /** Index of the value type that is shown first. */
  readonly valueIndex: number;
  readonly strings: readonly string[];
  readonly threads: readonly Thread[];
  /** What was recorded, by whom, and what was lost; in words, as they are shown. */
  readonly facts: readonly (readonly [name: string, text: string])[];
  readonly notes: readonly string[];
  /** `#rrggbb` or any colour of CSS; frames have indexes into it. */
  readonly fills: readonly string[];
  /** The groups of the palette, in the order of the legend; none = colours mean nothing. */
  readonly groups: readonly PageGroup[];
  /** The view that is seen first. */
  readonly view: 'flame' | 'time';
  /** From where time was spent to who asked for it, when the page opens. */
  readonly callers: boolean;
  /** Roots on top. */
  readonly inverted: boolean;
  /** Whether the flame graph puts each thread below a root frame of its own. */
  readonly threadRoots: boolean;
  /** A search that is made when the page opens; '' = none. */
  readonly search: string;
  readonly sources: readonly SourceText[];
  /** Rows of frames, stacks and sums. */
  readonly lengths: readonly [frames: number, stacks: number, sums: number];
  readonly samples: number;
  /** Nanoseconds on the profiler's clock at which the first sample stands; undefined = the samples have no times. */
  readonly firstTime?: number;
}

interface PageGroup {
  readonly id: string;
  readonly title: string;
  readonly fill: string;
}

/** Ids of the elements that hold the blocks. */
export const SUMMARY_ID = 'data-summary';
export const SAMPLES_ID = 'data-samples';
