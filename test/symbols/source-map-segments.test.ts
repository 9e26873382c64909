import { TraceMap, traceSegment } from '@jridgewell/trace-mapping';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Segments } from '../../src/symbols/source-map-segments.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function vlq(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += ALPHABET[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

const delta = fc.integer({ min: -40, max: 2000 });
const segment = fc.oneof(
  fc.tuple(delta),
  fc.tuple(delta, delta, delta, delta),
  fc.tuple(delta, delta, delta, delta, delta),
);
const lines = fc.array(fc.array(segment, { maxLength: 6 }), { minLength: 1, maxLength: 6 });

test('every place leads where @jridgewell/trace-mapping says', () => {
  fc.assert(
    fc.property(lines, (all) => {
      const mappings = all.map((line) => line.map((numbers) => numbers.map(vlq).join('')).join(',')).join(';');
      const segments = new Segments(mappings, 1000);
      const trace = new TraceMap({ version: 3, names: [], sources: [], mappings });
      for (let line = 0; line <= all.length; line++) {
        for (const column of [0, 1, 5, 100, 1000, 2000, 5000, 20_000]) {
          const oracle = traceSegment(trace, line, column);
          const found = segments.at(line, column);
          const { column: at, source, originalLine, originalColumn, name } = found ?? {};
          const numbers = [at, source, originalLine, originalColumn, name];
          expect(found && numbers.slice(0, oracle?.length)).toEqual(oracle === null ? undefined : [...oracle]);
          if (oracle?.length === 1) expect(source).toBe(-1);
          if (oracle?.length === 4) expect(name).toBe(-1);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test.each(['AAAA,!', 'AAAA;g', 'AAAé'])('mappings that are none: %s', (mappings) => {
  expect(() => new Segments(mappings, 1000)).toThrow('its mappings are broken');
});

test('no more than is asked for', () => {
  expect(() => new Segments('A;A;A,A', 6)).toThrow('it has too many mappings');
  expect(new Segments('A;A;A,A', 7).size).toBe(7);
});
