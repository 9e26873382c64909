import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputOf } from '../../../src/formats/input.ts';
import { pprof } from '../../../src/formats/pprof.ts';
import { checkProfile } from '../../../src/profile/check.ts';
import { block, number, packed, single, text } from './encode.ts';

// Files byte by byte: what encoders seldom write must come to the same as what they usually do

const TEXTS = ['', 'n', 'count', 'main', 'run', '/a.go'].map((word) => text(6, word));
const TYPE = block(1, [...number(1, 1), ...number(2, 2)]);
const FUNCTIONS = Array.from({ length: 200 }, (_, i) =>
  block(5, [...number(1, i + 1), ...number(2, 3 + (i % 2)), ...number(4, 5), ...number(5, 1 + i)]),
);

async function read(parts: readonly (readonly number[])[]) {
  const bytes = Uint8Array.from(parts.flat());
  const profile = await pprof.read(inputOf(bytes, 'x'), { list: [], add: () => {} });
  checkProfile(profile);
  return profile;
}

test('lists of locations: packed, one by one, in parts; numbers of any length', async () => {
  // So many that numbers of three bytes are looked up by place, and some that are not
  const ids = [...Array.from({ length: 20_000 }, (_, i) => i + 1), 2 ** 21 - 1, 2 ** 21, 2 ** 28, 2 ** 40];
  const locations = ids.flatMap((id, i) => {
    const line = (func: number) => block(4, number(1, func));
    const lines = i % 500 === 0 ? [...line(1), ...line(2)] : i % 401 === 0 ? [] : line(1 + (i % 200));
    return block(4, [...number(1, id), ...number(3, i + 1), ...lines]);
  });
  const id = fc.oneof(
    fc.constantFrom(1, 127, 128, 16_383, 16_384, ...ids.slice(-6)),
    fc.integer({ min: 1, max: 20_000 }),
  );
  const sample = fc.record({ ids: fc.array(id, { maxLength: 100 }), weight: fc.integer({ min: 0, max: 2 ** 45 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(sample, { maxLength: 30 }), async (samples) => {
      const file = (list: (given: readonly number[]) => number[]) =>
        read([
          TYPE,
          ...samples.map((row) => block(2, [...list(row.ids), ...packed(2, [row.weight])])),
          locations,
          ...FUNCTIONS,
          ...TEXTS,
        ]);
      const expected = await file((given) => single(1, given));
      expect([...expected.samples.values[0]!]).toEqual(samples.map(({ weight }) => weight));
      expect(await file((given) => packed(1, given))).toEqual(expected);
      const half = (given: readonly number[]) => given.length >> 1;
      const parts = (given: readonly number[]) => [
        ...packed(1, given.slice(0, half(given))),
        ...packed(1, given.slice(half(given))),
      ];
      expect(await file(parts)).toEqual(expected);
    }),
    { numRuns: 10 },
  );
});

test('messages in any order of their fields', async () => {
  const locations = [1, 2, 3].map((id) => block(4, [...number(1, id), ...block(4, number(1, 1 + (id % 2)))]));
  const samples = [[1, 2], [3], [], [2, 1, 3]].map((ids, i) => block(2, [...packed(1, ids), ...packed(2, [i + 1])]));
  const fields = [[TYPE], samples, locations, FUNCTIONS.slice(0, 2), TEXTS];
  const expected = await read(fields.flat());
  expect(expected.samples.length).toBe(4);
  // Each number says from which field the next message comes
  const all = fields.flatMap((list, field) => list.map(() => field));
  const picks = fc.shuffledSubarray(all, { minLength: all.length });
  await fc.assert(
    fc.asyncProperty(picks, async (order) => {
      const next = fields.map(() => 0);
      expect(await read(order.map((field) => fields[field]![next[field]!++]!))).toEqual(expected);
    }),
  );
});
