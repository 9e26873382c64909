import { describe, expect, test } from 'vitest';
import { compareProfiles } from '../../../src/profile/diff/compare.ts';
import { diffCsv } from '../../../src/render/diff/table-csv.ts';
import { diffJson } from '../../../src/render/diff/table-json.ts';
import { diffMarkdown } from '../../../src/render/diff/table-md.ts';
import { deepProfile } from '../../profile/deep-profile.ts';
import { profileOf } from '../../profile/profile-of.ts';
import { comparisonOf } from './judged-comparison.ts';

const before = profileOf`
  main;parse;scan /app/scan.ts:7:1 120
  main;old 80
  main 800
`;
const after = profileOf`
  main;parse;scan /app/scan.ts:9:1 420
  main;fresh{kernel,module=[ext4]} 70
  main 1510
`;
const found = comparisonOf(before, after, {
  'main;parse': ['grew', 90, 210, 1e-6],
  'main;parse;scan /app/scan.ts:9:1': ['grew', 90, 210, 1e-6],
  'main;fresh': ['new', 60, 80, 1e-4],
  'parse()': ['grew', 90, 210, 1e-6],
  'fresh()': ['new', 60, 80, 1e-4],
  'old()': ['untested', Number.NaN, Number.NaN, Number.NaN],
});

describe('JSON', () => {
  const json = JSON.parse([...diffJson(found)].join(''));

  test('totals, unit, rules and both inputs', () => {
    expect(json).toMatchObject({
      version: 1,
      before: 1000,
      after: 2000,
      unit: 'count',
      type: 'samples',
      significant: 3,
      scale: 2,
      shares: true,
      alpha: 0.05,
      threshold: 0.005,
      inputs: {
        before: { name: 'before.svg', samples: 1000, runs: 1, cut: 0 },
        after: { name: 'after.svg', samples: 2000, runs: 1, cut: 0 },
      },
      omitted: 0,
      notes: [],
    });
  });

  test('frames: every path, those that changed first; the fields that other programs rely on', () => {
    expect(json.frames).toHaveLength(5);
    expect(json.frames[0]).toEqual({
      name: 'parse',
      path: ['main', 'parse'],
      file: '',
      line: 0,
      module: '',
      kind: 'unknown',
      before: 120,
      after: 420,
      delta: 180,
      low: 90,
      high: 210,
      beforePercent: 12,
      afterPercent: 21,
      deltaPercent: 9,
      lowPercent: 4.5,
      highPercent: 10.5,
      p: 1e-6,
      verdict: 'grew',
    });
    expect(json.frames[2]).toMatchObject({ path: ['main', 'fresh'], module: '[ext4]', kind: 'kernel', verdict: 'new' });
  });

  test('a number that nothing could be tested for is null', () => {
    expect(json.functions.find(({ name }: { name: string }) => name === 'old')).toMatchObject({
      delta: -160,
      low: null,
      high: null,
      lowPercent: null,
      p: null,
      verdict: 'untested',
    });
  });

  test('a limit, and paths whose names would fill the disk, are counted as left out', () => {
    const limited = JSON.parse([...diffJson(found, { limit: 2 })].join(''));
    expect([limited.frames.length, limited.functions.length, limited.omitted]).toEqual([2, 2, 3]);
    const deep = deepProfile(20_000);
    let size = 0;
    let tail = '';
    for (const piece of diffJson(compareProfiles([deep], [deep]))) {
      size += piece.length;
      tail = piece;
    }
    expect(size).toBeLessThan(100e6);
    expect(tail).toBe(']\n}\n');
  });

  test('no rows: still JSON', () => {
    const empty = comparisonOf(profileOf('7'), profileOf('8'));
    expect(JSON.parse([...diffJson(empty)].join(''))).toMatchObject({ frames: [], functions: [], before: 7, after: 8 });
  });
});

describe('CSV', () => {
  test('functions, then paths; one line each; raw numbers', () => {
    const lines = [...diffCsv(found)].join('').split('\r\n');
    expect(lines[0]).toBe(
      'what,verdict,before,before_percent,after,after_percent,delta,delta_percent,low,high,p,name,file,line,module,kind,path',
    );
    expect(lines[1]).toBe('function,grew,120,12,420,21,180,9,90,210,0.000001,parse,,0,,unknown,');
    expect(lines).toContain('function,untested,80,8,0,0,-160,-8,,,,old,,0,,unknown,');
    expect(lines).toContain('path,grew,120,12,420,21,180,9,90,210,0.000001,parse,,0,,unknown,"main;parse"');
    expect(lines).toHaveLength(1 + 5 + 5 + 1);
  });

  test('a name that a spreadsheet would run is text', () => {
    const evil = (weight: number) => profileOf(`=cmd|' /C calc'!A0 ${weight}\nb 10`);
    expect([...diffCsv(comparisonOf(evil(10), evil(30)))].join('')).toContain(`"'=cmd|' /C calc'!A0"`);
  });
});

describe('Markdown', () => {
  test('the finding first, the sides, both tables', () => {
    expect([...diffMarkdown(found)].join('')).toBe(`# Comparison of two profiles

**2 functions and 3 of 5 paths changed significantly.**

- before: \`before.svg\` (1,000 samples)
- after: \`after.svg\` (2,000 samples)
- compared as shares of the whole (before x 2)
- false discovery rate 5%, changes below 0.5% of the whole are none

## Functions

With what they call.

| before | after | points | interval | verdict | weight before | weight after | function | where |
| ---: | ---: | ---: | --- | --- | ---: | ---: | --- | --- |
| 12.00% | 21.00% | +9.00 | \\[+4.50, +10.50\\] | grew | 120 | 420 | \`parse\` |  |
| 0.00% | 3.50% | +3.50 | \\[+3.00, +4.00\\] | new | 0 | 70 | \`fresh\` | \`[ext4]\` |

## Paths

Caller first. Callers whose change is that of one callee are left out.

| before | after | points | interval | verdict | weight before | weight after | path |
| ---: | ---: | ---: | --- | --- | ---: | ---: | --- |
| 12.00% | 21.00% | +9.00 | \\[+4.50, +10.50\\] | grew | 120 | 420 | \`main\` > \`parse\` > \`scan\` |
| 0.00% | 3.50% | +3.50 | \\[+3.00, +4.00\\] | new | 0 | 70 | \`main\` > \`fresh\` |
`);
  });

  test('equal sides: no tables; notes stand at the end', () => {
    const text = [...diffMarkdown({ ...comparisonOf(before, before), notes: ['a <b> note'] })].join('');
    expect(text).toContain('**Nothing changed significantly.**');
    expect(text).not.toContain('|');
    expect(text).toMatch(/## Notes\n\n- a &lt;b&gt; note\n$/);
  });

  test('names are inert: no table cell, no mention, no HTML', () => {
    const evil = (weight: number) => profileOf(`a|b\`c<img src=x>@someone ${weight}\nrest 100`);
    const text = [...diffMarkdown(comparisonOf(evil(10), evil(100)))].join('');
    const row = text.split('\n').find((line) => line.includes('img'))!;
    expect(row).toContain('`` a\\|b`c<img src=x>@someone ``');
  });

  test('a long path shows its ends', () => {
    const deep = (last: number) =>
      profileOf(`${Array.from({ length: 12 }, (_, i) => `f${i}`).join(';')} ${last}\nrest 100`);
    const text = [...diffMarkdown(comparisonOf(deep(10), deep(100)))].join('');
    expect(text).toContain('`f0` > `f1` > (4 more) > `f6` > `f7` > `f8` > `f9` > `f10` > `f11`');
  });
});
