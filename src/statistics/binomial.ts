import { incompleteBeta } from './beta.ts';

/**
 * The two-sided probability of a split as uneven as `x` of `n`, where each of the n falls on that side with the
 * probability `share`: twice the smaller tail, at most 1, which is the conservative one of the customary exact tests
 * (Clopper-Pearson's). `x` and `n` may be fractions (weighted samples): tails are those of the beta distribution, which
 * are the binomial's at whole numbers.
 *
 * Given the sum of two Poisson counts, either is binomial: so this compares two rates exactly (Przyborowski and
 * Wilenski, Biometrika 31, 1940), with `share` the part that the first one would have if nothing had changed.
 */
export function binomialTwoSided(x: number, n: number, share: number): number {
  if (n <= 0) return 1;
  const atLeast = x <= 0 ? 1 : incompleteBeta(share, x, n - x + 1);
  const atMost = x >= n ? 1 : incompleteBeta(1 - share, n - x, x + 1);
  return Math.min(1, 2 * Math.min(atLeast, atMost));
}
