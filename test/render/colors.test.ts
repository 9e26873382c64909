import { describe, expect, test } from 'vitest';
import type { Profile } from '../../src/profile/profile.ts';
import { LABEL_COLOR, labelColorOn, PALETTES, type PaletteId, paletteOf, ROOT_FILL } from '../../src/render/colors.ts';
import { profileOf } from '../profile/profile-of.ts';

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

const profile = profileOf`
  main{app,optimized};[native]{native} 1
`;
const names = Array.from({ length: 2000 }, (_, i) => `function ${i}`);

describe('palettes', () => {
  test.each(PALETTES)('%s: text can be read on every fill', (id) => {
    const palette = paletteOf(profile, id);
    for (const group of palette.groups.length > 0 ? palette.groups.map(({ id }) => id) : ['app']) {
      for (const name of names) {
        const fill = palette.fill(group, name);
        expect(fill).toMatch(/^#[0-9a-f]{6}$/);
        const ink = labelColorOn(fill);
        if (contrast(ink, fill) < 4.5) expect.fail(`${group} ${fill}: ${contrast(ink, fill)}`);
        if (['kind', 'tier', 'warm'].includes(id)) expect(ink).toBe(LABEL_COLOR);
      }
    }
  });

  test('the root and matched frames can be read too', () => {
    expect(contrast(LABEL_COLOR, ROOT_FILL)).toBeGreaterThan(4.5);
    expect(contrast(LABEL_COLOR, '#e879f9')).toBeGreaterThan(4.5);
  });

  test('a name has one colour, and names differ', () => {
    for (const palette of PALETTES.map((id) => paletteOf(profile, id))) {
      const group = palette.groups[0]?.id ?? 'app';
      expect(palette.fill(group, 'parse')).toBe(palette.fill(group, 'parse'));
      expect(new Set(names.slice(0, 400).map((name) => palette.fill(group, name))).size).toBeGreaterThan(15);
    }
  });

  test('the default is by kind, and classic where no kind is known', () => {
    const fillOf = (of: Profile, id?: PaletteId) => paletteOf(of, id).fill('app', 'main');
    expect(fillOf(profile)).toBe(fillOf(profile, 'kind'));
    for (const id of [undefined, 'kind', 'warm'] as const) {
      expect(paletteOf(profileOf('a;b 1'), id).groups).toEqual([]);
      expect(fillOf(profileOf('a;b 1'), id)).toBe(fillOf(profile, 'warm'));
    }
  });

  test('kind and tier decide the group', () => {
    const kind = paletteOf(profile, 'kind');
    const tier = paletteOf(profile, 'tier');
    expect([0, 1].map((frame) => kind.groupOf(profile, frame))).toEqual(['app', 'native']);
    expect([0, 1].map((frame) => tier.groupOf(profile, frame))).toEqual(['optimized', 'none']);
  });
});
