import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearRegexp } from '../../../src/render/compact/browser/linear-regexp.ts';

/** Patterns of everything the engine knows, over few letters so that they do match. */
const patterns = fc.letrec<{ choice: string; sequence: string; item: string; atom: string }>((tie) => ({
  choice: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|')),
  sequence: fc.array(tie('item'), { maxLength: 4 }).map((parts) => parts.join('')),
  item: fc.oneof(
    tie('atom'),
    fc
      .tuple(tie('atom'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?'))
      .map(([atom, times]) => atom + times),
    fc.constantFrom('^', '$', '\\b', '\\B'),
  ),
  atom: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      'a',
      'b',
      'A',
      '.',
      '\\d',
      '\\w',
      '\\S',
      '\\s',
      '[ab]',
      '[^a]',
      '[a-c1-3]',
      '\\.',
      '\\x62',
      '[\\w-]',
      ':',
      '-',
    ),
    fc.oneof(tie('choice'), fc.constant('a|b')).map((inner) => `(${inner})`),
    tie('choice').map((inner) => `(?:${inner})`),
  ),
})).choice;

describe('regular expressions in linear time', () => {
  test('match what the engine of the language matches', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '.', ':', '-', '_'), maxLength: 10 });
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 1, maxLength: 5 }), fc.boolean(), (pattern, all, anyCase) => {
        const native = new RegExp(pattern, anyCase ? 'i' : '');
        const linear = linearRegexp(pattern, anyCase);
        for (const text of all) expect([pattern, text, linear(text)]).toEqual([pattern, text, native.test(text)]);
      }),
      { numRuns: 1500 },
    );
  });

  test.each([
    ['(a+)+b', 'a'.repeat(20_000)],
    ['(a|a)*b', 'a'.repeat(20_000)],
    ['(a|aa)+$', `${'a'.repeat(20_000)}!`],
    ['(.*)*(.*)*(.*)*x', 'a'.repeat(5_000)],
    ['(\\w+\\s?)+:$', 'word '.repeat(3_000)],
  ])('%s ends, though it would keep others busy for ever', (pattern, text) => {
    expect(linearRegexp(pattern, false)(text)).toBe(false);
  });

  test.each([
    '(',
    ')',
    '[a',
    'a**',
    '+a',
    '(?=a)',
    '(?<=a)',
    '(a)\\1',
    '\\',
    'a{2,1}',
    '[b-a]',
    'a{2000}{2000}',
    '('.repeat(500),
  ])('%s is none', (pattern) => {
    expect(() => linearRegexp(pattern, false)).toThrow(SyntaxError);
  });
});
