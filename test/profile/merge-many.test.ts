import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeFolded } from '../../src/formats/folded-write.ts';
import { merge } from '../../src/profile/merge.ts';
import { ProfileMerger } from '../../src/profile/merge-many.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { arbitraryProfile } from './arbitrary-profile.ts';

const folded = (profile: Profile): string =>
  Buffer.concat([...writeFolded(profile, 'tid')].map((piece) => Buffer.from(piece))).toString();

test('merging many gives the stacks, threads and weights of merging them at once', () => {
  fc.assert(
    fc.property(fc.array(arbitraryProfile, { minLength: 1, maxLength: 80 }), (profiles) => {
      const merger = new ProfileMerger();
      for (const [i, profile] of profiles.entries()) merger.add(profile, `p${i}`);
      const many = merger.build();
      const once = merge(profiles);
      expect(many.valueTypes).toEqual(once.valueTypes);
      expect(folded(many)).toBe(folded(once));
      for (const [i] of once.valueTypes.entries()) expect(totalWeight(many, i)).toBe(totalWeight(once, i));
      expect(many.samples.time).toBeUndefined();
      expect(new Set(many.threads)).toEqual(new Set(once.threads));
      expect(many.meta.startTime).toBe(once.meta.startTime);
    }),
    { numRuns: 60 },
  );
});

test('what notes say of it: that times are gone, and each note once', () => {
  const merger = new ProfileMerger();
  const [one] = fc.sample(arbitraryProfile, { numRuns: 1, seed: 1 }) as [Profile];
  const timed = {
    ...one,
    samples: { ...one.samples, time: new Float64Array(one.samples.length) },
    meta: { notes: ['a note'] },
  };
  for (let i = 0; i < 100; i++) merger.add(timed, `p${i}`);
  const { notes } = merger.build().meta;
  expect(notes.filter((note) => note === 'a note')).toHaveLength(1);
  expect(notes.at(-1)).toBe('times of samples are left out, as 100 profiles were merged');
});
