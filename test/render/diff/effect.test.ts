import { expect, test } from 'vitest';
import { VERDICTS } from '../../../src/profile/diff/comparison.ts';
import { markOf, titleOf } from '../../../src/render/diff/effect.ts';
import { comparisonOf, judged } from './comparison-of.ts';
import { draw } from './diff-data.ts';

const unchanged = VERDICTS.indexOf('unchanged');

test('where an interval tells of a change that was not called one, it is said why', () => {
  const title = (share: number, low: number, high: number): string =>
    titleOf({ verdict: unchanged, share, low, high }, 0.005);
  expect(title(0.01, -0.01, 0.03)).toBe('not significant');
  expect(title(0.002, 0.001, 0.003)).toBe('too small to count');
  expect(title(0.2, 0.17, 0.23)).toBe('its share only, or chance');
  expect(title(-0.2, -0.23, -0.17)).toBe('its share only, or chance');
  expect(title(0.2, Number.NaN, Number.NaN)).toBe('not significant');
});

test('each verdict has words, and a mark where it is a change', () => {
  const none = { share: 0, low: Number.NaN, high: Number.NaN };
  const words = VERDICTS.map((_, verdict) => `${markOf(verdict)} ${titleOf({ verdict, ...none }, 0)}`.trim());
  expect(words).toEqual(['not significant', '▲ grew', '▼ shrank', '+ new', '− gone', 'below cut', 'not tested']);
});

test('a picture of which nothing could be tested says so', () => {
  const comparison = comparisonOf('a;b 100 300\na;c 100 100');
  const nan = (column: Float64Array): Float64Array => column.map(() => Number.NaN);
  const { paths } = comparison;
  const blind = { ...comparison, paths: { ...paths, low: nan(paths.low), high: nan(paths.high), p: nan(paths.p) } };
  const svg = draw(judged(blind, { a: 'untested', b: 'untested', c: 'untested' }));
  expect(svg).toContain('not tested: the inputs do not say how many samples they hold');
  expect(svg).toContain('>not tested 3<');
});

test('negate turns the colours, in frames and in the scale, not the numbers', () => {
  const grown = judged(comparisonOf('a;b 100 300\na;c 300 100'), { b: 'grew' });
  const paint = (svg: string): string => /data-group="grew" stroke="([^"]*)"/.exec(svg)![1]!;
  const stops = (svg: string): string[] => /data-stops="([^"]*)"/.exec(svg)![1]!.split(' ');
  const [plain, negated] = [draw(grown), draw(grown, { negate: true })];
  expect(paint(plain)).toBe(stops(plain).at(-1));
  expect(paint(negated)).toBe(stops(plain)[0]);
  expect(stops(negated)).toEqual(stops(plain).reverse());
  expect(negated).toContain('>▲ b +50.0 points<');
});
