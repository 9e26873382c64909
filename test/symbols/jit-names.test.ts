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

test('a table that grows between questions answers as one that is whole', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 60 }),
      fc.array(fc.tuple(fc.nat({ max: 8 }), question), { maxLength: 60 }),
      (pieces, questions) => {
        const table = new JitTable(Buffer.from('x'));
        const growing = new JitCode();
        growing.set(1, table);
        let date = 0;
        let known = 0;
        for (const [more, { address, time }] of questions) {
          const from = table.count;
          for (const { start, size, wait } of pieces.slice(known, known + more)) {
            date += wait;
            table.add(start, size, date, 0, 1);
          }
          known += more;
          expect(table.extend(from)).toBe(true);
          const whole = new JitCode();
          whole.set(1, table);
          expect(growing.indexOf(1, address, time)).toBe(whole.indexOf(1, address, time));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('what does not fit behind what is known is told', () => {
  const table = new JitTable(Buffer.from('x'));
  table.add(10, 5, 7, 0, 1);
  expect(table.extend(0)).toBe(true);
  table.add(20, 5, 6, 0, 1);
  expect(table.extend(1)).toBe(false);
  const sizeless = new JitTable(Buffer.from('x'));
  sizeless.add(10, 0, 7, 0, 1);
  expect(sizeless.extend(0)).toBe(false);
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
