import { expect, test } from 'vitest';
import { CfiReader } from '../../../src/symbols/unwind/cfi-reader.ts';
import { FrameEntries } from '../../../src/symbols/unwind/frame-entries.ts';
import { builtIndex, headerIndex } from '../../../src/symbols/unwind/frame-index.ts';

const word = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
const long = (value: number): number[] => [...word(value), 0, 0, 0, 0];
const letters = (text: string): number[] => [...Buffer.from(`${text}\0`)];

/** One CIE with one FDE of `start` .. `start + 16`, lengths of 32 bits. */
function section(cie: readonly number[], fde: readonly number[]): number[] {
  return [...word(cie.length + 4), ...word(0), ...cie, ...word(fde.length + 4), ...word(cie.length + 12), ...fde];
}

const entriesOf = (bytes: readonly number[], debug = false): FrameEntries =>
  new FrameEntries(new CfiReader(Uint8Array.from(bytes), 0x4000, 0), debug);
const ABSOLUTE = [...long(0x1000), ...long(16)];

test.each([
  ['no augmentation', [1, ...letters(''), 1, 0x78, 16, 0x0c, 7, 8], [...ABSOLUTE, 0x0e, 16], 0x1000],
  ['of old gcc', [1, ...letters('eh'), ...long(5), 1, 0x78, 16, 0x0c, 7, 8], [...ABSOLUTE, 0x0e, 16], 0x1000],
  ['version 3', [3, ...letters(''), 1, 0x78, 0x90, 0x00, 0x0c, 7, 8], [...ABSOLUTE, 0x0e, 16], 0x1000],
  ['version 4', [4, ...letters(''), 8, 0, 1, 0x78, 16, 0x0c, 7, 8], [...ABSOLUTE, 0x0e, 16], 0x1000],
  [
    'addresses of 4 bytes',
    [4, ...letters(''), 4, 0, 1, 0x78, 16, 0x0c, 7, 8],
    [...word(0x1000), ...word(16), 0x0e, 16],
    0x1000,
  ],
  [
    'zR',
    [1, ...letters('zR'), 1, 0x78, 16, 1, 0x1b, 0x0c, 7, 8],
    [...word(-24), ...word(16), 0, 0x0e, 16],
    0x4000 - 24 + 28,
  ],
  [
    'zPLR',
    [1, ...letters('zPLR'), 1, 0x78, 16, 7, 0x9b, ...word(99), 0x1b, 0x1b, 0x0c, 7, 8],
    [...word(0), ...word(16), 4, ...word(7), 0x0e, 16],
    0x4000 + 36,
  ],
  [
    'an unknown letter after those known',
    [1, ...letters('zRX'), 1, 0x78, 16, 3, 0x1b, 9, 9, 0x0c, 7, 8],
    [...word(0), ...word(16), 0, 0x0e, 16],
    0x4000 + 31,
  ],
])('entries with %s', (_, cie, fde, start) => {
  const bytes = section(cie, fde);
  const found = entriesOf(bytes).fdeAt(cie.length + 8)!;
  expect([found.start, found.end]).toEqual([start, start + 16]);
  expect(bytes.slice(found.from, found.to)).toEqual([0x0e, 16]);
  expect(bytes.slice(found.cie.from, found.cie.to)).toEqual([0x0c, 7, 8]);
  expect([found.cie.codeAlign, found.cie.dataAlign, found.cie.returnRegister, found.cie.signal]).toEqual([
    1,
    -8,
    16,
    false,
  ]);
});

test('S, B and G stand between other letters', () => {
  const cie = [1, ...letters('zSBGR'), 1, 0x78, 16, 1, 0x04];
  expect(entriesOf(section(cie, [...ABSOLUTE, 0])).fdeAt(cie.length + 8)!.cie.signal).toBe(true);
});

