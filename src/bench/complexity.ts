import { mean } from '../statistics/moments.ts';

/** How time grows with the size of the input. */
export type Growth = 'O(1)' | 'O(log n)' | 'O(n)' | 'O(n log n)' | 'O(n²)';

const SHAPES: readonly (readonly [Growth, (n: number) => number])[] = [
  ['O(log n)', Math.log2],
  ['O(n)', (n) => n],
  ['O(n log n)', (n) => n * Math.log2(n)],
  ['O(n²)', (n) => n * n],
];

export interface Complexity {
  readonly growth: Growth;
  /** Root mean square of the relative residuals: 0.05 = times are off the curve by 5 %. */
  readonly error: number;
  /** Nanoseconds that the curve gives for an input. */
  readonly at: (n: number) => number;
}

export type ComplexityGuess = Complexity | { readonly undecided: string };

const FEWEST_SIZES = 4;
/** Between the smallest input and the largest: n and n log n are 1.5 times apart then. */
const LEAST_SPAN = 8;
/** Times that differ by less are constant. */
const CONSTANT = 0.05;
const WORST_ERROR = 0.15;
/** How much worse the next best curve must fit. */
const LEAD = 1.5;

/**
 * Guesses how time grows: curves a + b·f(n) with a, b ≥ 0 by least squares of the relative residuals (a large input must
 * not drown the small ones). A guess is made only where one curve fits well and all others clearly worse.
 * @param sizes positive inputs
 * @param times nanoseconds for each
 */
export function guessComplexity(sizes: ArrayLike<number>, times: ArrayLike<number>): ComplexityGuess {
  const distinct = new Set(Array.from(sizes));
  const least = Math.min(...distinct);
  const most = Math.max(...distinct);
  if (!(least > 0)) return { undecided: 'inputs are not all above 0' };
  if (distinct.size < FEWEST_SIZES) return { undecided: `${FEWEST_SIZES} sizes of input are needed` };
  if (most < least * LEAST_SPAN) {
    return { undecided: `the largest input should be ${LEAST_SPAN} times the smallest at least` };
  }
  const constant = constantFit(times);
  if (constant.error < CONSTANT) return constant;
  const fits = SHAPES.map(([growth, shape]) => curveOf(growth, shape, sizes, times)).sort((a, b) => a.error - b.error);
  const [best, next] = [fits[0]!, fits[1]!];
  if (best.error > WORST_ERROR) {
    return { undecided: `times are off the nearest curve, ${best.growth}, by ${percent(best.error)}` };
  }
  if (next.error < best.error * LEAD) {
    return { undecided: `${best.growth} (off by ${percent(best.error)}) or ${next.growth} (${percent(next.error)})` };
  }
  return best;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)}%`;
}

function constantFit(times: ArrayLike<number>): Complexity {
  // Least squares of relative residuals: the weights are 1/t²
  const inverse = mean(Array.from(times, (time) => 1 / time));
  const level = inverse / mean(Array.from(times, (time) => 1 / (time * time)));
  const at = (): number => level;
  return { growth: 'O(1)', at, error: errorOf(at, times, times) };
}

function curveOf(
  growth: Growth,
  shape: (n: number) => number,
  sizes: ArrayLike<number>,
  times: ArrayLike<number>,
): Complexity {
  // t ≈ a + b·f, divided by t: 1 ≈ a·u + b·v
  let uu = 0;
  let uv = 0;
  let vv = 0;
  let u1 = 0;
  let v1 = 0;
  for (let i = 0; i < times.length; i++) {
    const u = 1 / times[i]!;
    const v = shape(sizes[i]!) * u;
    uu += u * u;
    uv += u * v;
    vv += v * v;
    u1 += u;
    v1 += v;
  }
  const determinant = uu * vv - uv * uv;
  let base = (u1 * vv - v1 * uv) / determinant;
  let slope = (v1 * uu - u1 * uv) / determinant;
  if (!(base >= 0)) [base, slope] = [0, v1 / vv];
  if (!(slope >= 0)) [base, slope] = [u1 / uu, 0];
  const at = (n: number): number => base + slope * shape(n);
  return { growth, at, error: errorOf(at, sizes, times) };
}

function errorOf(at: (n: number) => number, sizes: ArrayLike<number>, times: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < times.length; i++) {
    const residual = at(sizes[i]!) / times[i]! - 1;
    squares += residual * residual;
  }
  return Math.sqrt(squares / times.length);
}
