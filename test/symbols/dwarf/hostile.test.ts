import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { findTool } from '../../../src/processes/executables.ts';
import { DebugData } from '../../../src/symbols/dwarf/debug-data.ts';
import { type SourceFrames, sourceFrames } from '../../../src/symbols/dwarf/source-frames.ts';
import { elfOfBytes } from '../../../src/symbols/elf-file.ts';
import { requireTool } from '../../require-tool.ts';
import { abbreviations, Bytes, CODE, elfOfSections, infoOf, linesOf, type Shape } from './made-dwarf.ts';

const SHAPE: Shape = { littleEndian: true, is64: true, version: 4, offsetSize: 4 };
const ASKED = Float64Array.of(CODE.start, CODE.inlinedAt + 4, CODE.start + CODE.size);

function framesIn(file: Buffer, addresses: Float64Array = ASKED): SourceFrames {
  return sourceFrames(new DebugData(elfOfBytes('made', file)!), addresses);
}

function made(shape: Shape, info: Bytes, others: Record<string, Bytes> = {}): Buffer {
  const sections = {
    '.debug_info': info,
    '.debug_abbrev': abbreviations(shape),
    '.debug_line': linesOf(shape),
    ...others,
  };
  return elfOfSections(shape, new Map(Object.entries(sections).map(([name, bytes]) => [name, bytes.buffer])));
}

const EXPECTED = [
  [{ linked: '', plain: 'outer', file: '/work/dir/file.c', line: 1 }],
  [
    { linked: '', plain: 'outer', file: '/work/dir/file.c', line: 7 },
    { linked: '', plain: 'inner', file: '/work/dir/file.c', line: 2 },
  ],
  [],
];

describe('debug information put together by hand', () => {
  const shapes = [true, false].flatMap((littleEndian) =>
    [true, false].flatMap((is64) =>
      [2, 3, 4, 5].flatMap((version) =>
        (version < 3 ? [4] : [4, 8]).map((offsetSize): Shape => ({ littleEndian, is64, version, offsetSize })),
      ),
    ),
  );

  test.each(shapes)('%j', (shape) => {
    expect(framesIn(made(shape, infoOf(shape)))).toEqual({
      frames: EXPECTED,
      broken: undefined,
      missing: [],
      withoutShared: false,
    });
  });

  test('origins that refer to one another have no name', () => {
    const info = infoOf(SHAPE, {
      origins: (bytes, place) =>
        void bytes
          .u8(6)
          .uint(place + 5, 4)
          .u8(6)
          .uint(place, 4),
    });
    const { frames } = framesIn(made(SHAPE, info));
    expect(frames[1]!.map(({ plain, line }) => `${plain}:${line}`)).toEqual(['outer:7', ':2']);
  });

  test('an origin that is nowhere has no name', () => {
    const info = infoOf(SHAPE, { origins: (bytes) => void bytes.u8(6).uint(0x7fffffff, 4) });
    expect(framesIn(made(SHAPE, info)).frames[1]!.map(({ plain }) => plain)).toEqual(['outer', '']);
  });

  test('blocks within blocks without end are not followed', () => {
    const inside = (bytes: Bytes): void => {
      for (let i = 0; i < 100_000; i++) bytes.u8(5);
    };
    const { frames, broken } = framesIn(made(SHAPE, infoOf(SHAPE, { inside })));
    expect(broken).toMatch('nested too deep');
    expect(frames[1]!.map(({ line }) => line)).toEqual([7, 2]);
  });

  test('an abbreviation that is not there costs what is behind it', () => {
    const { frames, broken } = framesIn(made(SHAPE, infoOf(SHAPE, { inside: (bytes) => void bytes.u8(99) })));
    expect(broken).toMatch('abbreviation 99');
    expect(frames[0]).toEqual(EXPECTED[0]);
  });

  test('a list that names a unit a million times takes as long as the units', () => {
    const set = new Bytes(SHAPE).uint(2, 2).uint(0, 4).u8(8, 0).uint(0, 4);
    for (let i = 0; i < 20_000; i++) set.uint(CODE.start, 8).uint(CODE.size, 8);
    const list = new Bytes(SHAPE).sized(4, set);
    expect(framesIn(made(SHAPE, infoOf(SHAPE), { '.debug_aranges': list })).frames).toEqual(EXPECTED);
  });

  test('a unit for each byte of the section, said to reach to its end, is given up at some time', () => {
    const info = new Bytes(SHAPE);
    for (let i = 0; i < 3000; i++) info.list.push(...infoOf(SHAPE).list);
    const list = new Bytes(SHAPE);
    for (let at = 0; at < info.list.length; at += 4) {
      const set = new Bytes(SHAPE).uint(2, 2).uint(at, 4).u8(8, 0).uint(0, 4).uint(CODE.start, 8).uint(CODE.size, 8);
      list.sized(4, set);
    }
    const { frames } = framesIn(made(SHAPE, info, { '.debug_aranges': list }));
    expect(frames.length).toBe(ASKED.length);
  });

  test('without lines functions are known all the same', () => {
    const { frames, broken } = framesIn(made(SHAPE, infoOf(SHAPE), { '.debug_line': new Bytes(SHAPE).u8(1, 2, 3) }));
    expect(broken).not.toBe(undefined);
    expect(frames[1]!.map(({ plain, line }) => `${plain}:${line}`)).toEqual(['outer:7', 'inner:0']);
  });
});

