import { expect, test } from 'vitest';
import { compareCounts } from '../../../src/bench/instructions/compare-counts.ts';
import { instructionsPerIteration, iterationCounts } from '../../../src/bench/instructions/slope.ts';

test('the slope leaves out whatever both processes do', () => {
  const process = (iterations: number) => ({ iterations, instructions: 510e6 + 2e7 + 1234.5 * iterations });
  expect(instructionsPerIteration(process(100), process(300))).toBe(1234.5);
});

test('quick functions iterate often, slow ones twice at least, and a busier machine counts the same', () => {
  expect(iterationCounts([100e6])).toEqual([2, 6]);
  expect(iterationCounts([10e3])).toEqual([512, 1536]);
  expect(iterationCounts([10e3, 10.5e3])).toEqual(iterationCounts([11e3]));
  expect(iterationCounts([1e-6])[0]).toBeLessThanOrEqual(2 ** 26);
});

test('counts are more, fewer or as many by half a percent, runs apart included', () => {
  const verdict = (base: readonly number[], head: readonly number[]) =>
    compareCounts({ name: 'a', values: base }, { name: 'b', values: head }).verdict;
  expect(verdict([1000, 1000.1], [1050, 1050])).toBe('regressed');
  expect(verdict([1000], [990])).toBe('improved');
  expect(verdict([1000, 1001], [1002, 1002])).toBe('equivalent');
  expect(verdict([1000, 1020], [1010, 1012])).toBe('inconclusive');
  expect(verdict([1000, 1020], [1050, 1050])).toBe('regressed');
});
