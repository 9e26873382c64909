import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputOf } from '../../../src/formats/input.ts';
import { placeFor, scannerOf } from '../../../src/formats/pprof/kernel-memory.ts';
import { type PprofTables, readPprofTables, TablesReader } from '../../../src/formats/pprof/tables.ts';
import { openPprofKernel } from '../../../src/formats/pprof-kernel/open-pprof-kernel.ts';
import { block, number, text } from './encode.ts';
import { messages, size } from './messages.ts';

/** What a file says but once, in words and numbers of several bytes. */
const SAID = [
  ...text(6, 'a comment'),
  ...number(9, 1_700_000_000_000_000_000),
  ...number(10, 5_000_000_000),
  ...number(12, 10_000_000),
  ...number(13, 1),
  ...block(13, [1, 2, 3]),
  ...block(11, [...number(1, 3), ...number(2, 4)]),
];

function found({ input: _, bytes: __, texts, ...tables }: PprofTables) {
  return { ...tables, ranges: [...texts.ranges] };
}

test('a file that comes in piece by piece has the tables of one that is there', () => {
  // Smaller files are not placed; these stand where it begins
  const placed = placeFor(1 << 22)!;
  fc.assert(
    fc.property(size, fc.array(fc.nat(), { maxLength: 9 }), fc.boolean(), (given, cuts, scans) => {
      const file = Buffer.from([...messages(given), ...SAID]);
      const expected = found(readPprofTables(inputOf(file, 'x'), file));
      const bytes = placed.bytes.subarray(0, file.length).fill(0xff);
      const kernel = openPprofKernel(0, placed.memory)!;
      const reader = new TablesReader(inputOf(file, 'x'), bytes, scans ? scannerOf(kernel, placed) : undefined);
      let there = 0;
      for (const end of cuts.map((cut) => cut % file.length).toSorted((a, b) => a - b)) {
        file.copy(bytes, there, there, end);
        there = end;
        reader.readTo(there);
      }
      file.copy(bytes, there, there);
      expect(found(reader.tables())).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});
