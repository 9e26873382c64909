import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { readJson } from '../../../src/formats/json-stream/input.ts';
import { isList } from '../../../src/formats/json-stream/list.ts';
import { ALL, HOLLOW, members, type Shape } from '../../../src/formats/json-stream/shape.ts';
import { refusal } from '../harness.ts';

/** What was read, with lists as arrays. */
function plain(value: unknown): unknown {
  if (isList(value)) return Array.from({ length: value.length }, (_, i) => plain(value.at(i)));
  if (typeof value !== 'object' || value === null) return value;
  const copy = {};
  for (const [key, member] of Object.entries(value)) {
    Object.defineProperty(copy, key, { value: plain(member), enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

const read = async (text: string | Uint8Array, chunk?: number, shape: Shape = ALL) =>
  plain(await readJson(inputOf(text, 'x', chunk), shape));
const chunks = fc.integer({ min: 1, max: 50 });

/** JSON text of a value with white space and escapes wherever they may stand. */
function textOf(value: unknown, pick: () => number): string {
  const space = () => ['', '', '', ' ', '\n', '\t \r\n'][pick() % 6]!;
  const string = (text: string) => {
    const units = [...JSON.stringify(text).slice(1, -1)].map((char) =>
      pick() % 9 === 0 && /^[^\\"u]$/.test(char) && char.length === 1
        ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
        : char,
    );
    return /\\/.test(text) || /\\/.test(JSON.stringify(text)) ? JSON.stringify(text) : `"${units.join('')}"`;
  };
  const inner = (): string => {
    if (typeof value === 'string') return string(value);
    if (Array.isArray(value)) return `[${space()}${value.map((item) => textOf(item, pick)).join(',')}${space()}]`;
    if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : JSON.stringify(value);
    return `{${Object.entries(value).map(([key, member]) => `${space()}${string(key)}${space()}:${textOf(member, pick)}`)}}`;
  };
  return `${space()}${inner()}${space()}`;
}

describe('the same as JSON.parse', () => {
  test('any value, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue({ depthSize: 'medium' }),
        chunks,
        fc.infiniteStream(fc.nat()),
        async (value, chunk, picks) => {
          const text = textOf(value, () => picks.next().value);
          expect(await read(text, chunk)).toEqual(JSON.parse(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('long arrays of numbers, of rows, and of what turns out to be neither', async () => {
    const number = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      fc.constant(null),
      fc.constant(-0x80000000),
    );
    const cell = fc.oneof(
      { weight: 60, arbitrary: number },
      { weight: 1, arbitrary: fc.constantFrom('x', true, {}, []) },
    );
    const rows = fc.array(fc.oneof({ weight: 80, arbitrary: fc.array(number, { maxLength: 4 }) }, fc.constant('x')), {
      maxLength: 200,
    });
    const list = fc.oneof(
      fc.array(number, { minLength: 50, maxLength: 400 }),
      fc.array(cell, { maxLength: 200 }),
      rows,
    );
    await fc.assert(
      fc.asyncProperty(list, chunks, fc.boolean(), async (value, chunk, pretty) => {
        const text = JSON.stringify({ value }, null, pretty ? 1 : 0);
        expect(await read(text, chunk)).toEqual(JSON.parse(text));
      }),
      { numRuns: 600 },
    );
    const many = JSON.stringify(Array.from({ length: 200_000 }, (_, i) => (i === 150_000 ? 0.5 : i * 7)));
    expect(await read(many)).toEqual(JSON.parse(many));
  });

  test('texts that may be none: both refuse, or both read the same', async () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        ' ',
        '\n',
        '"a"',
        '"',
        '\\',
        '\\u12',
        '0',
        '1',
        '-',
        '.',
        'e',
        '+',
        'true',
        'nul',
      ],
      ...[
        'null',
        'false',
        '"\\ud800"',
        '"b":',
        '1.5',
        '12345678901234567890',
        '-0',
        '1E5',
        '01',
        '\u0001',
        '"\t"',
        'é',
      ],
      ...['"é"', '"\\x"', '"\\u00e9\\n"', '{"a":1}', '[1,2]', '\u00a0', '\ufeff', '1,', ',1'],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 9 }), chunks, async (pieces, chunk) => {
        const text = pieces.join('');
        let expected: unknown;
        try {
          expected = { value: JSON.parse(text.replace(/^\ufeff/, '')) };
        } catch {
          expected = 'refused';
        }
        const found = await read(text, chunk).then(
          (value) => ({ value }),
          (error: unknown) => (error instanceof UserError ? 'refused' : error),
        );
        expect(found).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['duplicate keys: the last one', '{"a":1,"b":2,"a":{"c":3}}'],
    ['__proto__ is a key', '{"__proto__":{"x":1},"a":{"__proto__":2}}'],
    ['lone surrogates', '["\\ud800","\\udc00x","\\ud83d\\ude00"]'],
    ['numbers', '[1e999,-1e999,-0,1E5,1e-400,123456789012345678901,0.1,1.7976931348623157e308,5e-324,-1.5e+3]'],
    ['escapes', '["\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uABcd"]'],
    ['characters', '["é漢😀\u2028\u007f"]'],
    ['a key of any kind', '{"":1,"é":2,"\\u0061":3,"constructor":4,"1":5,"0":6}'],
  ])('%s', async (_what, text) => {
    for (const chunk of [1, 2, 3, 1000]) {
      const value = await read(text, chunk);
      expect(value).toEqual(JSON.parse(text));
      expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
    }
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test('bytes that are no UTF-8 become U+FFFD', async () => {
    const bytes = Buffer.from([0x22, 0xff, 0x61, 0xc3, 0x22]);
    expect(await read(bytes, 1)).toBe(new TextDecoder().decode(bytes).slice(1, -1));
  });

  test('UTF-16 of both kinds, and a byte order mark', async () => {
    const little = Buffer.from('\ufeff{"é😀":[1,2]}', 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, big, Buffer.from('\ufeff{"é😀":[1,2]}')]) {
      for (const chunk of [1, 3, 100]) expect(await read(bytes, chunk)).toEqual({ 'é😀': [1, 2] });
    }
  });
});

describe('only what is asked for', () => {
  test('members by key, the rest is skipped but must be JSON', async () => {
    const shape = members({ a: ALL, b: members({ c: ALL }), d: HOLLOW, e: HOLLOW, f: HOLLOW });
    const text = '{"x":{"a":[{"a":1}]},"a":{"x":1},"b":{"x":2,"c":3},"d":[1,[2],3],"e":{"y":1},"f":"g"}';
    expect(await read(text, 3, shape)).toEqual({
      a: { x: 1 },
      b: { c: 3 },
      d: [undefined, undefined, undefined],
      e: {},
      f: 'g',
    });
    expect(await refusal(read('{"x":[1,]}', 3, shape))).toBe('x: line 1, column 9: this is not valid JSON');
    expect(await refusal(read('{"x":"\\q"}', 3, shape))).toBe('x: line 1, column 8: this is not valid JSON');
  });

  test('elements are handed over with their place', async () => {
    const seen: unknown[] = [];
    const value = await readJson(inputOf('{"a":[5,{"b":[6]},[]]}', 'x', 2), (machine) =>
      members({ a: { each: (item, index) => seen.push([plain(item), index, machine.path()]) } }),
    );
    expect(seen).toEqual([
      [5, 0, '$.a[0]'],
      [{ b: [6] }, 1, '$.a[1]'],
      [[], 2, '$.a[2]'],
    ]);
    expect(plain(value)).toEqual({ a: [undefined, undefined, undefined] });
  });

  test('of a type that was not meant, the type', async () => {
    const shape = members({ list: { each() {} }, fields: members({ a: ALL }) });
    expect(await read('{"list":{"a":1},"fields":[1,2]}', 5, shape)).toEqual({
      list: {},
      fields: [undefined, undefined],
    });
  });

  test('elements taken as bytes: those that are not taken, or not whole yet, are read as any other', async () => {
    for (const chunk of [1, 2, 5, 100]) {
      const seen: unknown[] = [];
      const shape: Shape = {
        each: (item, index) => seen.push([index, plain(item)]),
        bytes(bytes, start, end) {
          if (bytes[start] !== 0x31) return 0;
          if (end - start < 3) return -1;
          if (bytes[start + 1] !== 0x32 || bytes[start + 2] !== 0x33) return 0;
          seen.push('123');
          return start + 3;
        },
      };
      expect(await read('[123, 123,1,124 ,{"a":123},123]', chunk, shape)).toHaveLength(6);
      expect(seen).toEqual(['123', '123', [2, 1], [3, 124], [4, { a: 123 }], '123']);
    }
  });
});

describe('large and deep', () => {
  test('a million levels', async () => {
    const deep = 500_000;
    const text = `${'[{"a":'.repeat(deep)}1${'}]'.repeat(deep)}`;
    let value = await readJson(inputOf(text, 'x'), ALL);
    let levels = 0;
    for (; isList(value); levels++) value = (value.at(0) as { a: unknown }).a;
    expect([levels, value]).toEqual([deep, 1]);
    expect(await readJson(inputOf(text, 'x', 999), HOLLOW)).toHaveLength(1);
  });

  test('deeper than anything that means something', async () => {
    expect(await refusal(read('['.repeat(4_000_001), undefined, HOLLOW))).toBe(
      'x: this JSON is nested more than 4000000 deep',
    );
  });

  test('a number longer than the window', async () => {
    const long = `${'1'.repeat(3_000_000)}`;
    const numbers = `[${'7,'.repeat(100)}${long},${long}]`;
    const value = (await read(numbers, 100_000)) as number[];
    expect(value.slice(98)).toEqual([7, 7, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    // Cut where the window ends
    expect(await refusal(read(`[${'7,'.repeat(100)}${'1'.repeat((1 << 20) - 201)}`))).toContain('ends too early');
  });

  test('a text longer than the window, in small chunks', async () => {
    const long = 'é'.repeat(2_000_000);
    expect(await read(`[1,"${long}",2]`, 4000)).toEqual([1, long, 2]);
  });
});

describe('where it is wrong', () => {
  test.each([
    ['', 'line 1, column 1: the JSON ends too early'],
    ['{"é":\n tru', 'line 2, column 5: the JSON ends too early'],
    ['{"é", 1}', 'line 1, column 5: this is not valid JSON'],
    ['[1] x', 'line 1, column 5: this is not valid JSON'],
    ['[1\u0001]', 'line 1, column 3: this is not valid JSON'],
    // With the bit that tells small letters from large ones this would be a digit
    ['"\\u00\u00100"', 'line 1, column 6: this is not valid JSON'],
  ])('%s', async (text, message) => {
    for (const chunk of [1, 7, 100]) expect(await refusal(read(text, chunk))).toContain(`x: ${message}`);
  });

  test('beyond the window the byte is named', async () => {
    const text = `[${'1,'.repeat(2_000_000)}x]`;
    expect(await refusal(read(text, 5000))).toBe('x: byte 4000002: this is not valid JSON');
    expect(await refusal(read(text.replaceAll(',', ',\n'), 5000))).toBe(
      'x: line 2000001, column 1: this is not valid JSON',
    );
  });
});
