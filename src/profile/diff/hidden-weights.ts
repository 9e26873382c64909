import type { StackTable } from '../profile.ts';

/**
 * How much of each path a drawing may have left out: of a path that is not there less than `cut`, and no more than what
 * the drawing shows as its nearest caller's own, as that is where cut callees lie. Of a path that is there: nothing, its
 * inclusive weight is drawn.
 * @param weight inclusive, of each path in the drawing
 * @param self the weight that ends in each path
 * @param stackless the weight that ends in no path: what lies beside the roots
 * @returns undefined where nothing is left out
 */
export function hiddenWeights(
  { parent }: StackTable,
  weight: Float64Array,
  self: Float64Array,
  stackless: number,
  cut: number,
): Float64Array | undefined {
  if (!(cut > 0)) return undefined;
  const hidden = new Float64Array(parent.length);
  for (let path = 0; path < parent.length; path++) {
    if (weight[path]! > 0) continue;
    const caller = parent[path]!;
    if (caller < 0) hidden[path] = Math.min(cut, stackless);
    else hidden[path] = weight[caller]! > 0 ? Math.min(cut, self[caller]!) : hidden[caller]!;
  }
  return hidden;
}
