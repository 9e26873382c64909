import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { iterationsPerBatch, QuickSampling } from '../../../src/bench/criterion/quick-sampling.ts';
import { DEFAULT_SAMPLING, planSampling, WarmUp } from '../../../src/bench/criterion/sampling-plan.ts';

const { sampleSize, measurementTime } = DEFAULT_SAMPLING;

describe('warm-up', () => {
  test('doubles the iterations until the time is over, and takes the mean of all', () => {
    const warmUp = new WarmUp(100);
    const done: number[] = [];
    let mean: number | undefined;
    while (mean === undefined) {
      done.push(warmUp.iterations);
      mean = warmUp.add(warmUp.iterations * 10);
    }
    // 10 + 20 + 40 = 70 is not over, 150 is
    expect(done).toEqual([1, 2, 4, 8]);
    expect(mean).toBe(10);
  });

  test('is not over when just so much time has passed', () => {
    expect(new WarmUp(10).add(10)).toBeUndefined();
    expect(new WarmUp(10).add(10.5)).toBe(10.5);
  });
});

describe('a plan', () => {
  test('samples linearly where there is time', () => {
    const plan = planSampling({ mode: 'Auto', sampleSize, measurementTime }, 1000);
    // 5 s / 1 µs / 5050 = 990.1
    expect(plan.samplingMode).toBe('Linear');
    expect([...plan.iterations.slice(0, 3)]).toEqual([991, 1982, 2973]);
    expect(plan.totalIterations).toBe(991 * 5050);
    expect(plan.expectedTime).toBeCloseTo(991 * 5050 * 1000, 0);
    expect(plan.warning).toBeUndefined();
  });

  test('is flat where linear would take twice the time', () => {
    const plan = planSampling({ mode: 'Auto', sampleSize, measurementTime }, 10e6);
    // 5050 iterations of 10 ms are 50.5 s
    expect(plan.samplingMode).toBe('Flat');
    expect([...new Set(plan.iterations)]).toEqual([5]);
  });

  test('warns in the words of Criterion when the time does not suffice', () => {
    // 55 iterations of 150 ms take less than twice the time
    const linear = planSampling({ mode: 'Auto', sampleSize: 10, measurementTime }, 150e6);
    expect(linear.warning).toBe(
      'Unable to complete 10 samples in 5.0s. You may wish to increase target time to 8.2s or enable flat sampling.',
    );
    const forced = planSampling({ mode: 'Linear', sampleSize, measurementTime }, 5e6);
    expect(forced.warning).toBe(
      'Unable to complete 100 samples in 5.0s. You may wish to increase target time to 25.2s, enable flat sampling, or reduce sample count to 30.',
    );
    const flat = planSampling({ mode: 'Flat', sampleSize, measurementTime }, 100e6);
    expect(flat.warning).toBe(
      'Unable to complete 100 samples in 5.0s. You may wish to increase target time to 10.0s, or reduce sample count to 50.',
    );
    const few = planSampling({ mode: 'Flat', sampleSize: 10, measurementTime }, 3e9);
    expect(few.warning).toBe('Unable to complete 10 samples in 5.0s. You may wish to increase target time to 30.0s.');
  });

  test('takes the measurement time, whole iterations aside', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Auto', 'Linear', 'Flat' as const),
        fc.integer({ min: 10, max: 500 }),
        fc.double({ min: 1e6, max: 1e11, noNaN: true }),
        fc.double({ min: 0.1, max: 1e11, noNaN: true }),
        (mode, size, time, mean) => {
          const plan = planSampling({ mode, sampleSize: size, measurementTime: time }, mean);
          expect(plan.iterations).toHaveLength(size);
          expect(plan.iterations.every((count) => count >= 1 && Number.isInteger(count))).toBe(true);
          expect(plan.expectedTime).toBeGreaterThanOrEqual(time * (1 - 1e-9));
          // One iteration more or less a step
          const step = plan.samplingMode === 'Linear' ? (size * (size + 1)) / 2 : size;
          expect(plan.expectedTime).toBeLessThanOrEqual((time + step * mean) * (1 + 1e-9));
          expect(plan.warning !== undefined).toBe(plan.iterations[0] === 1);
        },
      ),
    );
  });
});

describe('quick sampling', () => {
  test('ends when two samples agree and 0.1 s have passed', () => {
    const quick = new QuickSampling(5e9, 0.05);
    let elapsed = 0;
    for (let count = 0; count < 60; count++) {
      const { iterations } = quick;
      expect(iterations).toBe(2 ** count);
      elapsed += iterations * 1e6;
      const sample = quick.add(iterations * 1e6, elapsed);
      if (sample === undefined) continue;
      expect(elapsed).toBeGreaterThan(100e6);
      expect(elapsed - iterations * 1e6).toBeLessThanOrEqual(100e6);
      expect(sample).toEqual({
        samplingMode: 'Linear',
        iterations: Float64Array.of(iterations / 2, iterations),
        times: Float64Array.of((iterations / 2) * 1e6, iterations * 1e6),
      });
      return;
    }
    expect.unreachable();
  });

  test('goes on while the two do not agree, until the time is over', () => {
    const quick = new QuickSampling(1e9, 0.05);
    expect(quick.add(1e6, 200e6)).toBeUndefined();
    expect(quick.add(9e6, 300e6)).toBeUndefined();
    expect(quick.add(90e6, 1.1e9)?.times).toEqual(Float64Array.of(9e6, 90e6));
  });

  test('of one iteration that takes longer than the time makes two samples', () => {
    const sample = new QuickSampling(1e9, 0.05).add(2e9, 2e9)!;
    expect(sample.samplingMode).toBe('Flat');
    expect(sample.iterations).toEqual(Float64Array.of(1, 1));
    expect(sample.times[1]).toBeGreaterThan(sample.times[0]!);
  });
});

test.each([
  ['small', 100, 10],
  ['small', 101, 11],
  ['small', 1, 1],
  ['large', 100, 1],
  ['large', 5000, 5],
  ['per iteration', 100, 1],
  [{ batches: 3 }, 100, 34],
  [{ iterations: 7 }, 100, 7],
] as const)('batches of %j: %d iterations make %d a batch', (size, iterations, batch) => {
  expect(iterationsPerBatch(size, iterations)).toBe(batch);
});
