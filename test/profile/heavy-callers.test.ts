import fc from 'fast-check';
import { expect, test } from 'vitest';
import { callersOf } from '../../src/profile/around-function.ts';
import { callTree } from '../../src/profile/call-tree.ts';
import { frameLabel } from '../../src/profile/frame-label.ts';
import { heavyCallers, outermostWeights } from '../../src/profile/heavy-callers.ts';
import { invert } from '../../src/profile/invert.ts';
import { matchingFrames } from '../../src/profile/matching-frames.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { selfWeights, stacklessWeight } from '../../src/profile/weights.ts';
import { arbitraryProfile } from './arbitrary-profile.ts';
import { profileOf } from './profile-of.ts';

function tree(profile: Profile) {
  const { frame, parent, total } = callTree(profile);
  return { labels: Array.from(frame, (row) => frameLabel(profile, row)), parent: [...parent], total: [...total] };
}

test('all callers, where none is too light: as invert has them', () => {
  fc.assert(
    fc.property(arbitraryProfile, (profile) => {
      const callers = heavyCallers(profile, selfWeights(profile), 0);
      expect(tree(callers)).toEqual(tree(invert(profile)));
      expect(totalWeight(callers)).toBe(totalWeight(profile) - stacklessWeight(profile));
    }),
  );
});

test('the callers of a function, recursive or not: as callersOf has them', () => {
  fc.assert(
    fc.property(arbitraryProfile, fc.constantFrom('main', 'work', 'r', '^parse$'), (profile, words) => {
      const pattern = new RegExp(words);
      const weights = outermostWeights(profile, matchingFrames(profile, pattern));
      expect(tree(heavyCallers(profile, weights, 0))).toEqual(tree(callersOf(profile, pattern)));
    }),
  );
});

test('what is lighter than asked keeps its weight and loses its callers; nothing else changes', () => {
  const profile = profileOf(`
    main;a;work 60
    main;b;work 39
    main;c;rare 1
  `);
  const callers = heavyCallers(profile, selfWeights(profile), 0.02);
  expect(tree(callers)).toEqual({
    labels: ['rare', 'work', 'a', 'main', 'b', 'main'],
    parent: [-1, -1, 1, 2, 1, 4],
    total: [1, 99, 60, 60, 39, 39],
  });
});
