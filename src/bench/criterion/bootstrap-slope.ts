import { type RandomWords, wordsFor } from '../../statistics/random-words.ts';

/**
 * The bootstrap distribution of the slope through the origin: pairs of iterations and time are drawn together, with
 * replacement, as many as there are.
 */
export function bootstrapSlope(
  iterations: Float64Array,
  times: Float64Array,
  resamples: number,
  random: RandomWords,
): Float64Array {
  const n = iterations.length;
  const products = iterations.map((count, i) => count * times[i]!);
  const squares = iterations.map((count) => count * count);
  const slopes = new Float64Array(resamples);
  const words = wordsFor(n);
  const scale = n / 2 ** 32;
  for (let r = 0; r < resamples; r++) {
    random.fill(words);
    let sumOfProducts = 0;
    let sumOfSquares = 0;
    for (let i = 0; i < n; i++) {
      const drawn = (words[i]! * scale) | 0;
      sumOfProducts += products[drawn]!;
      sumOfSquares += squares[drawn]!;
    }
    slopes[r] = sumOfProducts / sumOfSquares;
  }
  return slopes;
}