const present = ['gcc', 'objdump'].every((tool) => requireTool(tool, findTool(tool) !== undefined));
const folder = mkdtempSync(join(tmpdir(), 'pforge-dwarf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!present)('debug information that was damaged', () => {
  const source = join(folder, 'small.c');
  writeFileSync(
    source,
    `static inline int inner(int x) { for (int i = 0; i < 9; i++) x = x * 7 + i; return x; }
     static inline int middle(int x) { return inner(x) ^ inner(x + 1); }
     int outer(int x) { return x ? middle(x) : inner(-x); }
     int other(int x) { return middle(outer(x)); }`,
  );

  function compiled(version: number): {
    file: Buffer;
    asked: Float64Array;
    parts: readonly (readonly [number, number])[];
  } {
    const path = join(folder, `small${version}.so`);
    execFileSync('gcc', ['-O2', `-gdwarf-${version}`, '-shared', '-nostdlib', '-fPIC', source, '-o', path]);
    const file = readFileSync(path);
    const elf = elfOfBytes(path, file)!;
    const text = elf.sections.get('.text')!;
    const asked = Float64Array.from({ length: text.size }, (_, i) => text.address + i);
    const parts = [...elf.sections].filter(([name]) => name.startsWith('.debug_'));
    return { file, asked, parts: parts.map(([, { offset, size }]) => [offset, size] as const) };
  }

  test.each([2, 3, 4, 5])('DWARF %i: bytes that were changed', (version) => {
    const { file, asked, parts } = compiled(version);
    expect(framesIn(file, asked).frames.some((chain) => chain.length === 3)).toBe(true);
    const change = fc.record({
      part: fc.nat(parts.length - 1),
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      to: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const damaged = Buffer.from(file);
        for (const { part, at, to } of changes) {
          const [offset, size] = parts[part]!;
          damaged[offset + Math.floor(at * size)] = to;
        }
        expect(framesIn(damaged, asked).frames.length).toBe(asked.length);
      }),
      { numRuns: 400 },
    );
  });

  test.each([4, 5])('DWARF %i: sections that end early', (version) => {
    const { file, asked } = compiled(version);
    const elf = elfOfBytes('small', file)!;
    const sections = [...elf.sections].filter(([name]) => name.startsWith('.debug_'));
    const whole = new Map(sections.map(([name]) => [name, elf.section(name)!]));
    for (const [name, bytes] of whole) {
      for (let size = 0; size < bytes.length; size += Math.max(1, Math.floor(bytes.length / 97))) {
        const cut = elfOfSections(
          { littleEndian: true, is64: true },
          new Map([...whole, [name, bytes.subarray(0, size)]]),
        );
        expect(framesIn(cut, asked).frames.length).toBe(asked.length);
      }
    }
  });
});
