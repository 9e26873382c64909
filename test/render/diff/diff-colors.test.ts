import { expect, test } from 'vitest';
import { VERDICTS } from '../../../src/profile/diff/comparison.ts';
import { LABEL_COLOR } from '../../../src/render/colors.ts';
import { diffColors, fillOf, fillOfChange, scaleColors } from '../../../src/render/diff/diff-colors.ts';
import { STEP_ENDS, stepOf } from '../../../src/render/diff/effect.ts';

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function all(): string[] {
  return VERDICTS.flatMap((verdict) =>
    [0, 1, 2, 3, 4].flatMap((step) => [true, false].map((isMore) => fillOf(verdict, step, isMore, false))),
  );
}

test('text can be read on every colour (WCAG AA)', () => {
  for (const fill of all()) {
    expect((luminance(fill) + 0.05) / (luminance(LABEL_COLOR) + 0.05), fill).toBeGreaterThanOrEqual(4.5);
  }
});

test('the stronger a change, the darker; what grew is red, what shrank blue, negated the other way round', () => {
  for (const isMore of [true, false]) {
    const ramp = [0, 1, 2, 3, 4].map((step) => luminance(fillOf('grew', step, isMore, false)));
    expect(ramp).toEqual(ramp.toSorted((a, b) => b - a));
  }
  const isRed = (fill: string): boolean => Number.parseInt(fill.slice(1, 3), 16) > Number.parseInt(fill.slice(5), 16);
  expect(isRed(fillOf('grew', 2, true, false))).toBe(true);
  expect(isRed(fillOf('shrank', 2, false, false))).toBe(false);
  expect(isRed(fillOf('grew', 2, true, true))).toBe(false);
  expect(isRed(fillOf('untested', 2, true, false))).toBe(true);
  expect(scaleColors(false)).toEqual([...scaleColors(true)].reverse());
});

test('red and blue of one strength differ for who sees neither red nor green: in blue by more than a quarter', () => {
  for (const step of [1, 2, 3, 4]) {
    const [red, blue] = [fillOf('grew', step, true, false), fillOf('shrank', step, false, false)];
    const channel = (fill: string): number => Number.parseInt(fill.slice(5), 16);
    expect(channel(blue) - channel(red)).toBeGreaterThan(64);
  }
});

test('steps end where the scale says', () => {
  expect([0, 0.009, ...STEP_ENDS, 1].map(stepOf)).toEqual([0, 0, 1, 2, 3, 4, 4]);
  expect(stepOf(-0.05)).toBe(3);
});

test('only colours that are used are there; the root has the one behind all', () => {
  const { shades, shadeOf } = diffColors(Uint8Array.from([0, 1, 0, 2]), Float64Array.from([0, 0.2, 0.3, -0.2]), false);
  expect(shades.map(({ group }) => group)).toEqual(['grew', 'shrank', 'unchanged']);
  expect([...shadeOf]).toEqual([3, 0, 2, 1]);
});

test('what is equal on both sides is grey, tested or not; what changed a little is not', () => {
  const grey = fillOf('unchanged', 0, true, false);
  const untested = VERDICTS.indexOf('untested');
  for (const share of [0, -0, 1e-16, -1e-16, Number.NaN]) {
    expect(fillOfChange('untested', share, false)).toBe(grey);
    const { shades } = diffColors(Uint8Array.of(0, untested), Float64Array.of(0, share), false);
    expect(shades).toEqual([{ group: 'untested', fill: grey }]);
  }
  const changed = [-0.2, -1e-6, 0, 1e-6, 0.2];
  const { shades, shadeOf } = diffColors(new Uint8Array(6).fill(untested), Float64Array.of(0, ...changed), false);
  expect([...shadeOf.slice(1)].map((shade) => shades[shade]!.fill)).toEqual(
    changed.map((share) => fillOfChange('untested', share, false)),
  );
  expect(new Set(shades.map(({ fill }) => fill)).size).toBe(5);
});
