import { describe, expect, test } from 'vitest';
import { flameSvg } from '../../../src/formats/flame-svg.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { readInput } from '../../../src/formats/registry.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { diffClassicSvg } from '../../../src/render/diff/classic-diff.ts';
import { diffSvg } from '../../../src/render/diff/compact-diff.ts';
import type { DiffPictureOptions } from '../../../src/render/diff/options.ts';
import { sumsByStack } from '../../embedded/sums-by-stack.ts';
import { comparisonOf, sidesOf } from '../../render/diff/comparison-of.ts';
import { profileOrError, refusal } from '../harness.ts';
import { inclusiveWeights } from './inclusive-weights.ts';

const LINES = `
  main;parse 300 380
  main;parse;scan 50 0
  main;emit 200 210
  main;emit;write 0 40
  idle 450 370
`;
const sides = sidesOf(LINES);
const SIDES = ['before', 'after'] as const;

const drawn = (kind: 'compact' | 'classic', options: DiffPictureOptions = {}): string =>
  [...(kind === 'compact' ? diffSvg : diffClassicSvg).render(comparisonOf(LINES), options)].join('');

const read = (svg: string, side?: 'before' | 'after'): Promise<Profile> =>
  readInput(inputOf(svg, 'x'), side === undefined ? {} : { choices: { side } });

describe.each(['compact', 'classic'] as const)('the %s differential picture', (kind) => {
  test.each(SIDES)('that holds both profiles gives the one %s, exactly', async (side) => {
    const svg = drawn(kind, { embed: sides, widths: 'max' });
    expect(sumsByStack(await read(svg, side))).toEqual(sumsByStack(sides[side]));
  });

  test('without them gives the after side, and says so', async () => {
    const profile = await read(drawn(kind, { embed: false }));
    expect(inclusiveWeights(profile)).toEqual(inclusiveWeights(sides.after));
    expect(profile.meta.notes.join()).toMatch(/after side is read: --side before/);
  });
});

test.each(SIDES)('data of a compact picture give the side %s exactly, whatever is drawn', async (side) => {
  for (const widths of ['after', 'before', 'max'] as const) {
    const profile = await read(drawn('compact', { embed: false, widths }), side);
    expect(inclusiveWeights(profile)).toEqual(inclusiveWeights(sides[side]));
  }
});

describe('titles of a classic picture', () => {
  test.each([{}, { self: true }, { negate: true }, { self: true, negate: true }])(
    '%j tell the before side, as they round',
    async (options) => {
      const profile = await read(drawn('classic', { embed: false, ...options }), 'before');
      const found = inclusiveWeights(profile);
      for (const [path, weight] of inclusiveWeights(sides.before)) {
        // What vanished has no width
        if (path.endsWith('scan')) continue;
        const vanished = path === 'main\nparse' || path === 'main' || path === '' ? 50 : 0;
        const expected = weight - ('self' in options ? vanished : 0);
        expect(Math.abs((found.get(path) ?? 0) - expected), path).toBeLessThanOrEqual(0.2);
      }
      expect(profile.meta.notes.join()).toMatch(/what changes in percent tell/);
    },
  );

  test('make nothing up where totals differ and are compared as they are', async () => {
    const comparison = comparisonOf('main;a 100 150\nmain;b 200 200\nmain;c 0 20', { normalize: false });
    const svg = [...diffClassicSvg.render(comparison, { embed: false })].join('');
    const profile = await read(svg, 'before');
    expect(totalWeight(profile)).toBeCloseTo(300, 6);
    expect(inclusiveWeights(profile).get('main')).toBeCloseTo(300, 1);
  });

  test('as wide as the larger side tell neither', async () => {
    const svg = drawn('classic', { embed: false, widths: 'max' });
    expect(await refusal(read(svg, 'before'))).toMatch(/before side cannot be told: frames are as wide as the larger/);
  });
});

test('data that were changed are refused or read, never believed', async () => {
  const svg = drawn('compact', { embed: false }).replace(/<script>[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, '');
  const block = /<metadata id="comparison">([\s\S]*?)<\/metadata>/.exec(svg)![1]!;
  for (let at = 0; at < block.length; at++) {
    for (const character of ['9', '"', '!']) {
      const changed = block.slice(0, at) + character + block.slice(at + 1);
      await profileOrError(
        inputOf(
          svg.replace(block, () => changed),
          'x',
        ),
        flameSvg,
      );
    }
  }
});
