import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortStacks } from '../../src/profile/sort-stacks.ts';

/** The stacks one behind the other, and where each starts. */
function laidOut(stacks: readonly (readonly number[])[]) {
  const start = [0];
  for (const stack of stacks) start.push(start.at(-1)! + stack.length);
  return { frames: Int32Array.from(stacks.flat()), start: Int32Array.from(start) };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

function expectSorted(stacks: readonly (readonly number[])[]): void {
  const { frames, start } = laidOut(stacks);
  const order: number[] = [];
  sortStacks(frames, start, (given, from, to) => order.push(...given.subarray(from, to)));
  expect(order.toSorted((a, b) => a - b)).toEqual(stacks.map((_, i) => i));
  expect(order.map((row) => stacks[row]!)).toEqual(stacks.toSorted(compare));
}

// Few frames make long first keys, many make short ones, and beyond some millions there are none
test('any stacks: as one by one, a caller before its callees', () => {
  const stacks = fc
    .constantFrom(1, 2, 3, 300, 70_000, 3_000_000, 2 ** 31 - 2)
    .chain((most) => fc.array(fc.array(fc.nat(most), { maxLength: 30 }), { maxLength: 200 }));
  fc.assert(fc.property(stacks, expectSorted), { numRuns: 400 });
});

test('many stacks that share callers, and many that are equal', () => {
  const random = fc.sample(fc.array(fc.nat(2), { minLength: 0, maxLength: 60 }), { numRuns: 3000, seed: 5 });
  const callers = Array<number>(50).fill(1);
  expectSorted(random.map((stack) => [...callers, ...stack]));
  expectSorted([...random, ...random.slice(0, 900)]);
  expectSorted(Array.from({ length: 500 }, () => callers));
});
