import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputOf } from '../../../src/formats/input.ts';
import { openJsonKernel } from '../../../src/formats/json-kernel/open-json-kernel.ts';
import { readJson } from '../../../src/formats/json-stream/input.ts';
import { isList } from '../../../src/formats/json-stream/list.ts';
import { ALL } from '../../../src/formats/json-stream/shape.ts';
import { expectSame, outcome } from './outcome.ts';

const kernel = openJsonKernel()!;

/** Everything that the kernel takes of a text, and what is left. */
function taken(text: string, room = kernel.numbers.length): [number[], string] {
  const bytes = Buffer.from(text);
  kernel.text.fill('7');
  kernel.text.set(bytes);
  const count = kernel.integers(0, bytes.length, room);
  return [[...kernel.numbers.subarray(0, count)], bytes.subarray(kernel.taken()).toString()];
}

test('the kernel has as much memory as it uses, up to a page', () => {
  const { buffer, byteOffset, byteLength } = kernel.stackOfId;
  const unused = buffer.byteLength - byteOffset - byteLength;
  expect(unused).toBeGreaterThanOrEqual(0);
  expect(unused).toBeLessThan(1 << 16);
});

test('numbers of up to nine digits, below 0 too', () => {
  expect(taken('0,7,42,-1,-40,12345678,999999999,-999999999,5,')).toEqual([
    [0, 7, 42, -1, -40, 12345678, 999999999, -999999999, 5],
    '',
  ]);
});

test.each([
  '1234567890,',
  '01,',
  '00,',
  '-0,',
  '-01,',
  '-,',
  ',',
  '1.5,',
  '1e3,',
  ' 1,',
  '1 ,',
  '1]',
  '"1",',
  '1/,',
  ':,',
])('what is something else is left to others: %s', (odd) => {
  expect(taken(`3,${odd}4,`)).toEqual([[3], `${odd}4,`]);
});

test('no more than there is room for, and nothing that may be cut', () => {
  expect(taken('1,2,3,4,', 3)).toEqual([[1, 2, 3], '4,']);
  expect(taken('1,2,3')).toEqual([[1, 2], '3']);
  expect(taken('')).toEqual([[], '']);
});

/** Numbers of as many digits, or of up to as many. */
const digits = fc
  .constantFrom(1, 2, 3, 4, 5, 6, 8, 9)
  .chain((most) =>
    fc.oneof(
      fc.array(fc.integer({ min: most === 1 ? 0 : 10 ** (most - 1), max: 10 ** most - 1 }), { maxLength: 90 }),
      fc.array(fc.integer({ min: 0, max: 10 ** most - 1 }), { maxLength: 90 }),
      fc.array(fc.integer({ min: 1 - 10 ** most, max: 10 ** most - 1 }), { maxLength: 30 }),
    ),
  );

test('many side by side are taken up to the first that is something else, or as far as there is room', () => {
  const odd = fc.constantFrom('', '01,', '00,', '007,', ',', '-0,', '1234567890,', '-,', '1.5,', '1]', '/,', '4:,');
  fc.assert(
    fc.property(fc.array(digits, { maxLength: 4 }), odd, digits, fc.nat(200), (before, other, behind, room) => {
      const numbers = before.flat();
      const rest = other + behind.map((number) => `${number},`).join('');
      const text = numbers.map((number) => `${number},`).join('') + rest;
      expect(taken(text)).toEqual(other === '' ? [[...numbers, ...behind], ''] : [numbers, rest]);
      const [some, left] = taken(text, room);
      const all = other === '' ? [...numbers, ...behind] : numbers;
      expect(some).toEqual(all.slice(0, room));
      expect(some.map((number) => `${number},`).join('') + left).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test('long lists, of numbers or nearly so, are read as JSON.parse reads them', async () => {
  const number = fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: 5000 }) },
    { weight: 20, arbitrary: fc.integer({ min: -1_100_000_000, max: 1_100_000_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(0.5, 1e21, null, -0x80000000, 'x') },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(number, { minLength: 100, maxLength: 300 }), fc.nat(40), async (part, odd) => {
      const list = Array.from({ length: 6000 }, (_, i) => (i % (odd * 100 + 1) === 0 ? part[i % part.length] : i * 37));
      const read = await readJson(inputOf(JSON.stringify({ list }), 'x'), ALL);
      const found = (read as { list: { at(i: number): unknown; length: number } }).list;
      expect(isList(found)).toBe(true);
      expectSame(
        Array.from({ length: found.length }, (_, i) => found.at(i)),
        list,
      );
    }),
    { numRuns: 40 },
  );
});

test('a list with a broken byte is refused at the same place as without the kernel', async () => {
  const text = `{"list":[${Array.from({ length: 5000 }, (_, i) => (i * 7919) % 100_000).join(',')}]}`;
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(...'0-,.:]x "\n'), async (at, byte) => {
      const broken = text.slice(0, at) + byte + text.slice(at + 1);
      const read = (chunk?: number) => outcome(readJson(inputOf(broken, 'x', chunk), ALL));
      expectSame(await read(), await read(1000));
    }),
    { numRuns: 100 },
  );
});
