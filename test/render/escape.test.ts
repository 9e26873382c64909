import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeXml } from '../../src/render/escape.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';
import { unescapeXml } from './read-svg.ts';
import { checkXml } from './xml-check.ts';

describe('escapeXml', () => {
  test('escapes what XML gives a meaning', () => {
    expect(escapeXml(`<a href="x" title='y'>&amp;</a>`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;',
    );
  });

  test('shows control characters as pictures and what is no character as U+FFFD', () => {
    expect(escapeXml('\u0000\u001b[31m\u007f')).toBe('␀␛[31m␡');
    expect(escapeXml('\ud800x\udc00\ufffe\uffff')).toBe('\ufffdx\ufffd\ufffd\ufffd');
    expect(escapeXml('\u009b')).toBe('\\u009b');
    expect(escapeXml('a\tb\nc\rd')).toBe('a\tb\nc&#13;d');
  });

  test('shows bidirectional controls instead of obeying them; text of any script stays', () => {
    expect(escapeXml('\u202eabc\u2066')).toBe('\\u202eabc\\u2066');
    expect(escapeXml('שלום 日本 👩‍👧')).toBe('שלום 日本 👩‍👧');
  });

  test('the result is well-formed in text and in an attribute, for any string', () => {
    const check = (name: string) => checkXml(`<a b="${escapeXml(name)}">${escapeXml(name)}</a>`);
    HOSTILE_NAMES.forEach(check);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), check));
    fc.assert(
      fc.property(
        fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes)),
        check,
      ),
    );
  });

  test('plain text comes back exactly', () => {
    fc.assert(fc.property(fc.string(), (text) => unescapeXml(escapeXml(text)) === text));
  });

  test('the checker itself finds what is wrong', () => {
    for (const bad of [
      '<a>',
      '<a></b>',
      '<a b=c/>',
      '<a b="1" b="2"/>',
      '<a>&</a>',
      '<a>]]></a>',
      '<a>\u0001</a>',
      '<a/>x',
    ]) {
      expect(() => checkXml(bad), bad).toThrow();
    }
  });
});
