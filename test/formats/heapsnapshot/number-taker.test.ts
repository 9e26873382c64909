import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NumberTaker, ScriptTaker, wasmTaker } from '../../../src/formats/heapsnapshot/number-taker.ts';

const TAKERS: readonly (readonly [string, () => NumberTaker])[] = [
  ['WebAssembly', () => wasmTaker()!],
  ['JavaScript', () => new ScriptTaker()],
];

/** Everything that can be taken at once, and what is left. */
function taken(taker: NumberTaker, text: string, room = taker.batch.length): [number[], string] {
  const bytes = Buffer.from(text);
  let count = 0;
  let pos = 0;
  for (;;) {
    const more = taker.take(bytes, pos, bytes.length, count, room);
    if (more === 0) return [[...taker.batch.subarray(0, count)], bytes.subarray(pos).toString()];
    count += more;
    pos = taker.behind;
  }
}

const REST = '________________';

for (const [name, open] of TAKERS) {
  test(`${name}: numbers of up to nine digits, with the line ends of V8`, () => {
    expect(taken(open(), `0,7,42\n,123456,12345678,999999999\n,5,${REST}`)).toEqual([
      [0, 7, 42, 123456, 12345678, 999999999, 5],
      REST,
    ]);
  });

  test(`${name}: what is something else is left to others`, () => {
    for (const odd of [
      '1234567890,',
      '01,',
      '00000000001,',
      '-1,',
      '1.5,',
      '1e3,',
      ' 1,',
      '1 ,',
      '1]',
      '"1",',
      '1\n\n,',
    ])
      expect(taken(open(), `3,${odd}${REST}`)).toEqual([[3], odd + REST]);
  });

  test(`${name}: no more than there is room for, nor up to the end, which may be cut`, () => {
    expect(taken(open(), `1,2,3,4,${REST}`, 3)).toEqual([[1, 2, 3], `4,${REST}`]);
    expect(taken(open(), '1,2,3')[0].length).toBeLessThan(3);
  });
}

test('both take the same of any text', () => {
  const [wasm, script] = [wasmTaker()!, new ScriptTaker()];
  const piece = fc.oneof(
    { weight: 8, arbitrary: fc.nat(1_100_000_000).map((number) => `${number},`) },
    { weight: 4, arbitrary: fc.nat(1000).map((number) => `${number}\n,`) },
    { weight: 1, arbitrary: fc.constantFrom('0', '00', ',', '\n', ' ', '-', ']', '12345678', 'é', '\u00ff', '/', ':') },
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('') + REST;
      expect(taken(wasm, text)).toEqual(taken(script, text));
    }),
    { numRuns: 3000 },
  );
});
