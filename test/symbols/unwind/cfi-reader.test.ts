import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CfiReader } from '../../../src/symbols/unwind/cfi-reader.ts';

const reader = (...bytes: number[]): CfiReader => new CfiReader(Uint8Array.from(bytes), 0x1000, 0x5000);

function leb128(value: bigint, signed: boolean): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    const done = signed ? (rest === 0n && byte < 64) || (rest === -1n && byte >= 64) : rest === 0n;
    bytes.push(done ? byte : byte | 128);
    if (done) return bytes;
  }
}

test('LEB128 numbers are exact within 2^53', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(reader(...leb128(BigInt(value), true)).sleb()).toBe(value);
      expect(reader(...leb128(BigInt(Math.abs(value)), false)).uleb()).toBe(Math.abs(value));
    }),
  );
});

test('a LEB128 without end is a failure, and ends', () => {
  const endless = new CfiReader(new Uint8Array(1 << 20).fill(0x80), 0, 0);
  endless.uleb();
  expect(endless.failed).toBe(true);
  expect(endless.position).toBeLessThan(100);
});

test.each([
  ['absolute', 0x00, [1, 2, 0, 0, 0, 0, 0, 0], 0x201],
  ['2 bytes, unsigned', 0x02, [0xfe, 0xff], 0xfffe],
  ['4 bytes, unsigned', 0x03, [0xfe, 0xff, 0xff, 0xff], 0xfffffffe],
  ['8 bytes', 0x04, [1, 0, 0, 0, 1, 0, 0, 0], 2 ** 32 + 1],
  ['LEB128', 0x01, [0x80, 0x01], 128],
  ['signed LEB128', 0x09, [0x7f], -1],
  ['2 bytes, from where it stands', 0x1a, [0xfe, 0xff], 0x1000 - 2],
  ['4 bytes, from where it stands', 0x1b, [0xfc, 0xff, 0xff, 0xff], 0x1000 - 4],
  ['8 bytes, from where it stands', 0x1c, [0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 0x1000 - 8],
  ['4 bytes, from the data', 0x3b, [4, 0, 0, 0], 0x5004],
  ['none', 0xff, [], 0],
])('a pointer: %s', (_, encoding, bytes, value) => {
  const bytesReader = reader(...bytes);
  expect(bytesReader.pointer(encoding)).toBe(value);
  expect(bytesReader.position).toBe(bytes.length);
  expect(bytesReader.failed).toBe(false);
});

test.each([[0x05], [0x0f], [0x80], [0x9b], [0x2b], [0x4b]])('encoding %i cannot be followed', (encoding) => {
  const one = reader(0, 0, 0, 0, 0, 0, 0, 0);
  one.pointer(encoding);
  expect(one.failed).toBe(true);
});

test('an aligned pointer begins at the next multiple of 8', () => {
  const one = reader(9, 9, 9, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0);
  one.skip(3);
  expect(one.pointer(0x50)).toBe(7);
});

test('reading behind the end gives 0, fails, and stays failed', () => {
  const one = reader(1, 2, 3);
  expect([one.u32(), one.failed, one.u8(), one.text()]).toEqual([0, true, 0, '']);
  one.seek(1, 3);
  expect([one.u8(), one.failed]).toEqual([2, false]);
  for (const position of [-1, 4, Number.NaN, Number.POSITIVE_INFINITY]) {
    one.seek(position, 3);
    expect(one.failed).toBe(true);
  }
});
