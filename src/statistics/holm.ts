/**
 * P-values adjusted for their number by Holm's step-down procedure (Scand. J. Statist. 6, 1979). Rejecting all that are
 * at most `alpha` keeps the probability of a single false rejection below it, whatever depends on whatever.
 * @param p NaN = was not tested, which stays NaN and does not count
 */
export function holm(p: Float64Array): Float64Array {
  const adjusted = new Float64Array(p.length).fill(Number.NaN);
  const order = Int32Array.from(p.keys()).filter((row) => !Number.isNaN(p[row]!));
  order.sort((a, b) => p[a]! - p[b]!);
  let most = 0;
  for (const [i, row] of order.entries()) {
    most = Math.min(1, Math.max(most, p[row]! * (order.length - i)));
    adjusted[row] = most;
  }
  return adjusted;
}
