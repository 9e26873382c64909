import { median } from '../../statistics/quantile.ts';
import { type RandomWords, wordsFor } from '../../statistics/random-words.ts';

/**
 * How Welch's t of two samples falls where there is no difference: both are mixed, and pairs of samples of the same
 * sizes drawn from the mixture with replacement. Resamples without any variance have no t and are left out.
 */
export function bootstrapT(a: Float64Array, b: Float64Array, resamples: number, random: RandomWords): Float64Array {
  const mixed = new Float64Array(a.length + b.length);
  mixed.set(a);
  mixed.set(b, a.length);
  const centre = median(mixed);
  // t does not depend on the centre; where most are near zero, sums of squares lose nothing
  const deviations = mixed.map((value) => value - centre);
  const words = wordsFor(mixed.length);
  const scale = mixed.length / 2 ** 32;
  const values = new Float64Array(resamples);
  let found = 0;
  for (let r = 0; r < resamples; r++) {
    random.fill(words);
    let sumOfA = 0;
    let squaresOfA = 0;
    for (let i = 0; i < a.length; i++) {
      const deviation = deviations[(words[i]! * scale) | 0]!;
      sumOfA += deviation;
      squaresOfA += deviation * deviation;
    }
    let sumOfB = 0;
    let squaresOfB = 0;
    for (let i = a.length; i < mixed.length; i++) {
      const deviation = deviations[(words[i]! * scale) | 0]!;
      sumOfB += deviation;
      squaresOfB += deviation * deviation;
    }
    const ofMeans = varianceOfMean(sumOfA, squaresOfA, a.length) + varianceOfMean(sumOfB, squaresOfB, b.length);
    const t = (sumOfA / a.length - sumOfB / b.length) / Math.sqrt(ofMeans);
    if (Number.isFinite(t)) values[found++] = t;
  }
  return values.subarray(0, found);
}

function varianceOfMean(sum: number, squares: number, n: number): number {
  return Math.max(0, squares - (sum * sum) / n) / (n - 1) / n;
}
