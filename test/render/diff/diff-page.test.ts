import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { INTERVAL_STEPS } from '../../../src/render/diff/diff-rows.ts';
import { decodePage } from '../../../src/render/diff/html/app/decode.ts';
import { diffHtml } from '../../../src/render/diff/html/diff-html.ts';
import { COMPARISON_ID } from '../../../src/render/diff/html/diff-page.ts';
import type { DiffPictureOptions } from '../../../src/render/diff/options.ts';
import { comparisonOf, sidesOf } from './comparison-of.ts';

const LINES = 'a;b 300 420.5\na;c 700 580\nd /x/y.js:3:4 0 20';

function draw(options: DiffPictureOptions = {}): string {
  return [...diffHtml.render(comparisonOf(LINES), options)].join('');
}

function pageOf(html: string) {
  const block = new RegExp(`id="${COMPARISON_ID}">([^<]*)<`).exec(html)![1]!;
  return decodePage(gunzipSync(Buffer.from(block, 'base64')));
}

test('the page holds the whole comparison: weights exactly, verdicts, intervals to a ten thousandth', () => {
  const comparison = comparisonOf(LINES);
  const { profile, paths, functions, page } = pageOf(draw({ title: 'T', widths: 'max', negate: true, search: 'x' }));
  expect(page).toMatchObject({ title: 'T', widths: 'max', negate: true, search: 'x', inShares: true });
  expect(profile.strings).toEqual(comparison.profile.strings);
  expect(profile.samples.values).toEqual(comparison.profile.samples.values.map((column) => Float64Array.from(column)));
  expect([...profile.stacks.parent]).toEqual([...comparison.profile.stacks.parent]);
  expect([...paths.verdict]).toEqual([...comparison.paths.verdict]);
  const step = comparison.after.total / INTERVAL_STEPS;
  comparison.paths.low.forEach((low, i) => {
    if (Number.isNaN(low)) expect(paths.low[i]).toBeNaN();
    else expect(Math.abs(paths.low[i]! * comparison.after.total - low)).toBeLessThanOrEqual(step / 2 + 1e-9);
  });
  for (const column of ['before', 'after', 'selfBefore', 'selfAfter'] as const) {
    expect(functions[column]).toEqual(comparison.functions[column]);
  }
});

test('holds both inputs for reading back, or says that it does not', () => {
  const sides = draw({ embed: sidesOf('a;b 3 4') });
  expect(sides.match(/<template><metadata id="pforge-prof-profile-before"/g)).toHaveLength(1);
  expect(sides.match(/<metadata id="pforge-prof-profile-after"/g)).toHaveLength(1);
  expect(pageOf(draw({ embed: false })).page.notes).toContain('without the profile (--no-embed)');
});

test('nothing of the inputs is markup, and nothing but its own script and style may run', () => {
  const html = draw({ title: '</title><script>alert(1)</script>', subtitle: '<b>' });
  expect(html).not.toContain('<script>alert');
  expect(html).toMatch(/Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
});
