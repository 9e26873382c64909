import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeTerminal } from '../../src/terminal/escape.ts';
import { stringWidth } from '../../src/terminal/string-width.ts';

test('control characters are shown, not sent', () => {
  expect(escapeTerminal('\u001b]0;title\u0007\u001b[2J')).toBe('\\x1b]0;title\\x07\\x1b[2J');
  expect(escapeTerminal('a\nb\rc\td\u0000\u007f\u009b1m')).toBe('a\\x0ab\\x0dc\\x09d\\x00\\x7f\\x9b1m');
  expect(escapeTerminal('\u202eabc\u2066\u2028')).toBe('\\u202eabc\\u2066\\u2028');
  expect(escapeTerminal('\ud800x')).toBe('\\ud800x');
});

test('text of any language stays', () => {
  const text = 'naïve 日本 שלום 👩‍👩‍👧 std::map<int>';
  expect(escapeTerminal(text)).toBe(text);
});

test('nothing that drives a terminal comes through, from any string', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeTerminal(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(stringWidth(escapeTerminal(text))).toBeGreaterThanOrEqual(0);
    }),
  );
});
