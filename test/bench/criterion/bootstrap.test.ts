import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse, compare, verdictOf } from '../../../src/bench/criterion/analyse.ts';
import { bootstrapSlope } from '../../../src/bench/criterion/bootstrap-slope.ts';
import { bootstrapStatistics } from '../../../src/bench/criterion/bootstrap-statistics.ts';
import { bootstrapT } from '../../../src/bench/criterion/bootstrap-t.ts';
import { DEFAULT_ANALYSIS, resamplesOf } from '../../../src/bench/criterion/config.ts';
import { estimateFrom, twoTailedP } from '../../../src/bench/criterion/distribution.ts';
import { pointStatistics, slopeThroughOrigin, tStatistic } from '../../../src/bench/criterion/point-statistics.ts';
import { countOutliers, outlierLabel, tukeyFences } from '../../../src/bench/criterion/tukey.ts';
import { benchmarkId, type Measurement } from '../../../src/bench/measurement.ts';
import { quantile, sorted } from '../../../src/statistics/quantile.ts';
import { SeededRandom } from '../../../src/statistics/random.ts';
import { RandomWords, wordsFor } from '../../../src/statistics/random-words.ts';
import { nthSmallest } from '../../../src/statistics/select.ts';

const times = fc.array(fc.double({ min: 0.5, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 40 });
/** Many equal ones, as a coarse clock makes them. */
const coarse = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 40 });
/** Up to a thousandfold, which is more than times of one benchmark differ, and nothing that only rounding tells apart. */
const alike = fc.array(
  fc.integer({ min: 16, max: 16_000 }).map((sixteenths) => sixteenths / 16),
  { minLength: 2, maxLength: 40 },
);
const sample = fc.oneof(times, coarse).map((values) => Float64Array.from(values));

/** The same resamples, made and looked at one by one. */
function naive(values: Float64Array, resamples: number, random: RandomWords): Float64Array[] {
  const ascending = sorted(values);
  return Array.from({ length: resamples }, () => drawn(values.length, random).map((at) => ascending[at]!));
}

/** As many places of a sample as it has. */
function drawn(size: number, random: RandomWords): Float64Array {
  const words = wordsFor(size);
  random.fill(words);
  return Float64Array.from(words.subarray(0, size), (word) => Math.floor((word * size) / 2 ** 32));
}

