import type { FlameRows } from '../../embedded/flame-rows.ts';
import type { Widths } from './widths.ts';

/**
 * The frames of a compact picture of two profiles: as those of one (see {@link FlameRows}), but with the weights of both
 * sides. The order is one for all views, so that only places and weights differ between them. All weights are whole
 * numbers: multiples of the unit that the data block names.
 */
export interface DiffRows extends Pick<FlameRows, 'rowStart' | 'frame' | 'parent'> {
  readonly before: RowWeights;
  readonly after: RowWeights;
  /** Index into VERDICTS; the root has none: 0. */
  readonly verdict: Uint8Array;
  /** The interval of the change in ten thousandths of the whole; NaN where nothing was tested. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface RowWeights {
  readonly weight: Float64Array;
  /** Weight of what lies on the frame and is left out. */
  readonly hidden: Float64Array;
}

/** Steps of an interval in the whole. */
export const INTERVAL_STEPS = 10_000;

/** The frames as wide as a view has them. @param ratio what weights before are multiplied by to be compared */
export function viewOf(rows: DiffRows, widths: Widths, ratio: number): FlameRows {
  const { rowStart, frame, parent } = rows;
  const { weight, hidden } = widths === 'max' ? larger(rows, ratio) : rows[widths];
  const start = new Float64Array(weight.length);
  // Own weight and what is left out stand left of what lies on a frame
  const next = new Float64Array(weight.length);
  for (let i = 0; i < weight.length; i++) next[i] = weight[i]!;
  for (let i = 1; i < weight.length; i++) next[parent[i]!]! -= weight[i]!;
  for (let i = 1; i < weight.length; i++) {
    const on = parent[i]!;
    start[i] = next[on]!;
    next[on]! += weight[i]!;
    next[i]! += start[i]!;
  }
  return { rowStart, start, weight, frame, parent, hidden };
}

/** Of each frame itself, and of what is left out on it, the larger of both sides; what lies on it in sum. */
function larger({ before, after, parent }: DiffRows, ratio: number): RowWeights {
  const [was, is] = [ownOf(before, parent), ownOf(after, parent)];
  const hidden = Float64Array.from(after.hidden, (value, i) => Math.max(value, before.hidden[i]! * ratio));
  const weight = Float64Array.from(is, (value, i) => Math.max(value, was[i]! * ratio) + hidden[i]!);
  for (let i = weight.length - 1; i > 0; i--) weight[parent[i]!]! += weight[i]!;
  return { weight, hidden };
}

/** Weight of each frame itself. */
export function ownOf({ weight, hidden }: RowWeights, parent: Int32Array): Float64Array {
  const own = Float64Array.from(weight, (value, i) => value - hidden[i]!);
  for (let i = 1; i < own.length; i++) own[parent[i]!]! -= weight[i]!;
  return own;
}