test('a .debug_frame names its CIE by offset, also with lengths of 64 bits', () => {
  const cie = [4, ...letters(''), 8, 0, 1, 0x78, 16];
  const short = [...word(cie.length + 4), ...word(-1), ...cie, ...word(24), ...word(0), ...ABSOLUTE, 0, 0, 0, 0];
  expect(entriesOf(short, true).fdeAt(cie.length + 8)?.start).toBe(0x1000);
  const wide = [...word(-1), ...long(cie.length + 8), ...word(-1), ...word(-1), ...cie];
  const both = [...wide, ...word(-1), ...long(24), ...long(0), ...ABSOLUTE];
  expect(entriesOf(both, true).fdeAt(wide.length)?.start).toBe(0x1000);
  const seen: number[] = [];
  entriesOf(short, true).forEachFde((offset) => seen.push(offset));
  expect(seen).toEqual([cie.length + 8]);
});

test.each([
  ['an unknown version', [2, ...letters(''), 1, 0x78, 16]],
  ['an unknown augmentation', [1, ...letters('armcc+'), 1, 0x78, 16]],
  ['an augmentation without end', [1, ...new Array(40).fill(0x7a)]],
  ['segment selectors', [4, ...letters(''), 8, 4, 1, 0x78, 16]],
  ['a length of augmentation that lies', [1, ...letters('zR'), 1, 0x78, 16, 200, 0x04]],
  ['no addresses', [1, ...letters('zR'), 1, 0x78, 16, 1, 0xff]],
  ['nothing in it', []],
])('a CIE with %s is none', (_, cie) => {
  expect(entriesOf(section(cie, ABSOLUTE)).fdeAt(cie.length + 8)).toBeUndefined();
});

test('an FDE that is its own CIE, or whose length lies, is none', () => {
  expect(entriesOf([...word(20), ...word(4), ...ABSOLUTE]).fdeAt(0)).toBeUndefined();
  const cie = [1, ...letters(''), 1, 0x78, 16];
  const good = section(cie, ABSOLUTE);
  expect(entriesOf(good.slice(0, -1)).fdeAt(cie.length + 8)).toBeUndefined();
  expect(entriesOf(good).fdeAt(-4)).toBeUndefined();
  expect(entriesOf(good).fdeAt(1e9)).toBeUndefined();
  expect(entriesOf(section(cie, [...long(0x1000), ...long(0)])).fdeAt(cie.length + 8)).toBeUndefined();
});

test('terminators in the middle, and any order, are no hindrance to an index', () => {
  const cie = [1, ...letters(''), 1, 0x78, 16];
  const one = (start: number): number[] => section(cie, [...long(start), ...long(16)]);
  const bytes = [...one(0x3000), ...word(0), ...one(0x1000), ...word(0), ...word(0), ...one(0x2000)];
  const entries = entriesOf(bytes);
  const index = builtIndex(entries);
  for (const start of [0x1000, 0x2000, 0x3000]) {
    expect(entries.fdeAt(index(start))?.start).toBe(start);
    expect(entries.fdeAt(index(start + 15))?.start).toBe(start);
  }
  expect(index(0xfff)).toBe(-1);
});

test('a table that says it has more than it has, or in another encoding, is not searched', () => {
  const header = (count: number, encoding = 0x3b): Buffer =>
    Buffer.from([
      1,
      0x1b,
      0x03,
      encoding,
      ...word(0),
      ...word(count),
      ...word(0x100),
      ...word(0x40),
      ...word(0x200),
      ...word(0x80),
    ]);
  const index = headerIndex(header(2), 0x1000, 0x1010)!;
  expect([0x10ff, 0x1100, 0x11ff, 0x1200, 0x9999].map(index)).toEqual([-1, 0x30, 0x30, 0x70, 0x70]);
  expect(headerIndex(header(3), 0x1000, 0x1010)).toBeUndefined();
  expect(headerIndex(header(0), 0x1000, 0x1010)).toBeUndefined();
  expect(headerIndex(header(2, 0x1b), 0x1000, 0x1010)).toBeUndefined();
  expect(headerIndex(Buffer.alloc(3), 0x1000, 0x1010)).toBeUndefined();
});