describe('the bootstrap', () => {
  test('has the statistics of resamples that are really made', () => {
    fc.assert(
      fc.property(sample, fc.integer(), (values, seed) => {
        const fast = bootstrapStatistics(values, 20, new RandomWords(seed));
        naive(values, 20, new RandomWords(seed)).forEach((resample, r) => {
          const slow = pointStatistics(resample);
          const scale = Math.max(...values);
          expect(fast.median[r]).toBe(slow.median);
          expect(Math.abs(fast.median_abs_dev[r]! - slow.median_abs_dev)).toBeLessThanOrEqual(1e-12 * scale);
          expect(Math.abs(fast.mean[r]! - slow.mean)).toBeLessThanOrEqual(1e-12 * scale);
          expect(Math.abs(fast.std_dev[r]! - slow.std_dev)).toBeLessThanOrEqual(1e-7 * scale);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('of a slope draws pairs', () => {
    fc.assert(
      fc.property(sample, fc.integer(), (values, seed) => {
        const iterations = values.map((_, i) => i + 1);
        const fast = bootstrapSlope(iterations, values, 10, new RandomWords(seed));
        const random = new RandomWords(seed);
        for (const slope of fast) {
          const places = drawn(values.length, random);
          const slow = slopeThroughOrigin(
            places.map((i) => iterations[i]!),
            places.map((i) => values[i]!),
          );
          expect(slope).toBeCloseTo(slow, 6);
        }
      }),
    );
  });

  test('of t draws both samples from the mixture, and leaves out what has no t', () => {
    fc.assert(
      fc.property(alike, alike, fc.integer(), (as, bs, seed) => {
        const [a, b] = [Float64Array.from(as), Float64Array.from(bs)];
        const fast = bootstrapT(a, b, 10, new RandomWords(seed));
        const random = new RandomWords(seed);
        const mixed = Float64Array.of(...a, ...b);
        const slow = Array.from({ length: 10 }, () => {
          const resample = drawn(mixed.length, random).map((at) => mixed[at]!);
          return tStatistic(resample.subarray(0, a.length), resample.subarray(a.length));
        });
        expect(fast.length).toBeLessThanOrEqual(10);
        if (slow.some((t) => !Number.isFinite(t))) return;
        for (const [r, t] of fast.entries()) {
          if (fast.length === 10) expect(Math.abs(t - slow[r]!)).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(t)));
        }
      }),
    );
  });

  test('is the same for the same seed', () => {
    const values = Float64Array.from({ length: 30 }, (_, i) => 100 + (i % 7));
    const analysis = analyse(measurementOf(values), { ...DEFAULT_ANALYSIS, resamples: 1000 });
    expect(analyse(measurementOf(values), { ...DEFAULT_ANALYSIS, resamples: 1000 })).toEqual(analysis);
  });
});

function measurementOf(averages: Float64Array, samplingMode: 'Linear' | 'Flat' = 'Flat'): Measurement {
  const iterations = averages.map((_, i) => (samplingMode === 'Linear' ? i + 1 : 10));
  return { id: benchmarkId('x'), samplingMode, iterations, times: averages.map((time, i) => time * iterations[i]!) };
}

describe('an analysis', () => {
  test('of two samples, as quick sampling takes them, is one', () => {
    const { estimates, tukey, outliers } = analyse(measurementOf(Float64Array.of(10, 12), 'Linear'), DEFAULT_ANALYSIS);
    expect(estimates.mean).toMatchObject({ point: 11, lower: 10, upper: 12 });
    expect(estimates.slope!.point).toBeCloseTo((10 + 24 * 2) / 5, 12);
    expect(tukey).toEqual([7.5, 9, 13, 14.5].map((fence) => expect.closeTo(fence, 9)));
    expect(Object.values(outliers)).toEqual([0, 0, 0, 0]);
  });

  test('of equal times finds no width, no outliers, no t', () => {
    const flat = measurementOf(new Float64Array(20).fill(7));
    const config = { ...DEFAULT_ANALYSIS, resamples: 500 };
    const analysis = analyse(flat, config);
    expect(analysis.estimates.mean).toMatchObject({ point: 7, lower: 7, upper: 7, standardError: 0 });
    const comparison = compare(analysis, flat, config);
    expect(comparison.p).toBeNaN();
    expect(comparison.verdict).toBe('no change');
    expect(comparison.change.mean.point).toBe(0);
  });

  test('finds a change that is there, both ways, and noise that is not worth a word', () => {
    const random = new SeededRandom(5);
    const around = (centre: number): Measurement =>
      measurementOf(Float64Array.from({ length: 100 }, () => centre * (1 + 0.005 * random.normal())));
    const config = { ...DEFAULT_ANALYSIS, resamples: 5000 };
    const base = around(100);
    const against = (centre: number): string => compare(analyse(around(centre), config), base, config).verdict;
    expect(against(105)).toBe('regressed');
    expect(against(95)).toBe('improved');
    expect(against(100.5)).toBe('within noise');
    const same = compare(analyse(base, config), base, config);
    expect(same).toMatchObject({ t: 0, verdict: 'no change' });
    expect(same.change.mean.lower).toBeLessThan(0);
    expect(same.change.mean.upper).toBeGreaterThan(0);
  });

  test('of very many samples makes fewer resamples', () => {
    expect(resamplesOf(DEFAULT_ANALYSIS, 100)).toBe(100_000);
    expect(resamplesOf(DEFAULT_ANALYSIS, 10_000)).toBe(100_000);
    expect(resamplesOf(DEFAULT_ANALYSIS, 100_000)).toBe(10_000);
    expect(resamplesOf(DEFAULT_ANALYSIS, 1e8)).toBe(1000);
    expect(resamplesOf({ ...DEFAULT_ANALYSIS, resamples: 50 }, 1e8)).toBe(50);
  });

  test('draws every resample of the new run, not 317 of them', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => 100 + Math.sin(i) + i / 50);
    const config = { ...DEFAULT_ANALYSIS, resamples: 20_000 };
    const constant = measurementOf(new Float64Array(100).fill(100));
    const { distributions } = compare(analyse(measurementOf(values), config), constant, config);
    expect(new Set(distributions.mean).size).toBeGreaterThan(10_000);
  });
});

test.each([
  [0.04, { lower: 0.02, upper: 0.03 }, 'regressed'],
  [0.04, { lower: -0.03, upper: -0.02 }, 'improved'],
  [0.04, { lower: 0.005, upper: 0.03 }, 'within noise'],
  [0.04, { lower: 0.01, upper: 0.03 }, 'within noise'],
  [0.05, { lower: 0.02, upper: 0.03 }, 'no change'],
  [Number.NaN, { lower: 0.02, upper: 0.03 }, 'no change'],
] as const)('p = %d and %j are %s', (p, change, verdict) => {
  expect(verdictOf(p, change, 0.05, 0.01)).toBe(verdict);
});

describe('an estimate', () => {
  test('has the percentiles of the sorted distribution, without sorting it', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (values, level) => {
        const before = values.slice();
        const { lower, upper } = estimateFrom(1, values, level);
        const ascending = sorted(values);
        expect(values).toEqual(before);
        expect(lower).toBeCloseTo(quantile(ascending, (50 * (1 - level)) / 100), 6);
        expect(upper).toBeCloseTo(quantile(ascending, (50 * (1 + level)) / 100), 6);
      }),
    );
  });

  test('selection puts every number where sorting would', () => {
    fc.assert(
      fc.property(sample, fc.nat(), (values, place) => {
        const n = place % values.length;
        const scratch = values.slice();
        expect(nthSmallest(scratch, n)).toBe(sorted(values)[n]);
        expect(scratch.subarray(0, n).every((value) => value <= scratch[n]!)).toBe(true);
        expect(scratch.subarray(n).every((value) => value >= scratch[n]!)).toBe(true);
        expect(sorted(scratch)).toEqual(sorted(values));
      }),
    );
  });
});

