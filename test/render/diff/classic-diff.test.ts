import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diffClassicSvg } from '../../../src/render/diff/classic-diff.ts';
import type { DiffPictureOptions } from '../../../src/render/diff/options.ts';
import { readSvg } from '../read-svg.ts';
import { checkXml } from '../xml-check.ts';
import { comparisonOf, judged } from './comparison-of.ts';

const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data/svg/inferno/differential');
const present = existsSync(PEERS);
if (!present) console.log(`skipped: differential pictures of inferno are not at ${PEERS}`);

function draw(comparison: Parameters<typeof diffClassicSvg.render>[0], options: DiffPictureOptions = {}): string {
  return [...diffClassicSvg.render(comparison, options)].join('');
}

/** `name x w fill title` of each frame of an inferno picture. */
function framesOfInferno(svg: string): string[] {
  const element =
    /<title>([^<]*)<\/title>\s*<rect x="[\d.]+%" y="([\d.]+)"[^>]*fill="rgb\((\d+),(\d+),(\d+)\)" fg:x="(\d+)" fg:w="(\d+)"/g;
  return [...svg.matchAll(element)]
    .filter(([, title]) => !title!.startsWith('all ('))
    .map(([, title, y, r, g, b, x, w]) => {
      const fill = [r, g, b].map((channel) => Number(channel).toString(16).padStart(2, '0')).join('');
      return `${x} ${w} ${y} #${fill} ${title}`;
    })
    .sort();
}

function framesOf(svg: string): string[] {
  return readSvg(svg)
    .frames.slice(1)
    .map(({ start, weight, y, fill, title }) => `${start} ${weight} ${y} ${fill} ${title}`)
    .sort();
}

describe.skipIf(!present)('with --self, as inferno draws', () => {
  const lines = present ? readFileSync(join(PEERS, 'perf-cycles-instructions-01-collapsed-all-diff.txt'), 'utf8') : '';
  const comparison = () => comparisonOf(lines, { normalize: false, match: 'exact' });
  // inferno's picture is drawn with its default of 0.01 % of the whole
  const asInferno = { self: true, minWidth: { percent: 0.01 } } as const;

  test.each([
    ['diff.svg', false],
    ['diff-negated.svg', true],
  ])('%s: places, weights, colours and titles of every frame', (name, negate) => {
    const expected = framesOfInferno(readFileSync(join(PEERS, name), 'utf8'));
    expect(expected.length).toBeGreaterThan(15);
    expect(framesOf(draw(comparison(), { ...asInferno, negate }))).toEqual(expected);
  });
});

test('with --self what did not change, nearly white, stands out from the ground', () => {
  const comparison = comparisonOf('a;b 10 10\na;c 5 10', { normalize: false });
  expect(draw(comparison, { self: true })).toMatch(/stop-color="#dddbd5"|fill="#dddbd5"/);
  expect(draw(comparison, { self: true, background: 'yellow' })).not.toContain('#dddbd5');
});

describe('inclusive changes', () => {
  const grown = comparisonOf('a;b;c 3 9\na;b 10 5\na 2 1', { normalize: false });

  test('a caller that grew 13 to 14 is never blue, whatever it did itself', () => {
    const { frames } = readSvg(draw(judged(grown, { b: 'grew', c: 'grew' })));
    const b = frames.find(({ name }) => name === 'b')!;
    expect(b.title).toBe('b (14 samples, 93.33%; +6.67%)');
    expect(isReddish(b.fill)).toBe(true);
    const untested = readSvg(draw(judged(grown, { b: 'untested' }))).frames.find(({ name }) => name === 'b')!;
    expect(isReddish(untested.fill)).toBe(true);
  });

  test('negate turns signs and colours', () => {
    const svg = draw(judged(grown, { b: 'grew' }), { negate: true });
    const b = readSvg(svg).frames.find(({ name }) => name === 'b')!;
    expect(b.title).toBe('b (14 samples, 93.33%; -6.67%)');
    expect(isReddish(b.fill)).toBe(false);
  });

  test('what did not change significantly is grey, whatever its numbers', () => {
    for (const { fill } of readSvg(draw(judged(grown, {}))).frames.slice(1)) expect(fill).toBe('#dcdad5');
  });

  test('widths of either side, or of the larger one; what weighs nothing there is not drawn', () => {
    const comparison = comparisonOf('a;gone 6 0\na;kept 4 5\na;new 0 5');
    const drawn = (widths: 'before' | 'after' | 'max'): string[] =>
      readSvg(draw(comparison, { widths, minWidth: 0 })).frames.map(
        ({ name, start, weight }) => `${name} ${start} ${weight}`,
      );
    expect(drawn('before')).toEqual(['all 0 10', 'a 0 10', 'gone 0 6', 'kept 6 4']);
    expect(drawn('after')).toEqual(['all 0 10', 'a 0 10', 'kept 0 5', 'new 5 5']);
    expect(drawn('max')).toEqual(['all 0 16', 'a 0 16', 'gone 0 6', 'kept 6 5', 'new 11 5']);
  });

  test('a legend counts paths; the document is well-formed', () => {
    const svg = draw(judged(grown, { b: 'grew', c: 'new' }));
    expect(checkXml(svg)).toBeUndefined();
    expect(svg).toMatch(/▲ grew 1/);
    expect(svg).toMatch(/\+ new 1/);
    expect(svg).toMatch(/no significant change 1/);
  });
});

function isReddish(fill: string): boolean {
  return Number.parseInt(fill.slice(1, 3), 16) > Number.parseInt(fill.slice(5, 7), 16);
}
