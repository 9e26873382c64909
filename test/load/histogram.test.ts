import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { LatencyHistogram, mergedColumns, percentileIn } from '../../src/load/histogram.ts';
import { percentileSpectrum } from '../../src/render/load/hgrm.ts';

const values = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.constant(1)),
  { minLength: 1, maxLength: 300 },
);

function both(list: readonly number[]): { ours: LatencyHistogram; theirs: ReturnType<typeof build> } {
  const ours = new LatencyHistogram();
  const theirs = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 2 ** 31 - 1,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
  for (const value of list) {
    ours.record(value);
    theirs.recordValue(value);
  }
  return { ours, theirs };
}

test('columns have the percentiles of their histogram, alone and merged', () => {
  fc.assert(
    fc.property(values, values, fc.double({ min: 0, max: 100, noNaN: true }), (one, other, percent) => {
      const parts = [one, other].map((list) => both(list).ours.columns());
      expect(percentileIn(parts[0]!, percent)).toBe(both(one).ours.percentile(percent));
      expect(percentileIn(mergedColumns(parts), percent)).toBe(both([...one, ...other]).ours.percentile(percent));
      expect(mergedColumns(parts.slice(0, 1))).toBe(parts[0]);
    }),
    { numRuns: 50 },
  );
  expect(percentileIn(mergedColumns([]), 99)).toBe(0);
});

test('values that are all alike lie within their standard deviation', () => {
  const histogram = new LatencyHistogram();
  for (let i = 0; i < 3; i++) histogram.record(797.89);
  expect(histogram.withinStdev()).toBe(1);
});

test('percentiles are those of HdrHistogram', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 100, noNaN: true }), (list, percent) => {
      const { ours, theirs } = both(list);
      for (const one of [percent, 0, 50, 99, 99.99, 100]) {
        // Ours is never above the largest value that came
        expect(ours.percentile(one)).toBe(Math.min(theirs.getValueAtPercentile(one), Math.max(...list)));
      }
      expect(ours.max).toBe(Math.max(...list));
      expect(ours.min).toBe(Math.min(...list));
      expect(ours.count).toBe(list.length);
    }),
  );
});

test('mean and standard deviation are of the values as they came', () => {
  const { ours } = both([1.5, 2.5, 1000.25]);
  expect(ours.mean).toBeCloseTo(334.75, 9);
  expect(ours.stdev).toBeCloseTo(470.5799, 3);
});

test('histograms are merged without loss, also by way of their columns', () => {
  fc.assert(
    fc.property(values, values, (first, second) => {
      const whole = both([...first, ...second]).ours;
      const merged = LatencyHistogram.of([both(first).ours.columns(), both(second).ours.columns()]);
      expect([...merged.buckets()]).toEqual([...whole.buckets()]);
      expect(merged.max).toBe(whole.max);
      expect(merged.min).toBe(whole.min);
      expect(merged.mean).toBeCloseTo(whole.mean, 3);
    }),
  );
});

test('the percentile file is that of HdrHistogram, line by line', () => {
  fc.assert(
    fc.property(values, (list) => {
      const { ours, theirs } = both(list);
      const rows = (text: string): string[] =>
        text
          .split('\n')
          .filter((line) => /^\s*\d/.test(line))
          .map((line) =>
            line
              .trim()
              .replace(/\s+/g, ' ')
              .replace(/ (?:Infinity|∞)$/, ''),
          );
      expect(rows([...percentileSpectrum(ours)].join(''))).toEqual(rows(theirs.outputPercentileDistribution(5, 1000)));
    }),
    { numRuns: 50 },
  );
});
