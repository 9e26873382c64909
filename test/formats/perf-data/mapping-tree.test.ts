import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mapping } from '../../../src/formats/perf-data/mapping.ts';
import {
  findMapping,
  type MappingTree,
  mappingsOf,
  withMapping,
  withoutRange,
} from '../../../src/formats/perf-data/mapping-tree.ts';
import type { PerfMapping } from '../../../src/formats/perf-data/recording.ts';

const SIZE = 64;
const mapping = (start: number, end: number, name: string): Mapping =>
  new Mapping({ start, end, offset: 1000 + start, path: name, buildId: '', executable: true, time: 0 }, new Map());
const cut = (whole: PerfMapping, start: number, end: number): PerfMapping => (whole as Mapping).part(start, end);

const change = fc.record({
  start: fc.nat(SIZE - 2),
  length: fc.integer({ min: 1, max: 20 }),
  removes: fc.boolean(),
});

test('every address is found as if each had its own cell, also in earlier states', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      let tree: MappingTree | undefined;
      const cells: (string | undefined)[] = new Array(SIZE + 20).fill(undefined);
      const states: [MappingTree | undefined, (string | undefined)[]][] = [];
      changes.forEach(({ start, length, removes }, i) => {
        const end = start + length;
        tree = removes ? withoutRange(tree, start, end, cut) : withMapping(tree, mapping(start, end, `m${i}`), cut);
        cells.fill(removes ? undefined : `m${i}`, start, end);
        states.push([tree, [...cells]]);
      });
      for (const [state, expected] of states) {
        expect(expected.map((_, address) => findMapping(state, address)?.path)).toEqual(expected);
        const list = mappingsOf(state);
        expect(list.every(({ start, end }, i) => start < end && start >= (list[i - 1]?.end ?? 0))).toBe(true);
        expect(list.every(({ start, offset }) => offset === 1000 + start)).toBe(true);
      }
    }),
  );
});

test('a hundred thousand mappings are no matter', () => {
  let tree: MappingTree | undefined;
  for (let i = 0; i < 100_000; i++) tree = withMapping(tree, mapping(i * 16, i * 16 + 16, 'm'), cut);
  expect(findMapping(tree, 800_000)?.start).toBe(800_000);
  expect(mappingsOf(tree)).toHaveLength(100_000);
});
