import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JitCode } from '../../src/symbols/jit-names.ts';
import { JitTable } from '../../src/symbols/jit-table.ts';

const piece = fc.record({
  start: fc.integer({ min: 0, max: 60 }),
  size: fc.integer({ min: 1, max: 30 }),
  wait: fc.integer({ min: 0, max: 2 }),
});
const question = fc.record({
  address: fc.integer({ min: -2, max: 95 }),
  time: fc.oneof(fc.integer({ min: -1, max: 40 }), fc.constant(Number.NaN)),
});

test('finds what looking through all finds, in whatever order it is asked', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.array(question, { maxLength: 60 }), (pieces, questions) => {
      const text = Buffer.from(pieces.map((_piece, i) => String.fromCharCode(65 + i)).join(''), 'latin1');
      const table = new JitTable(text);
      let date = 0;
      const dates = pieces.map(({ start, size, wait }, i) => {
        date += wait;
        table.add(start, size, date, i, i + 1);
        return date;
      });
      table.finish();
      const code = new JitCode();
      code.set(1, table);
      for (const { address, time } of questions) {
        const found = pieces.findLastIndex(
          ({ start, size }, i) => start <= address && address < start + size && !(dates[i]! > time),
        );
        expect(code.find(1, address, time)).toBe(found < 0 ? undefined : String.fromCharCode(65 + found));
      }
    }),
    { numRuns: 500 },
  );
});

test('a hundred thousand pieces that all lie over each other are no burden', () => {
  const table = new JitTable(Buffer.from('abc'));
  const count = 100_000;
  for (let i = 0; i < count; i++) table.add(i, 2 * (count - i), i, i % 3, (i % 3) + 1);
  table.finish();
  const code = new JitCode();
  code.set(1, table);
  for (let i = 0; i < count; i++) expect(code.indexOf(1, count - 1, i)).toBe(i);
});
