import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FrameWords, ProfileBuilder } from '../../src/profile/builder.ts';
import { frameLabel, parseFrameLabel } from '../../src/profile/frame-label.ts';

function label(words: FrameWords): string {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  const frame = builder.frame(words);
  return frameLabel(builder.build(), frame);
}

describe('frameLabel', () => {
  test.each<[FrameWords, string]>([
    [{ name: 'f' }, 'f'],
    [{ name: 'f', file: '/a.js', line: 1, column: 2 }, 'f /a.js:1:2'],
    [{ name: 'f', file: '/a.js', line: 1 }, 'f /a.js:1'],
    [{ name: 'f', file: '/a.js' }, 'f /a.js'],
    [{ name: 'f', file: '/a.js', column: 2 }, 'f /a.js'],
    [{ name: 'f', line: 1, column: 2 }, 'f'],
    [{ name: '', file: '/a.js', line: 1, column: 2 }, '(anonymous) /a.js:1:2'],
    [{ name: '' }, '[unknown]'],
    [{ name: '', module: 'libc.so' }, '[unknown]'],
    [{ name: 'malloc', module: 'libc.so', kind: 'native' }, 'malloc'],
  ])('%j -> %s', (words, expected) => {
    expect(label(words)).toBe(expected);
  });
});

describe('parseFrameLabel finds a location', () => {
  test.each([
    ['f /app/a.js:1:2', 'f', '/app/a.js', 1, 2],
    ['f /app/a.js:10', 'f', '/app/a.js', 10, undefined],
    ['f node:internal/fs:10:3', 'f', 'node:internal/fs', 10, 3],
    ['f node:fs:10:3', 'f', 'node:fs', 10, 3],
    ['f file:///app/a.mjs:1:2', 'f', 'file:///app/a.mjs', 1, 2],
    ['f https://example.org/x?y=1:2:3', 'f', 'https://example.org/x?y=1', 2, 3],
    ['f wasm://wasm/00af:1:2', 'f', 'wasm://wasm/00af', 1, 2],
    ['f events.js:1:2', 'f', 'events.js', 1, 2],
    ['f src/x.cpp:7', 'f', 'src/x.cpp', 7, undefined],
    ['f page.tsx:7', 'f', 'page.tsx', 7, undefined],
    ['f [eval]:7:1', 'f', '[eval]', 7, 1],
    ['f evalmachine.<anonymous>:7:1', 'f', 'evalmachine.<anonymous>', 7, 1],
    ['(anonymous) /a.js:1:2', '', '/a.js', 1, 2],
    ['get x /a.js:1:2', 'get x', '/a.js', 1, 2],
    ['A.b [as c] /a.js:1:2', 'A.b [as c]', '/a.js', 1, 2],
    ['f /home/my app/lib dir/a.js:1:2', 'f', '/home/my app/lib dir/a.js', 1, 2],
    ['get x file:///my app/a.js:1:2', 'get x', 'file:///my app/a.js', 1, 2],
    ['std::map<int, A*>::at(int const&) /src/a.cpp:3', 'std::map<int, A*>::at(int const&)', '/src/a.cpp', 3, undefined],
    ['operator / /src/a.cpp:3', 'operator /', '/src/a.cpp', 3, undefined],
  ])('%s', (text, name, file, line, column) => {
    expect(parseFrameLabel(text)).toEqual({ name, file, line, ...(column === undefined ? {} : { column }) });
  });
});

describe('parseFrameLabel takes for a name', () => {
  test.each([
    '',
    'f',
    '[unknown]',
    '(anonymous)',
    '/app/a.js:1:2', // no name before it
    ' /app/a.js:1:2',
    'f /app/a.js', // no line
    'f /app/a.js:0',
    'f /app/a.js:1:0',
    'f /app/a.js:01',
    'f /app/a.js:99999999999',
    'f /app/a.js:4294967296:1',
    'f app:12', // not surely a path
    'worker 1:2',
    'f node::12',
    'std::vector<int>::operator[] :12',
    'operator /:3',
    'operator / :3',
    'f\t/a.js:1:2',
  ])('%j', (text) => {
    expect(parseFrameLabel(text)).toEqual({ name: text });
  });
});

const identifier = fc.stringMatching(/^[A-Za-z_$][\w$]{0,12}$/);
const functionName = fc.oneof(
  fc.constant(''),
  identifier,
  fc.tuple(identifier, identifier).map(([a, b]) => `${a}.${b}`),
  fc.tuple(fc.constantFrom('get', 'set', 'bound', 'new', 'async'), identifier).map(([a, b]) => `${a} ${b}`),
  fc.tuple(identifier, identifier).map(([a, b]) => `${a}::${b}<int, ${a}*>(void*)::operator()`),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '<computed>',
    'f\uFFFD',
    '\uD800',
    'A.b [as c]',
    '(intermediate value).f',
  ),
);
const segment = fc.stringMatching(/^[\w.@+-]{1,8}(?: [\w.-]{1,8})?$/);
const segments = fc.array(segment, { minLength: 1, maxLength: 4 });
const solidSegments = fc.array(fc.stringMatching(/^[\w.@+-]{1,8}$/), { minLength: 2, maxLength: 4 });
const path = fc.oneof(
  segments.map((parts) => `/${parts.join('/')}`),
  segments.map((parts) => `file:///${parts.join('/')}`),
  solidSegments.map((parts) => `node:${parts.join('/')}`),
  solidSegments.map((parts) => `https://${parts.join('/')}`),
  solidSegments.map((parts) => parts.join('/')),
);
const position = fc.integer({ min: 1, max: 0x7fffffff });

describe('there and back', () => {
  test('realistic functions with a location', () => {
    fc.assert(
      fc.property(functionName, path, position, fc.option(position, { nil: undefined }), (name, file, line, column) => {
        const words = { name, file, line, ...(column === undefined ? {} : { column }) };
        expect(parseFrameLabel(label(words))).toEqual(words);
      }),
      { numRuns: 1000 },
    );
  });

  test('realistic functions without one', () => {
    fc.assert(
      fc.property(
        functionName.filter((name) => name !== ''),
        (name) => {
          expect(parseFrameLabel(label({ name }))).toEqual({ name });
        },
      ),
    );
  });

  test('any text: never throws, and the label of what it says is the text again', () => {
    const piece = fc.constantFrom(
      ' ',
      '/',
      ':',
      '1',
      '20',
      '0',
      'f',
      'node:',
      'file://',
      '.js',
      '(anonymous)',
      '\uD800',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(
        text.filter((t) => t !== ''),
        (t) => {
          expect(label(parseFrameLabel(t))).toBe(t);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('1 MB of blanks, slashes and colons', () => {
    for (const unit of [' ', '/', ' /', ':1', ' /:1', 'x ']) {
      const text = unit.repeat(1_000_000 / unit.length);
      for (const t of [text, `${text}:1`, `f ${text}.js:1:2`]) expect(label(parseFrameLabel(t))).toBe(t);
    }
  });
});
