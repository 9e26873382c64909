import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DigitReader, DigitWriter } from '../../src/embedded/digits.ts';

test('any number is written in printable characters: exact to 2^53, above nearly', () => {
  const number = fc.oneof(fc.maxSafeNat(), fc.constantFrom(2 ** 53, 2 ** 64, 1e19, 1e300, Number.MAX_VALUE, Infinity));
  fc.assert(
    fc.property(fc.array(number), (values) => {
      const digits = new DigitWriter();
      for (const value of values) digits.put(value);
      const text = digits.take();
      expect(text).toMatch(/^[!-~]*$/);
      const reader = new DigitReader(text);
      for (const value of values) {
        const nearest = Math.min(value, 2 ** 1000);
        const read = reader.next();
        if (value <= Number.MAX_SAFE_INTEGER) expect(read).toBe(value);
        else expect(Math.abs(read / nearest - 1)).toBeLessThan(1e-12);
      }
      expect(reader.done).toBe(true);
    }),
  );
});
