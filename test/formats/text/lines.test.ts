import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../../src/formats/input.ts';
import { decodeText, headLines, textLines } from '../../../src/formats/text/lines.ts';

async function linesOf(bytes: Uint8Array | string, chunkSize?: number): Promise<string[]> {
  const all: string[] = [];
  for await (const lines of textLines(inputOf(bytes, 'x', chunkSize))) all.push(...lines);
  return all;
}

const BE = (text: string) => Buffer.from(text, 'utf16le').swap16();
const encodings: Record<string, (text: string) => Buffer> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a byte order mark': (text) => Buffer.from(`\ufeff${text}`),
  'UTF-16 LE': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16 BE': (text) => BE(`\ufeff${text}`),
};

describe.each(Object.entries(encodings))('%s', (_name, encode) => {
  test.each([1, 2, 3, 5, 7, 1000])('lines cut across chunks of %i bytes', async (size) => {
    const lines = ['main;äöü 1', '', 'a😀b', 'ende'];
    expect(await linesOf(encode(lines.join('\n')), size)).toEqual(lines);
    expect(await linesOf(encode(`${lines.join('\r\n')}\r\n`), size)).toEqual(lines);
    expect(decodeText(encode(lines.join('\n')))).toBe(lines.join('\n'));
  });
});

test('any text gives its lines, however it is cut', async () => {
  const line = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n\ufeff]/g, ''));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.integer({ min: 1, max: 20 }), async (lines, size) => {
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      expect(await linesOf(bytes, size)).toEqual(lines);
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('bytes that are no UTF-8 become U+FFFD, and the line goes on', async () => {
  expect(await linesOf(Buffer.from('a\xff\xc3\x28b 1\nc', 'latin1'))).toEqual(['a\ufffd\ufffd(b 1', 'c']);
});

test('a carriage return within a line stays', async () => {
  expect(await linesOf('a\rb\r\nc\r')).toEqual(['a\rb', 'c']);
});

test('a line of 20 MB in small chunks takes no quadratic time', async () => {
  const lines = await linesOf(Buffer.alloc(20_000_000, 'x'), 4096);
  expect(lines.map(({ length }) => length)).toEqual([20_000_000]);
});

test('the head ends with its last whole line', () => {
  const long = Buffer.from('main;parse 12\n'.repeat(1000)).subarray(0, 4096);
  expect(new Set(headLines(long))).toEqual(new Set(['main;parse 12']));
  expect(headLines(Buffer.from('a 1\nb'))).toEqual(['a 1', 'b']);
});
