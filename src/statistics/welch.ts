import { studentQuantileTwoSided, studentTwoSided } from './student.ts';

/** The mean of a sample and how far it may be from the truth. */
export interface Estimate {
  readonly mean: number;
  /** The variance of that mean: of single numbers, divided by how many there are. */
  readonly variance: number;
  /** Degrees of freedom of that variance: the size of the sample less one. */
  readonly freedom: number;
}

/** A difference of two means with the interval that holds the true one. */
export interface Difference {
  readonly delta: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided probability of a difference as large where there is none. */
  readonly p: number;
}

/**
 * `after` less `before` by Welch's t test, which does not suppose that both vary alike (Biometrika 34, 1947; degrees of
 * freedom by Satterthwaite's equation).
 * @param alpha the probability that the interval misses the true difference
 */
export function welch(before: Estimate, after: Estimate, alpha: number): Difference {
  const variance = before.variance + after.variance;
  const freedom =
    variance === 0
      ? before.freedom + after.freedom
      : variance ** 2 / (before.variance ** 2 / before.freedom + after.variance ** 2 / after.freedom);
  return difference(after.mean - before.mean, variance, freedom, alpha);
}

/** A difference of which the variance is known: Student's t. */
export function difference(delta: number, variance: number, freedom: number, alpha: number): Difference {
  const error = Math.sqrt(variance);
  const reach = error === 0 ? 0 : error * studentQuantileTwoSided(alpha, freedom);
  const p = delta === 0 ? 1 : studentTwoSided(delta / error, freedom);
  return { delta, low: delta - reach, high: delta + reach, p };
}
