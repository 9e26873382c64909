import { describe, expect, test } from 'vitest';
import { incompleteBeta, logGamma } from '../../src/statistics/beta.ts';
import { binomialTwoSided } from '../../src/statistics/binomial.ts';
import { normalCdf, normalQuantile, normalTwoSided } from '../../src/statistics/normal.ts';
import { studentCdf, studentQuantileTwoSided, studentTwoSided } from '../../src/statistics/student.ts';

/** Equal to so many significant digits. */
function expectDigits(found: number, expected: number, digits: number): void {
  expect(Math.abs(found / expected - 1)).toBeLessThan(10 ** -digits);
}

describe('normal distribution', () => {
  // R 4: pnorm, qnorm
  test.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [1.959963984540054, 0.975],
    [-1.6448536269514722, 0.05],
    [-3.090232306167813, 0.001],
    [-5, 2.866515718791939e-7],
    [-10, 7.619853024160527e-24],
    [-30, 4.906713927148187e-198],
  ])('of %d is %d', (x, p) => {
    expectDigits(normalCdf(x), p, 12);
    expectDigits(normalCdf(-x), 1 - p, 12);
  });

  test.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [1e-10, -6.361340902404056],
  ])('quantile of %d is %d', (p, x) => {
    if (x === 0) expect(normalQuantile(p)).toBe(0);
    else expectDigits(normalQuantile(p), x, 14);
  });

  test('quantile and distribution are inverse, extremes are infinite', () => {
    for (let p = 0.0005; p < 1; p += 0.0005) expectDigits(normalCdf(normalQuantile(p)), p, 12);
    expectDigits(normalCdf(normalQuantile(1e-100)), 1e-100, 11);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalTwoSided(0)).toBe(1);
    expect(normalTwoSided(Number.NEGATIVE_INFINITY)).toBe(0);
  });
});

describe("Student's t distribution", () => {
  // The table of every textbook: two-sided 5 % and 1 %
  test.each([
    [1, 12.7062, 63.6567],
    [2, 4.30265, 9.92484],
    [5, 2.57058, 4.03214],
    [10, 2.22814, 3.16927],
    [31, 2.03951, 2.74404],
    [120, 1.97993, 2.61742],
    [Number.POSITIVE_INFINITY, 1.95996, 2.57583],
  ])('%d degrees of freedom', (freedom, five, one) => {
    expectDigits(studentQuantileTwoSided(0.05, freedom), five, 5);
    expectDigits(studentQuantileTwoSided(0.01, freedom), one, 5);
    expectDigits(studentTwoSided(five, freedom), 0.05, 4);
    expectDigits(studentTwoSided(-one, freedom), 0.01, 4);
  });

  test('closed forms of one and two degrees of freedom, and of fractions between them', () => {
    for (const t of [0.1, 0.7, 2, 9, 1000]) {
      expectDigits(studentTwoSided(t, 1), 1 - (2 * Math.atan(t)) / Math.PI, 9);
      expectDigits(studentTwoSided(t, 2), 1 - t / Math.sqrt(2 + t * t), 9);
      expect(studentTwoSided(t, 1.5)).toBeLessThan(studentTwoSided(t, 1));
      expect(studentTwoSided(t, 1.5)).toBeGreaterThan(studentTwoSided(t, 2));
      expectDigits(studentCdf(t, 3) + studentCdf(-t, 3), 1, 12);
    }
    expect(studentTwoSided(Number.NaN, 3)).toBeNaN();
    expect(studentTwoSided(Number.POSITIVE_INFINITY, 3)).toBe(0);
  });
});

describe('incomplete beta function', () => {
  test('logarithm of the gamma function', () => {
    expectDigits(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 13);
    expectDigits(logGamma(10), Math.log(362880), 14);
    expectDigits(logGamma(1000), 5905.220423209181, 14);
    expectDigits(logGamma(0.001), 6.907178885383853, 12);
  });

  test('is the binomial tail at whole numbers', () => {
    for (const [n, k, p] of [
      [10, 3, 0.2],
      [40, 17, 0.5],
      [200, 9, 0.02],
    ] as const) {
      let tail = 0;
      for (let i = k; i <= n; i++) {
        tail += Math.exp(logGamma(n + 1) - logGamma(i + 1) - logGamma(n - i + 1)) * p ** i * (1 - p) ** (n - i);
      }
      expectDigits(incompleteBeta(p, k, n - k + 1), tail, 11);
    }
  });

  test('holds at its ends, is symmetric, and takes large counts', () => {
    expect(incompleteBeta(0, 2, 3)).toBe(0);
    expect(incompleteBeta(1, 2, 3)).toBe(1);
    expectDigits(incompleteBeta(0.5, 2, 3), 0.6875, 12);
    expectDigits(incompleteBeta(0.3, 1e6, 2e6) + incompleteBeta(0.7, 2e6, 1e6), 1, 12);
    expectDigits(incompleteBeta(0.5, 5e5, 5e5), 0.5, 9);
  });
});

describe('exact binomial test', () => {
  test.each([
    [0, 10, 0.5, 2 / 1024],
    [3, 10, 0.5, 0.34375],
    [5, 10, 0.5, 1],
    [10, 10, 0.5, 2 / 1024],
    [1, 20, 0.3, 2 * 0.00763725974],
  ])('%d of %d at %d', (x, n, share, p) => {
    expectDigits(binomialTwoSided(x, n, share), p, 8);
  });

  test('nothing tells nothing; fractions lie between whole numbers', () => {
    expect(binomialTwoSided(0, 0, 0.5)).toBe(1);
    const between = binomialTwoSided(2.5, 20, 0.5);
    expect(between).toBeGreaterThan(binomialTwoSided(2, 20, 0.5));
    expect(between).toBeLessThan(binomialTwoSided(3, 20, 0.5));
  });
});