test('p is twice the smaller tail', () => {
  expect(twoTailedP(Float64Array.of(1, 2, 3, 4), 3.5)).toBe(0.5);
  expect(twoTailedP(Float64Array.of(1, 2, 3, 4), 3)).toBe(1);
  expect(twoTailedP(Float64Array.of(1, 2, 3, 4), 9)).toBe(0);
  expect(twoTailedP(new Float64Array(0), 1)).toBeNaN();
});

test('outliers lie beyond the fences, not on them', () => {
  const fences = tukeyFences(Float64Array.of(1, 2, 3, 4, 5));
  expect(fences).toEqual([-4, -1, 7, 10]);
  expect([-5, -4, -2, -1, 7, 8, 10, 11].map((value) => outlierLabel(value, fences))).toEqual([
    'low severe',
    'low mild',
    'low mild',
    undefined,
    undefined,
    'high mild',
    'high mild',
    'high severe',
  ]);
  expect(countOutliers([-5, -4, 0, 8], fences)).toEqual({
    'low severe': 1,
    'low mild': 1,
    'high mild': 1,
    'high severe': 0,
  });
});

test('random words are even, the same for the same seed, and go on where they stopped', () => {
  const [one, other] = [new RandomWords(42), new RandomWords(42)];
  const [all, halves] = [new Uint32Array(1 << 18), new Uint32Array(1 << 18)];
  one.fill(all);
  other.fill(halves.subarray(0, 1 << 10));
  other.fill(halves.subarray(1 << 10));
  expect(Buffer.compare(new Uint8Array(halves.buffer), new Uint8Array(all.buffer))).toBe(0);
  // Each bit is set half of the time; six standard deviations of so many coins are 1,536
  for (let bit = 0; bit < 32; bit++) {
    const ones = all.reduce((sum, word) => sum + ((word >>> bit) & 1), 0);
    expect(Math.abs(ones - (1 << 17))).toBeLessThan(1536);
  }
  // Neighbours come from different generators: as many pairs are in the same quarter as chance has it
  const same = all.reduce((sum, word, i) => sum + (i % 2 === 1 && word >>> 30 === all[i - 1]! >>> 30 ? 1 : 0), 0);
  expect(Math.abs(same - (1 << 15))).toBeLessThan(6 * Math.sqrt(2 ** 17 * 0.25 * 0.75));
});
