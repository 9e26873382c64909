import type { FlameRows } from './flame-rows.ts';

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

/** Weight of each frame itself. */
export function ownOf({ weight, hidden }: RowWeights, parent: Int32Array): Float64Array {
  const own = Float64Array.from(weight, (value, i) => value - hidden[i]!);
  for (let i = 1; i < own.length; i++) own[parent[i]!]! -= weight[i]!;
  return own;
}
