/**
 * The standard normal distribution.
 */

const SQRT_2_PI = Math.sqrt(2 * Math.PI);

/** From here on the continued fraction of the tail converges faster than the series round zero. */
const TAIL = 3;

/**
 * The probability that a standard normal variable is at most `x`. Absolute error about 1e-15, relative error in the
 * tails about 1e-13: Marsaglia, "Evaluating the Normal Distribution" (2004), and Laplace's continued fraction
 * (Abramowitz and Stegun 26.2.14).
 */
export function normalCdf(x: number): number {
  if (x < -TAIL) return upperTail(-x);
  if (x > TAIL) return 1 - upperTail(x);
  let term = x;
  let sum = x;
  for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum); i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

/** The probability that a standard normal variable is farther from zero than `z`, on either side. */
export function normalTwoSided(z: number): number {
  return Math.min(1, 2 * normalCdf(-Math.abs(z)));
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / SQRT_2_PI;
}

/** @param x at least {@link TAIL} */
function upperTail(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  let fraction = x;
  for (let i = 100; i > 0; i--) fraction = x + i / fraction;
  return density(x) / fraction;
}

/** Coefficients of Wichura's algorithm AS 241 (PPND16), Applied Statistics 37 (1988): relative error about 1e-16. */
const CENTRE_UP = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const CENTRE_DOWN = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852546,
];
const MIDDLE_UP = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 7.745450142783414e-4,
];
const MIDDLE_DOWN = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  5.475938084995345e-4, 1.0507500716444169e-9,
];
const FAR_UP = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const FAR_DOWN = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 7.868691311456133e-4, 1.8463183175100548e-5,
  1.421511758316446e-7, 2.0442631033899397e-15,
];

/** The `x` of which {@link normalCdf} is `p`; infinite for 0 and 1. */
export function normalQuantile(p: number): number {
  const fromCentre = p - 0.5;
  if (Math.abs(fromCentre) <= 0.425) {
    const r = 0.180625 - fromCentre * fromCentre;
    return (fromCentre * polynomial(CENTRE_UP, r)) / polynomial(CENTRE_DOWN, r);
  }
  const tail = Math.min(p, 1 - p);
  if (tail === 0) return fromCentre < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-Math.log(tail));
  const x =
    r <= 5
      ? polynomial(MIDDLE_UP, r - 1.6) / polynomial(MIDDLE_DOWN, r - 1.6)
      : polynomial(FAR_UP, r - 5) / polynomial(FAR_DOWN, r - 5);
  return fromCentre < 0 ? -x : x;
}

/** @param coefficients the constant first */
function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i]!;
  return value;
}
