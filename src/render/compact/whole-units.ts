const MOST_DECIMALS = 6;

/**
 * The unit in which all weights are whole numbers, as numerator and denominator: their greatest common divisor (a timer's
 * period, often), or a power of ten for fractions. What has more than six decimals is rounded.
 */
export function wholeUnits(columns: readonly Float64Array[]): readonly [number, number] {
  let divisor = 0;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const weight = column[i]!;
      if (!Number.isInteger(weight)) return [1, Math.max(...columns.map(decimalPower))];
      if (divisor !== 1 && weight !== 0) divisor = greatestCommonDivisor(divisor, weight);
    }
  }
  return [divisor === 0 ? 1 : divisor, 1];
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

function decimalPower(weights: Float64Array): number {
  let power = 1;
  for (let i = 0; i < weights.length && power < 10 ** MOST_DECIMALS; i++) {
    const weight = weights[i]!;
    while (power < 10 ** MOST_DECIMALS) {
      const scaled = weight * power;
      // Binary fractions are a little off the decimal ones they stand for
      if (Math.abs(scaled - Math.round(scaled)) <= 1e-12 * Math.max(1, Math.abs(scaled))) break;
      power *= 10;
    }
  }
  return power;
}
