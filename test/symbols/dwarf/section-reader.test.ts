import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DwarfError } from '../../../src/symbols/dwarf/dwarf-error.ts';
import type { Section } from '../../../src/symbols/dwarf/section.ts';
import { SectionReader } from '../../../src/symbols/dwarf/section-reader.ts';
import { Bytes } from './made-dwarf.ts';

const inMemory = (bytes: Buffer): Section => ({
  size: bytes.length,
  bytes,
  read: (at, length) => bytes.subarray(at, at + length),
});

/** As of a file that is too large to be read at once. */
const inFile = (bytes: Buffer): Section => ({
  size: bytes.length,
  read(at, length, into) {
    const part = bytes.subarray(at, at + length);
    return into === undefined ? Buffer.from(part) : into.subarray(0, part.copy(into));
  },
});

type Step =
  | { readonly kind: 'u8' | 'u16' | 'u24' | 'u32' | 'u64' | 'uleb' | 'sleb' | 'text' | 'skipText' }
  | { readonly kind: 'seek' | 'skip'; readonly by: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('u8', 'u16', 'u24', 'u32', 'u64', 'uleb', 'sleb', 'text', 'skipText' as const),
    }),
    fc.record({ kind: fc.constantFrom('seek' as const, 'skip' as const), by: fc.nat(400) }),
  ) as fc.Arbitrary<Step>,
  { maxLength: 40 },
);

function walk(reader: SectionReader, way: readonly Step[]): unknown[] {
  const found: unknown[] = [];
  for (const step of way) {
    try {
      if (step.kind === 'seek' || step.kind === 'skip') reader[step.kind](step.by);
      else found.push(reader[step.kind]() ?? 'gone over', reader.position);
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error;
      found.push('ended');
      reader.seek(0);
    }
  }
  return found;
}

describe('a reader of a section', () => {
  test('finds through a small window what is in memory', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 64 }),
        steps,
        (content, little, span, way) => {
          const bytes = Buffer.from(content);
          const whole = walk(new SectionReader(inMemory(bytes), little, span), way);
          expect(walk(new SectionReader(inFile(bytes), little, span), way)).toEqual(whole);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([true, false])('reads numbers as they were written, little-endian: %j', (littleEndian) => {
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.nat(0xffffff),
        fc.nat(0xffffffff),
        fc.nat(Number.MAX_SAFE_INTEGER),
        (a, b, c, d) => {
          const bytes = new Bytes({ littleEndian }).uint(a, 2).uint(b, 3).uint(c, 4).uint(d, 8).uleb(d).text('end');
          const reader = new SectionReader(inFile(bytes.buffer), littleEndian, 16);
          expect([reader.u16(), reader.u24(), reader.u32(), reader.u64(), reader.uleb(), reader.text()]).toEqual([
            a,
            b,
            c,
            d,
            d,
            'end',
          ]);
        },
      ),
    );
  });

  test('numbers of the upper half of 64 bits are negative', () => {
    const bytes = new Bytes({ littleEndian: true }).u8(...new Array(8).fill(0xff));
    expect(new SectionReader(inMemory(bytes.buffer), true, 16).u64()).toBe(-1);
  });
});
