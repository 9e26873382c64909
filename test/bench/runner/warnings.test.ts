import { describe, expect, test } from 'vitest';
import { benchmarkId } from '../../../src/bench/measurement.ts';
import { independentOfInput } from '../../../src/bench/runner/input-size.ts';
import { typicalOf } from '../../../src/bench/runner/result.ts';
import { measurementOf, type Side } from '../../../src/bench/runner/side.ts';
import { warningsOf } from '../../../src/bench/runner/warnings.ts';
import type { Samples } from '../../../src/preload/bench/messages.ts';
import { median } from '../../../src/statistics/quantile.ts';
import { foundBenchmark } from './found-benchmark.ts';

/** A process in which nothing is wrong: samples of 100 iterations, 100 ns each. */
function healthy(change: Partial<Samples> = {}, each: (sample: number) => number = () => 100): Samples {
  const times = Array.from({ length: 60 }, (_, i) => 100 * each(i));
  return {
    iterations: times.map(() => 100),
    times,
    steady: true,
    asynchronous: false,
    emptyIteration: 0.5,
    clock: 40,
    wall: 1e8,
    cpu: 1e8,
    involuntarySwitches: 0,
    collections: 0,
    collecting: 0,
    ...change,
  };
}

const sampled = (count: number, time: number): Samples =>
  healthy({ times: Array(count).fill(time), iterations: Array(count).fill(1) });

function side(processes: readonly Samples[], { printed = 0, batch }: { printed?: number; batch?: number } = {}): Side {
  const found = foundBenchmark('x', batch);
  const medians = processes.map(({ times, iterations }) => median(times.map((time, i) => time / iterations[i]!)));
  return { found, processes: [...processes], medians, failure: undefined, printed };
}

const ten = (make: (i: number) => Samples): Side => side(Array.from({ length: 10 }, (_, i) => make(i)));
const kinds = (of: Side): string[] => warningsOf(of).map(({ kind }) => kind);

describe('warnings', () => {
  test('nothing is said where nothing is wrong', () => {
    expect(kinds(ten((i) => healthy({}, () => 100 + i * 0.1)))).toEqual([]);
  });

  test.each([
    ['unsteady', ten((i) => healthy({ steady: i % 2 === 0 }))],
    ['dead-code', ten(() => healthy({}, () => 0.6))],
    ['clock', side([healthy({}, () => 100)], { batch: 1 })],
    ['garbage', ten(() => healthy({ collecting: 4e7, collections: 5 }))],
    ['drift', ten(() => healthy({}, (i) => 100 + i))],
    ['two-levels', ten((i) => healthy({}, () => (i < 4 ? 100 : 120) + (i % 3) * 0.1))],
    ['spread', ten((i) => healthy({}, () => 100 + i * 5))],
    ['few-samples', side([healthy({ times: [1e4, 1e4, 1e4], iterations: [100, 100, 100] })])],
    ['prints', side([healthy()], { printed: 3000 })],
    ['busy-machine', ten(() => healthy({ cpu: 4e7 }))],
  ])('%s is told alone, with what to do', (kind, of) => {
    expect(kinds(of)).toEqual([kind]);
    for (const { text, advice } of warningsOf(of)) {
      expect(text).not.toMatch(/NaN|undefined/);
      expect(advice.length).toBeGreaterThan(10);
    }
  });

  test('one disturbed process of ten is no reason', () => {
    expect(
      kinds(ten((i) => healthy(i === 3 ? { steady: false, cpu: 1e7 } : {}, () => (i === 3 ? 300 : 100 + i * 0.1)))),
    ).toEqual([]);
  });

  test('one process of ten that had to wait has few samples, which says nothing of the function', () => {
    expect(kinds(ten((i) => sampled(i === 3 ? 6 : 270, 200_000)))).toEqual([]);
  });

  test('only what is slow is called slow: others may have been asked for few samples', () => {
    expect(warningsOf(ten(() => sampled(5, 2e7)))[0]!.text).toBe('it is slow: a process has time for 5 samples');
    expect(warningsOf(ten(() => sampled(5, 2e5)))[0]!.text).toBe('a process takes only 5 samples');
  });
});

test('a function that takes as long for large inputs as for small ones is told', () => {
  const sized = (name: string, value: string, time: number) => {
    const head = side([healthy({}, () => time)]);
    const found = { ...head.found, id: benchmarkId('g', name, value) };
    return { found, head: { ...head, found }, warnings: [] };
  };
  const grows = [sized('grows', '10', 100), sized('grows', '1000', 1000)];
  const alike = [sized('hoisted', '10', 100), sized('hoisted', '1000', 101)];
  const named = [sized('named', 'json', 100), sized('named', 'text', 100)];
  const near = [sized('near', '10', 100), sized('near', '20', 100)];
  expect(independentOfInput([...grows, ...alike, ...named, ...near])).toEqual([
    'g/hoisted takes as long for 10 as for 1000: is its input used, and not always the same result?',
  ]);
});

describe('what processes say', () => {
  test('their geometric mean, and an interval that holds the middle', () => {
    const { point, low, high } = typicalOf([100, 110, 90, 105, 95]);
    expect(point).toBeCloseTo(99.75, 1);
    // t of 4 degrees of freedom: 2.776 standard errors of the logarithms
    expect(Math.log(high / point)).toBeCloseTo(0.0981, 3);
    expect(point / low).toBeCloseTo(high / point, 10);
    expect(typicalOf([5])).toMatchObject({ point: 5, low: Number.NaN });
  });

  test("are the samples of the measurement that Criterion's numbers are of", () => {
    const { samplingMode, iterations, times } = measurementOf(ten((i) => healthy({}, () => 100 + i)));
    expect(samplingMode).toBe('Flat');
    expect([...times].map((time, i) => time / iterations[i]!)).toEqual([
      100, 101, 102, 103, 104, 105, 106, 107, 108, 109,
    ]);
  });
});
