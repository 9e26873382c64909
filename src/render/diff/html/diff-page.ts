import type { Widths } from '../widths.ts';

/**
 * What the page of a comparison holds, in one block of gzip in base64:
 *
 *     u32 length, JSON of DiffPage, then columns:
 *     frames     name file line column module kind
 *     stacks     (row - parent) frame
 *     samples    stack, weights before, weights after
 *     paths      verdict (+ 8 where it was tested), low, high
 *     functions  frame verdict (+ 8) low high before after selfBefore selfAfter
 *
 * Ends of intervals are ten thousandths of the whole. Columns are as `embedded/byte-writer` writes them.
 */
export interface DiffPage {
  readonly title: string;
  /** '' = none. */
  readonly subtitle: string;
  readonly strings: readonly string[];
  readonly unit: { readonly type: string; readonly unit: string };
  /** In what weights are told. */
  readonly display: { readonly name: string; readonly divisor: number };
  readonly before: DiffPageSide;
  readonly after: DiffPageSide;
  /** By how much weights before are multiplied to be compared. */
  readonly ratio: number;
  readonly inShares: boolean;
  /** Changes of less than this part of the whole are never significant. */
  readonly threshold: number;
  readonly negate: boolean;
  readonly widths: Widths;
  /** Roots on top when the page opens. */
  readonly inverted: boolean;
  /** A search that is made when the page opens; '' = none. */
  readonly search: string;
  readonly facts: readonly (readonly [name: string, text: string])[];
  readonly notes: readonly string[];
  /** Rows of frames, stacks, samples and functions. */
  readonly lengths: readonly [frames: number, stacks: number, samples: number, functions: number];
}

export interface DiffPageSide {
  readonly name: string;
  readonly total: number;
  /** Of less weight paths may be missing; 0 = none is. */
  readonly cut: number;
  /** What is known of its recording. */
  readonly facts: readonly (readonly [name: string, text: string])[];
}

/** Added to a verdict where there is an interval. */
export const TESTED = 8;

/** Id of the element that holds the block. */
export const COMPARISON_ID = 'data-comparison';
