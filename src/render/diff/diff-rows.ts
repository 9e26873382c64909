import { type DiffRows, ownOf, type RowWeights } from '../../embedded/diff-weights.ts';
import type { FlameRows } from '../../embedded/flame-rows.ts';
import type { Widths } from './widths.ts';

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
  const hidden = Float64Array.from(after.hidden, (value, i) => summable(Math.max(value, before.hidden[i]! * ratio)));
  const weight = Float64Array.from(is, (value, i) => summable(Math.max(value, was[i]! * ratio)) + hidden[i]!);
  for (let i = weight.length - 1; i > 0; i--) weight[parent[i]!]! += weight[i]!;
  return { weight, hidden };
}

/** Rounded to what doubles sum up without an error, so that edges which should be one are. */
function summable(weight: number): number {
  return Math.round(weight * 1024) / 1024;
}
