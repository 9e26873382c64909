import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkProfile } from '../../../src/profile/check.ts';
import { compareProfiles } from '../../../src/profile/diff/compare.ts';
import type { Comparison } from '../../../src/profile/diff/comparison.ts';
import { MATCHINGS } from '../../../src/profile/diff/matching.ts';
import { isSignificant } from '../../../src/profile/diff/significant.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { selfWeights, subtreeWeights } from '../../../src/profile/weights.ts';
import { arbitraryProfile } from '../arbitrary-profile.ts';
import { pathsOf } from './compared-rows.ts';

const options = fc.record({ match: fc.constantFrom(...MATCHINGS), normalize: fc.boolean() });

/** Two profiles that have a weight in common. */
const pair = fc.tuple(arbitraryProfile, arbitraryProfile).filter(([one, other]) => {
  const keys = (profile: Profile) => profile.valueTypes.map(({ type }) => type);
  return keys(one).some((key) => keys(other).includes(key));
});

function byPath(comparison: Comparison): Map<string, readonly number[]> {
  const { before, after, delta, p } = comparison.paths;
  return new Map(pathsOf(comparison).map((path, i) => [path, [before[i]!, after[i]!, delta[i]!, p[i]!]]));
}

function close(found: number, expected: number): boolean {
  if (Number.isNaN(found) || Number.isNaN(expected)) return Number.isNaN(found) && Number.isNaN(expected);
  return Math.abs(found - expected) <= 1e-6 * Math.max(1, Math.abs(found), Math.abs(expected));
}

test('all weight is in the union, inclusive weights are its sums, columns have their length', () => {
  fc.assert(
    fc.property(pair, options, ([before, after], chosen) => {
      const { profile, paths, functions, ...sides } = compareProfiles([before], [after], chosen);
      checkProfile(profile);
      expect(close(totalWeight(profile, 0), sides.before.total)).toBe(true);
      expect(close(totalWeight(profile, 1), sides.after.total)).toBe(true);
      for (const [i, column] of [paths.before, paths.after].entries()) {
        const inclusive = subtreeWeights(profile.stacks.parent, selfWeights(profile, i));
        expect(column.every((weight, row) => close(weight, inclusive[row]!))).toBe(true);
      }
      expect(paths.length).toBe(profile.stacks.length);
      expect(functions.length).toBe(profile.frames.length);
      for (const column of [paths.low, paths.high, paths.p, paths.verdict]) expect(column).toHaveLength(paths.length);
      for (let row = 0; row < paths.length; row++) {
        if (Number.isNaN(paths.low[row]!)) continue;
        expect(paths.low[row]!).toBeLessThanOrEqual(paths.delta[row]!);
        expect(paths.high[row]!).toBeGreaterThanOrEqual(paths.delta[row]!);
        expect(paths.p[row]!).toBeGreaterThanOrEqual(0);
        expect(paths.p[row]!).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('a profile compared with itself has not changed', () => {
  fc.assert(
    fc.property(arbitraryProfile, options, (profile, chosen) => {
      const { paths, functions, significant, scale } = compareProfiles([profile], [profile], chosen);
      expect(significant).toBe(0);
      expect(functions.verdict.some(isSignificant)).toBe(false);
      expect(scale).toBe(1);
      expect(paths.delta.every((delta) => delta === 0)).toBe(true);
    }),
  );
});

test('sides turned round: the same paths, differences the other way', () => {
  fc.assert(
    fc.property(pair, options, ([one, other], chosen) => {
      const there = compareProfiles([one], [other], chosen);
      const back = compareProfiles([other], [one], chosen);
      expect(back.significant).toBe(there.significant);
      if (chosen.match !== 'exact' || there.unit.type !== back.unit.type) return;
      const turned = byPath(back);
      for (const [path, [before, after, delta, p]] of byPath(there)) {
        const [after2, before2, delta2, p2] = turned.get(path)!;
        expect([before2, after2]).toEqual([before, after]);
        expect(close(-delta2! * there.scale, delta!)).toBe(true);
        expect(close(p2!, p!)).toBe(true);
      }
    }),
  );
});

test('the order of samples without times does not matter', () => {
  fc.assert(
    fc.property(pair, options, fc.nat(), ([before, after], chosen, seed) => {
      const untimed = [before, after].map(({ samples: { time: _, ...samples }, ...rest }) => ({ ...rest, samples }));
      const comparison = compareProfiles([untimed[0]!], [untimed[1]!], chosen);
      const shuffled = compareProfiles([rotated(untimed[0]!, seed)], [rotated(untimed[1]!, seed)], chosen);
      for (const column of ['before', 'after', 'p', 'verdict'] as const) {
        expect(shuffled.paths[column].every((value, row) => close(value, comparison.paths[column][row]!))).toBe(true);
      }
    }),
  );
});

function rotated(profile: Profile, seed: number): Profile {
  const { samples } = profile;
  const by = samples.length === 0 ? 0 : seed % samples.length;
  const order = Array.from({ length: samples.length }, (_, i) => (i + by) % samples.length);
  return {
    ...profile,
    samples: {
      length: samples.length,
      stack: Int32Array.from(order, (i) => samples.stack[i]!),
      values: samples.values.map((column) => Float64Array.from(order, (i) => column[i]!)),
    },
  };
}
