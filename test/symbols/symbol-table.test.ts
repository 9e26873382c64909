import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { objectSymbols } from '../../src/symbols/object-symbols.ts';
import { CODE_AT, type SmallElf, type SmallSymbol, smallElf } from './small-elf.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-table-'));
const DEFAULTS = { is64: true, littleEndian: true, machine: 62, address: 0x401000, codeSize: 0x4000 };

/** The names at places of the code. */
function namesAt(places: readonly number[], symbols: readonly SmallSymbol[], shape: Partial<SmallElf> = {}): string[] {
  const path = join(folder, 'made');
  writeFileSync(path, smallElf({ ...DEFAULTS, ...shape, symbols }));
  const { finder } = objectSymbols(path, { buildId: '', debugFolders: [] });
  return finder!.names(Float64Array.from(places, (place) => CODE_AT + place));
}

describe.each([
  ['64 bits, little endian', { is64: true, littleEndian: true, machine: 62 }],
  ['64 bits, big endian', { is64: true, littleEndian: false, machine: 22, address: 0x1_0000 }],
  ['32 bits, little endian', { is64: false, littleEndian: true, machine: 3 }],
  ['32 bits, big endian', { is64: false, littleEndian: false, machine: 8, address: 0x8000_0000 }],
])('%s', (_, shape) => {
  test('functions have their names', () => {
    const symbols = [
      { name: 'second', at: 0x1800, size: 0x900 },
      { name: 'first', at: 0x10, size: 0x20, bind: 0 },
      { name: 'label', at: 0x3000, size: 0, type: 0 },
      { name: '_Z3fooi', at: 0x3800, size: 4 },
    ];
    const places = [0, 0x10, 0x2f, 0x30, 0x1800, 0x20ff, 0x2100, 0x3000, 0x37ff, 0x3800, 0x3804];
    expect(namesAt(places, symbols, shape)).toEqual([
      '',
      'first',
      'first',
      '',
      'second',
      'second',
      '',
      'label',
      'label',
      'foo',
      '',
    ]);
  });
});

test.each([
  [
    [
      { name: 'sized', at: 0, size: 8 },
      { name: 'a_label', at: 0, size: 0 },
    ],
    'sized',
  ],
  [
    [
      { name: 'weak_and_long', at: 0, size: 8, bind: 2 },
      { name: 'local', at: 0, size: 8, bind: 0 },
    ],
    'local',
  ],
  [
    [
      { name: 'local_and_long', at: 0, size: 8, bind: 0 },
      { name: 'global', at: 0, size: 8 },
    ],
    'global',
  ],
  [
    [
      { name: '__libc_malloc', at: 0, size: 8 },
      { name: 'malloc', at: 0, size: 8 },
    ],
    'malloc',
  ],
  [
    [
      { name: 'short', at: 0, size: 8 },
      { name: 'longer', at: 0, size: 8 },
    ],
    'longer',
  ],
  [
    [
      { name: 'one@V1', at: 0, size: 8 },
      { name: 'one@V2', at: 0, size: 8 },
    ],
    'one@V1',
  ],
  [
    [
      { name: 'SyS_read', at: 0, size: 8 },
      { name: 'sys_read', at: 0, size: 8 },
    ],
    'sys_read',
  ],
  [
    [
      { name: 'label1', at: 0, size: 0 },
      { name: 'label2', at: 0, size: 0 },
    ],
    'label2',
  ],
])('of %j the name is %s', (symbols, name) => {
  expect(namesAt([1], symbols)).toEqual([name]);
  if (!name.includes('@') && !name.includes('label')) expect(namesAt([1], [...symbols].reverse())).toEqual([name]);
});

test('functions within functions end where they end', () => {
  const symbols = [
    { name: 'outer', at: 0, size: 100 },
    { name: 'inner', at: 20, size: 10 },
    { name: 'innermost', at: 22, size: 2 },
    { name: 'label', at: 50, size: 0, type: 0 },
  ];
  expect(namesAt([10, 21, 23, 24, 30, 60, 99, 100], symbols)).toEqual([
    'outer',
    'inner',
    'innermost',
    'inner',
    'outer',
    'outer',
    'outer',
    'label',
  ]);
});

test("ARM's marks are no names, and the lowest bit of its functions no part of the address", () => {
  const symbols = [
    { name: '$x', at: 0, size: 0, type: 0, bind: 0 },
    { name: 'code', at: 0, size: 0 },
    { name: '$d.1', at: 8, size: 0, type: 0, bind: 0 },
  ];
  expect(namesAt([4, 12], symbols, { machine: 183 })).toEqual(['code', 'code']);
  const thumb = [{ name: 'thumb', at: 0x11, size: 8 }];
  expect(namesAt([0x10, 0x17, 0x18], thumb, { is64: false, machine: 40 })).toEqual(['thumb', 'thumb', '']);
});

test('any symbols give the names that a plain search gives', () => {
  const symbol = fc.record({ at: fc.nat(0x3fff), size: fc.oneof(fc.constant(0), fc.nat(0x800)) });
  const places = fc.uniqueArray(fc.nat(0x3fff), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.uniqueArray(symbol, { maxLength: 40, selector: ({ at }) => at }), places, (found, asked) => {
      const symbols = found.map((one, i) => ({ ...one, name: `f${i}` }));
      const sorted = [...asked].sort((one, other) => one - other);
      const expected = sorted.map((place) => {
        const before = symbols.filter(({ at }) => at <= place).sort((one, other) => other.at - one.at);
        const holds = before.find(({ at, size }) => place < at + size);
        return holds?.name ?? (before[0]?.size === 0 ? before[0].name : '');
      });
      expect(namesAt(sorted, symbols)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
