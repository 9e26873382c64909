import { describe, expect, test } from 'vitest';
import { parseV8Name, scriptFile } from '../../../src/formats/frames/v8-names.ts';

describe('names that V8 gives to machine code', () => {
  test.each([
    [
      'JS:*parse /srv/app.js:12:3',
      { name: 'parse', file: '/srv/app.js', line: 12, column: 3, kind: 'app', tier: 'optimized' },
    ],
    [
      'JS:~ /srv/app.js:11:71',
      { name: '(anonymous)', file: '/srv/app.js', line: 11, column: 71, kind: 'app', tier: 'interpreted' },
    ],
    [
      'JS:^f file:///w/a%20b.mjs:9:1',
      { name: 'f', file: '/w/a b.mjs', line: 9, column: 1, kind: 'app', tier: 'baseline' },
    ],
    ["JS:+'g /x.js:1:2", { name: 'g', file: '/x.js', line: 1, column: 2, kind: 'app', tier: 'mid' }],
    ["JS:o*'g /x.js:1:2", { name: 'g', file: '/x.js', line: 1, column: 2, kind: 'app', tier: 'optimized' }],
    ['JS:? /x.js:1', { name: '(anonymous)', file: '/x.js', line: 1, kind: 'app', tier: 'none' }],
    [
      'JS:*get total /x.js:3:12',
      { name: 'get total', file: '/x.js', line: 3, column: 12, kind: 'app', tier: 'optimized' },
    ],
    [
      'JS:*get /my files/x.js:3:12',
      { name: 'get', file: '/my files/x.js', line: 3, column: 12, kind: 'app', tier: 'optimized' },
    ],
    [
      'JS:~lib /a/node_modules/b/c.js:1:1',
      { name: 'lib', file: '/a/node_modules/b/c.js', line: 1, column: 1, kind: 'dependency', tier: 'interpreted' },
    ],
    [
      'Eval:~ node:internal/main/run_main_module:1:1',
      {
        name: '(anonymous)',
        file: 'node:internal/main/run_main_module',
        line: 1,
        column: 1,
        kind: 'runtime',
        tier: 'interpreted',
      },
    ],
    [
      'Function:~(anonymous) node:internal/x:3:4',
      { name: '(anonymous)', file: 'node:internal/x', line: 3, column: 4, kind: 'runtime', tier: 'interpreted' },
    ],
    [
      'LazyCompile:~body_0 evalmachine.<anonymous>:1',
      { name: 'body_0', file: 'evalmachine.<anonymous>', line: 1, kind: 'app', tier: 'interpreted' },
    ],
    ['Script:~ /x.js', { name: '(anonymous)', file: '/x.js', kind: 'app', tier: 'interpreted' }],
    ['RegExp:a->b (c) +0x1f', { name: 'RegExp: a->b (c) +0x1f', kind: 'jit' }],
    ['JS::Evaluate(JSContext*)', undefined],
    ["RegExp.> src: '(\\w+)'s' flags: ''", { name: "RegExp: (\\w+)'s", kind: 'jit' }],
    ["RegExp.> src: 'a|b' flags: 'gi'", { name: 'RegExp: a|b /gi', kind: 'jit' }],
    ["RegExp.> src: 'a", undefined],
    ['RegExp::exec', undefined],
    ['Builtin:ArrayMap', { name: 'Builtin:ArrayMap', kind: 'builtin' }],
    ['BytecodeHandler:Add', { name: 'BytecodeHandler:Add', kind: 'builtin' }],
    ['Builtins_InterpreterEntryTrampoline', { name: 'Builtins_InterpreterEntryTrampoline', kind: 'builtin' }],
    ['JS:*', { name: '(anonymous)', kind: 'jit', tier: 'optimized' }],
  ])('%s', (raw, words) => {
    expect(parseV8Name(raw)).toEqual(words);
  });

  test.each(['main', 'std::vector<int>::push_back', '', 'JSON:parse', 'Function'])('%s is none', (raw) => {
    expect(parseV8Name(raw)).toBeUndefined();
  });
});

test('a file URL becomes the path it names; all else stays', () => {
  expect(scriptFile('file:///a/%C3%A4.js')).toBe('/a/ä.js');
  expect(scriptFile('node:fs')).toBe('node:fs');
  expect(scriptFile('https://example.com/a.js')).toBe('https://example.com/a.js');
  expect(scriptFile('file:///a%2Fb.js')).toBe('file:///a%2Fb.js');
  expect(scriptFile('file://host/a.js')).toBe('file://host/a.js');
  expect(scriptFile('file:///%ff')).toBe('file:///%ff');
});
