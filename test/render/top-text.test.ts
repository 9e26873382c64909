import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { renderers } from '../../src/render/registry.ts';
import { reportJson } from '../../src/render/report-json.ts';
import { type TopTextOptions, topText } from '../../src/render/top-text.ts';
import { stringWidth } from '../../src/terminal/string-width.ts';
import { profileOf } from '../profile/profile-of.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

const profile = profileOf(
  `
  [node 7/7] main{app};parse /srv/app/lib/very/deep/folder/of/sources/parse.js:10:3{app,optimized};slice{builtin} 1,30000000
  [node 7/7] main{app};parse /srv/app/lib/very/deep/folder/of/sources/parse.js:10:3{app,optimized} 1,20000000
  [node 7/8] main{app};stat node:fs:7:2{runtime};sys_stat{kernel,module=[kernel.kallsyms]} 1,40000000
  [node 7/8] (garbage collector){gc} 1,9000000
  1,1000000
`,
  { meta: { notes: ['a note'], format: 'folded' } },
);

const ansi = /\u001b\[\d+m/g;

function lines(drawn: Profile, options: TopTextOptions = {}): string[] {
  const text = topText(drawn, options);
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

describe('topText', () => {
  test('a table under a summary', () => {
    expect(lines(profile)).toEqual([
      '5 samples  100 ms  2 threads',
      'kernel 40.0%  builtins 30.0%  app 20.0%  GC 9.0%  other 1.0%',
      '',
      ' self      %  total      %  function             where                                     kind',
      '40 ms  40.0%  40 ms  40.0%  sys_stat             [kernel.kallsyms]                         kernel',
      '30 ms  30.0%  30 ms  30.0%  slice                                                          builtins',
      '20 ms  20.0%  50 ms  50.0%  parse                /srv/app/lib/…der/of/sources/parse.js:10  app',
      ' 9 ms   9.0%   9 ms   9.0%  (garbage collector)                                            GC',
      ' 0 ns   0.0%  90 ms  90.0%  main                                                           app',
      ' 0 ns   0.0%  40 ms  40.0%  stat                 node:fs:7                                 node core',
    ]);
  });

  test('limit and another value type', () => {
    const some = lines(profile, { limit: 2, valueIndex: 0 });
    expect(some[0]).toBe('5 samples  2 threads');
    expect(some).toHaveLength(6);
    expect(some[4]).toMatch(/^ +1 +20\.0% /);
  });

  test('colour adds only colour', () => {
    expect(topText(profile, { color: true })).toMatch(ansi);
    expect(topText(profile, { color: true }).replace(ansi, '')).toBe(topText(profile));
    expect(topText(profile)).not.toMatch(ansi);
  });

  test('no samples: no table', () => {
    expect(topText(new ProfileBuilder([{ type: 'samples', unit: 'count' }]).build())).toBe('0 samples\n');
  });

  test('no line is wider than asked for; hostile and wide names drive nothing', () => {
    const builder = new ProfileBuilder([{ type: 'sämples\u001b', unit: 'x\u001b[1m' }]);
    for (const name of [...HOSTILE_NAMES, '日本語の関数名がとても長い場合の表示']) {
      builder.sample(builder.stack(-1, builder.frame({ name, file: name, line: 3, module: name, kind: 'app' })), [1]);
    }
    const drawn = builder.build();
    for (const width of [20, 45, 60, 80, 100, 160]) {
      for (const line of lines(drawn, { width, limit: 50 })) {
        expect(stringWidth(line), line).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }
    }
  });

  test('columns stay aligned whatever the names', () => {
    const anyNames = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(anyNames, (names) => {
        const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
        for (const name of names) {
          builder.sample(builder.stack(-1, builder.frame({ name, kind: 'app', module: '/lib/a.so' })), [1]);
        }
        const table = lines(builder.build()).slice(3);
        const kindAt = stringWidth(table[0]!) - 'kind'.length;
        for (const line of table.slice(1)) expect(stringWidth(line.replace(/app$/, ''))).toBe(kindAt);
      }),
    );
  });
});

test('reportJson', () => {
  const report = reportJson(profile);
  expect({ ...report, top: report.top.slice(0, 3) }).toEqual({
    version: 1,
    format: 'folded',
    samples: 5,
    weight: { type: 'cpu', unit: 'nanoseconds', total: 100_000_000 },
    threads: [
      { name: 'node', process: 'node', pid: 7, tid: 7 },
      { name: 'node', process: 'node', pid: 7, tid: 8 },
    ],
    kinds: [
      { kind: 'kernel', self: 40_000_000 },
      { kind: 'builtin', self: 30_000_000 },
      { kind: 'app', self: 20_000_000 },
      { kind: 'gc', self: 9_000_000 },
      { kind: 'unknown', self: 1_000_000 },
    ],
    top: [
      {
        name: 'sys_stat',
        file: '',
        line: 0,
        module: '[kernel.kallsyms]',
        kind: 'kernel',
        self: 40_000_000,
        total: 40_000_000,
      },
      { name: 'slice', file: '', line: 0, module: '', kind: 'builtin', self: 30_000_000, total: 30_000_000 },
      {
        name: 'parse',
        file: '/srv/app/lib/very/deep/folder/of/sources/parse.js',
        line: 10,
        module: '',
        kind: 'app',
        tier: 'optimized',
        self: 20_000_000,
        total: 50_000_000,
      },
    ],
    notes: ['a note'],
  });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('every renderer draws with no options, and its id and extension are its own', async () => {
  for (const { id, extension, title, load } of renderers) {
    const renderer = await load();
    expect(renderer).toMatchObject({ id, extension, title });
    const text = [...renderer.render(profile, {})].join('');
    expect(text).toContain('parse');
    expect(text).toBe([...renderer.render(profile, {})].join(''));
  }
  expect(new Set(renderers.map(({ id }) => id)).size).toBe(renderers.length);
  expect(new Set(renderers.map(({ extension }) => extension)).size).toBe(renderers.length);
});
