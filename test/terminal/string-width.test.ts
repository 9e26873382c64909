import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { padColumns, shortenEnd, shortenMiddle, stringWidth } from '../../src/terminal/string-width.ts';

describe('stringWidth', () => {
  test.each([
    ['', 0],
    ['parse', 5],
    ['naïve', 5],
    ['nai\u0308ve', 5],
    ['日本語', 6],
    ['ｆｕｌｌ', 8],
    ['한글', 4],
    ['👍', 2],
    ['👩‍👩‍👧‍👦', 2],
    ['🇩🇪', 2],
    ['❤️', 2],
    ['שלום', 4],
    ['\u200b', 0],
    ['…', 1],
  ])('%s', (text, width) => {
    expect(stringWidth(text)).toBe(width);
  });
});

test('shortening keeps within the width and never cuts a character in two', () => {
  expect(shortenEnd('parseStatement', 8)).toBe('parseSt…');
  expect(shortenMiddle('/srv/app/node_modules/acorn/parse.js:10', 20)).toBe('/srv/a…n/parse.js:10');
  expect(shortenEnd('日本語', 4)).toBe('日…');
  expect(shortenMiddle('short', 10)).toBe('short');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
      for (const cut of [shortenEnd(text, width), shortenMiddle(text, width)]) {
        expect(stringWidth(cut)).toBeLessThanOrEqual(Math.max(width, 0));
        expect(cut).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
      }
    }),
  );
});

test('padding counts columns', () => {
  expect(padColumns('日本', 6)).toBe('日本  ');
  expect(padColumns('12', 4, 'left')).toBe('  12');
  expect(padColumns('long', 2)).toBe('long');
});

test('a name of megabytes is cut at once', () => {
  // Made by putting texts together, as decoders do
  const name = 'x'.repeat(5_000_000);
  expect(shortenMiddle(`a${name}z`, 10)).toBe('axx…xxxxxz');
  expect(shortenEnd(`a${name}z`, 4)).toBe('axx…');
  expect(shortenMiddle(`日${'本'.repeat(1_000_000)}語`, 10)).toBe('日…本本語');
});

test('a long text that fits stays whole, and one that does not is cut where the width says', () => {
  const name = 'x'.repeat(17_000);
  const accents = `e${'\u0301'.repeat(17_000)}`;
  for (const shorten of [shortenEnd, shortenMiddle]) {
    expect(shorten(name, 17_000)).toBe(name);
    expect(shorten(accents, 10)).toBe(accents);
    expect(shorten(`${name}${name}`, 30_000)).toHaveLength(30_000);
  }
});

test('a text measures as much as its pieces, wherever the segmenter is given only a part', () => {
  const families = '👩‍👩‍👧‍👦'.repeat(2000);
  for (let shift = 0; shift < 12; shift++) expect(stringWidth(`${'x'.repeat(shift)}${families}`)).toBe(shift + 4000);
  expect(stringWidth(`e${'\u0301'.repeat(20_000)}日`)).toBeLessThan(8);
});
