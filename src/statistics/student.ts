import { incompleteBeta } from './beta.ts';
import { normalCdf, normalQuantile, normalTwoSided } from './normal.ts';

/**
 * The probability that a variable of Student's t distribution is farther from zero than `t`, on either side.
 * @param freedom degrees of freedom, above 0, whole or not (Welch-Satterthwaite); Infinity is the normal distribution
 */
export function studentTwoSided(t: number, freedom: number): number {
  if (Number.isNaN(t)) return Number.NaN;
  if (freedom === Number.POSITIVE_INFINITY) return normalTwoSided(t);
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  return incompleteBeta(freedom / (freedom + square), freedom / 2, 0.5);
}

/**
 * The `t` that is exceeded, on either side, with the probability `p`: for `p` = 0.05 half the width of a 95 % interval
 * in standard errors.
 * @param p above 0, at most 1
 */
export function studentQuantileTwoSided(p: number, freedom: number): number {
  const normal = normalQuantile(1 - p / 2);
  if (freedom === Number.POSITIVE_INFINITY) return normal;
  let low = 0;
  let high = Math.max(1, normal);
  while (studentTwoSided(high, freedom) > p) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 60 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (studentTwoSided(middle, freedom) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability that a variable of Student's t distribution is at most `t`. */
export function studentCdf(t: number, freedom: number): number {
  if (freedom === Number.POSITIVE_INFINITY) return normalCdf(t);
  const half = studentTwoSided(t, freedom) / 2;
  return t < 0 ? half : 1 - half;
}
