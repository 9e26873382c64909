import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinWords, splitWords } from '../../../src/commands/options/split-words.ts';

test.each([
  ['make clean', ['make', 'clean']],
  ['  a   b ', ['a', 'b']],
  [`sh -c 'echo "x  y" > $F'`, ['sh', '-c', 'echo "x  y" > $F']],
  ['a"b c"d', ['ab cd']],
  ['a\\ b', ['a b']],
  [`"" ''`, ['', '']],
  [`"a\\"b"`, ['a"b']],
  [`'a\\b'`, ['a\\b']],
  ['$HOME `id` *', ['$HOME', '`id`', '*']],
])('%s', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test.each(["'open", '"open', 'end\\', '', '   '])('%j is refused', (text) => {
  expect(() => splitWords(text)).toThrow();
});

test('what was joined splits again', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
      expect(splitWords(joinWords(words))).toEqual(words);
    }),
  );
});
