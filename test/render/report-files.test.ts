import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { codeBlock, codeSpan, plainText } from '../../src/render/markdown-escape.ts';
import { groupCsv, reportCsv, treeCsv } from '../../src/render/report-csv.ts';
import { reportMarkdown } from '../../src/render/report-md.ts';
import { profileOf } from '../profile/profile-of.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

const profile = profileOf(
  `
  [node 7/7] main{app};parse /srv/parse.js:10:3{app,optimized};slice{builtin} 1,30000000
  [node 7/7] main{app};parse /srv/parse.js:10:3{app,optimized} 1,20000000
  [node 7/8] main{app};stat node:fs:7:2{runtime};sys_stat{kernel,module=[kernel.kallsyms]} 1,40000000
  [node 7/8] (garbage collector){gc} 1,11000000
`,
  { meta: { notes: ['lost *3* events'], format: 'perf-data' } },
);

/** Reads RFC 4180 text. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [];
  for (const line of csv.match(/(?:"(?:[^"]|"")*"|[^"\r])*\r\n/g) ?? []) {
    const cells = line.slice(0, -2).match(/"(?:[^"]|"")*"|[^,"]+|(?<=^|,)(?=,|$)/g) ?? [];
    rows.push(cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)));
  }
  return rows;
}

function of(names: readonly string[]) {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  names.forEach((name, i) => {
    builder.sample(builder.stack(-1, builder.frame({ name, file: name, module: name })), [names.length - i]);
  });
  return builder.build({ notes: [...names], command: [...names] });
}

describe('reportMarkdown', () => {
  const text = [...reportMarkdown.render(profile, {})].join('');

  test('kinds, hot functions with their places, hot paths, what next, notes', () => {
    expect(text).toContain('4 samples, 101 ms, 2 threads, read as perf-data.');
    expect(text).toContain('Kinds of code (self): kernel 39.6%, builtins 29.7%, app 19.8%, GC 10.9%.');
    expect(text).toContain('| 20 ms | 19.8% | 49.5% | `parse` | `/srv/parse.js:10` | app |\n');
    expect(text).toContain('1. 39.6%: `main` > `stat` > `sys_stat`\n');
    expect(text).toContain('- `sys_stat` (kernel) has the most weight of its own, 39.6%');
    expect(text).toContain('- `parse` (`/srv/parse.js:10`) is the next of your own functions, 19.8%.');
    expect(text).toContain('- Garbage collection takes 10.9%');
    expect(text).toContain('- lost \\*3\\* events\n');
  });

  test('a limit says how much is not shown', () => {
    expect([...reportMarkdown.render(profile, { limit: 2 })].join('')).toContain(
      '4 more functions are not in the table.',
    );
  });

  test('a long path shows its ends', () => {
    const deep = profileOf('a;b;c;d;e;f;g;h;i;j;k 1');
    expect([...reportMarkdown.render(deep, {})].join('')).toContain(
      '`a` > `b` > (3 more) > `f` > `g` > `h` > `i` > `j` > `k`',
    );
  });

  test('hostile names add no row, no cell, no markup', () => {
    const names = [...HOSTILE_NAMES, '``` | x', '\\| y', 'a\\\\|b', '`', '[x](javascript:1)', '@someone #12'];
    const drawn = [...reportMarkdown.render(of(names), { limit: 100 })].join('');
    const rows = drawn.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(names.length + 2);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g), row).toHaveLength(7);
    expect(drawn).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    const outside = drawn.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    expect(outside).not.toMatch(/<(?!!-- -->)|@\w|#\d/);
  });

  test('no samples: no tables', () => {
    const empty = new ProfileBuilder([{ type: 'samples', unit: 'count' }]).build();
    expect([...reportMarkdown.render(empty, {})].join('')).toBe('# Profile\n\n0 samples.\n');
  });
});

test('a code span ends where it should, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', '\\', '|', 'a', ' ', '\n') }), (name) => {
      const span = codeSpan(name);
      const fence = /^`+/.exec(span)![0];
      expect(span.endsWith(fence)).toBe(true);
      const inside = span.slice(fence.length, -fence.length);
      expect(inside.match(/`+/g) ?? []).not.toContain(fence);
      expect(inside).not.toMatch(/^`|`$|\n|(?<!\\)\||\\\\\|/);
    }),
  );
  expect(codeSpan('a|b')).toBe('`a\\|b`');
  expect(codeSpan('a`b')).toBe('`` a`b ``');
});

test('codeBlock and plainText', () => {
  expect(codeBlock('```\nx')).toBe('````text\n```\nx\n````\n');
  expect(plainText('<b>*x*</b> | @me #1')).toBe('&lt;b&gt;\\*x\\*&lt;/b&gt; \\| @<!-- -->me #<!-- -->1');
});

describe('CSV', () => {
  test('functions', () => {
    const rows = cellsOf([...reportCsv.render(profile, { limit: 2 })].join(''));
    expect(rows[0]).toEqual('self,self_percent,total,total_percent,function,file,line,module,kind'.split(','));
    expect(rows[1]!.slice(0, 5)).toEqual(['40000000', '39.604', '40000000', '39.604', 'sys_stat']);
    expect(rows).toHaveLength(3);
  });

  test('tree and groups', () => {
    const tree = cellsOf([...treeCsv(profile)].join(''));
    expect(tree.slice(1, 4).map((row) => [row[0], row[1], row[2], row[7]])).toEqual([
      ['0', '-1', '0', 'main'],
      ['1', '0', '1', 'parse'],
      ['2', '1', '2', 'slice'],
    ]);
    expect([...groupCsv(profile, 'kind')].join('')).toMatch(/^self,.*,kind\r\n40000000,39\.604,.*,kernel\r\n/);
  });

  test('a spreadsheet runs nothing, and every name keeps its row', () => {
    const names = [...HOSTILE_NAMES, '=cmd|x', '+1', '-1', '@SUM(A1)', '\t=1', '\n=1', ' =1', 'a,"b"', 'c\r\nd'];
    const rows = cellsOf([...reportCsv.render(of(names), {})].join('')).slice(1);
    expect(rows).toHaveLength(names.length);
    for (const [, , , , name] of rows) expect(name).not.toMatch(/^\s*[=+\-@]|\0/);
    expect(rows.map((row) => row[4])).toContain("'=cmd|x");
    expect(rows.map((row) => row[4])).toContain('a,"b"');
  });
});
