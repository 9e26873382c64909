/**
 * P-values adjusted for their number by Benjamini and Hochberg's step-up procedure (J. R. Statist. Soc. B 57, 1995).
 * Rejecting all that are at most `alpha` keeps the expected share of false ones among the rejected below it; where
 * nothing at all has changed, so is the probability of any rejection.
 * @param p NaN = was not tested, which stays NaN and does not count
 */
export function benjaminiHochberg(p: Float64Array): Float64Array {
  const adjusted = new Float64Array(p.length).fill(Number.NaN);
  const order = Int32Array.from(p.keys()).filter((row) => !Number.isNaN(p[row]!));
  order.sort((a, b) => p[a]! - p[b]!);
  let least = 1;
  for (let i = order.length - 1; i >= 0; i--) {
    const row = order[i]!;
    least = Math.min(least, (p[row]! * order.length) / (i + 1));
    adjusted[row] = least;
  }
  return adjusted;
}
