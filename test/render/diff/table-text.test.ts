import { describe, expect, test } from 'vitest';
import { compareProfiles } from '../../../src/profile/diff/compare.ts';
import { diffText } from '../../../src/render/diff/table-text.ts';
import { stringWidth } from '../../../src/terminal/string-width.ts';
import { deepProfile } from '../../profile/deep-profile.ts';
import { profileOf } from '../../profile/profile-of.ts';
import { comparisonOf } from './judged-comparison.ts';

const before = profileOf`
  main;parse;scan /app/scan.ts:7:1 120
  main;render;paint 300
  main;render;old 80
  main 500
`;
const after = profileOf`
  main;parse;scan /app/scan.ts:9:1 420
  main;render;paint 310
  main;render;fresh 70
  main 1200
`;
const found = comparisonOf(before, after, {
  'main;parse': ['grew', 90, 210, 1e-6],
  'main;parse;scan /app/scan.ts:9:1': ['grew', 90, 210, 1e-6],
  'main;render;old': ['gone', -200, -120, 1e-5],
  'main;render;fresh': ['new', 60, 80, 1e-4],
  'scan /app/scan.ts:9:1()': ['grew', 90, 210, 1e-6],
  'parse()': ['grew', 90, 210, 1e-6],
  'old()': ['gone', -200, -120, 1e-5],
  'fresh()': ['new', 60, 80, 1e-4],
});

const lines = (text: string) => text.split('\n');

describe('a comparison in words', () => {
  test('what was compared, what was found, by which rules; functions; paths, of which callers alone say nothing', () => {
    expect(lines(diffText(found, { width: 120 }))).toEqual([
      'before  before.svg  1,000 samples',
      'after   after.svg  2,000 samples',
      '4 functions and 4 of 7 paths changed significantly',
      'compared as shares of the whole (before x 2)',
      'false discovery rate 5%, changes below 0.5% of the whole are none',
      '',
      'before   after  points     95% interval  verdict  weight before  after  function  where',
      '12.00%  21.00%   +9.00  [+4.50, +10.50]  grew               120    420  parse',
      '12.00%  21.00%   +9.00  [+4.50, +10.50]  grew               120    420  scan      /app/scan.ts:9',
      ' 8.00%   0.00%   -8.00  [-10.00, -6.00]  gone                80      0  old',
      ' 0.00%   3.50%   +3.50   [+3.00, +4.00]  new                  0     70  fresh',
      '',
      'before   after  points     95% interval  verdict  weight before  after  path',
      '12.00%  21.00%   +9.00  [+4.50, +10.50]  grew               120    420  main > parse > scan',
      ' 8.00%   0.00%   -8.00  [-10.00, -6.00]  gone                80      0  main > render > old',
      ' 0.00%   3.50%   +3.50   [+3.00, +4.00]  new                  0     70  main > render > fresh',
      '',
    ]);
  });

  test('a narrow window leaves out the weights, then places, intervals and shares; never a line too long', () => {
    for (let width = 8; width <= 200; width += 4) {
      const text = diffText(found, { width });
      for (const line of lines(text)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }
    const at = (width: number) =>
      lines(diffText(found, { width })).filter((line) => line.endsWith('function') || line.endsWith('where'));
    expect(at(80)).toEqual(['before   after  points     95% interval  verdict  function  where']);
    expect(at(60)).toEqual(['before   after  points     95% interval  verdict  function']);
    expect(at(50)).toEqual(['before   after  points  verdict  function']);
    expect(at(28)).toEqual(['points  verdict  function']);
  });

  test('where nothing is significant all that changed is listed, without verdicts', () => {
    const text = diffText(comparisonOf(before, after), { width: 100 });
    expect(text).toContain('\nnothing changed significantly\n');
    expect(text).toMatch(/\+9\.00 .* 420 {2}scan/);
    expect(text).not.toContain('verdict');
    expect(text).not.toMatch(/ main$/m);
  });

  test('equal sides: no tables', () => {
    expect(lines(diffText(comparisonOf(before, before)))).toEqual([
      'before  before.svg  1,000 samples',
      'after   after.svg  1,000 samples',
      'nothing changed significantly',
      'compared as shares of the whole (before x 1)',
      'false discovery rate 5%, changes below 0.5% of the whole are none',
      '',
    ]);
  });

  test('a limit says how much it leaves out', () => {
    const text = diffText(found, { limit: 1 });
    expect(text).toContain('... 3 more (--top 4)\n');
    expect(text).toContain('... 2 more (--top 3)\n');
    expect(text).not.toContain('fresh');
  });

  test('without equal totals changes are weights', () => {
    const text = diffText({ ...found, scale: 1 }, { width: 160 });
    expect(text).toContain('compared as measured (--no-normalize)');
    expect(text).toMatch(/ change +95% interval .*\n.* \[\+90, \+210\] /);
  });

  test('weights that could not be tested are said to be so', () => {
    const untested = comparisonOf(before, after);
    untested.paths.p.fill(Number.NaN);
    untested.paths.low.fill(Number.NaN);
    expect(diffText(untested)).toContain('nothing was tested for significance');
  });

  test('what a drawing cut is below the cut, not 0', () => {
    const cut = comparisonOf(before, after, { 'fresh()': ['below-cut', Number.NaN, Number.NaN, Number.NaN] });
    const text = diffText({ ...cut, before: { ...cut.before, cut: 5 } }, { width: 160 });
    expect(text).toContain('a drawing: paths below 0.50% may be missing');
    expect(text).toMatch(/<0\.50% +3\.50% .* below cut .* fresh/);
  });

  test('runs, time and samples are told of each side', () => {
    const timed = comparisonOf(before, after, {}, { unit: { type: 'cpu', unit: 'nanoseconds' } });
    const text = diffText({ ...timed, before: { ...timed.before, runs: 3, total: 2.5e9, samples: 30 } });
    expect(text).toContain('before  before.svg  30 samples  2.5 s in the mean  3 runs\n');
  });

  test('names cannot drive the terminal, nor make a line longer', () => {
    const evil = (weight: number) => profileOf(`\u001b[2J\u202e;${'界'.repeat(300)} ${weight}\nrest ${200 - weight}`);
    const text = diffText(comparisonOf(evil(100), evil(20)), { width: 90 });
    expect(text).toContain('\\x1b[2J\\u202e');
    expect(text).not.toMatch(/[\u001b\u202e]/);
    for (const line of lines(text)) expect(stringWidth(line)).toBeLessThanOrEqual(90);
  });

  test('colour only where it is asked for, and not alone: signs and words say the same', () => {
    expect(diffText(found, { color: true })).toContain('\u001b[31m');
    expect(diffText(found)).not.toContain('\u001b');
  });

  test('a path of 100,000 frames is told by its end', () => {
    const deep = deepProfile();
    const comparison = compareProfiles([deep], [deepProfile(99_999)]);
    expect(diffText(comparison, { width: 100 })).toMatch(/\n *100\.00% +0\.00% .* … > .*f99998 > f99999\n/);
  });
});
