import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkProfile } from '../../src/profile/check.ts';
import { onlyValueType } from '../../src/profile/only-value-type.ts';
import { selectSamples } from '../../src/profile/select-samples.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { arbitraryProfile } from './arbitrary-profile.ts';
import { totals } from './conserving.ts';
import { linesOf, profileOf } from './profile-of.ts';

const profile = profileOf`
  [node 12/12] main;a 1 @1000
  [V8 Worker 12/13] main;b 2 @2000
  [other 14/14] main;c 4 @3000
  main;d 8 @4000
`;

test('by thread name and by process', () => {
  expect(linesOf(selectSamples(profile, { thread: /worker/i }).profile)).toEqual(['main;b 2']);
  expect(linesOf(selectSamples(profile, { pid: 12 }).profile)).toEqual(['main;a 1', 'main;b 2']);
  expect(linesOf(selectSamples(profile, { pid: 12, thread: /^n/g }).profile)).toEqual(['main;a 1']);
});

test('by time since the first sample: the start is in, the end is not', () => {
  expect(linesOf(selectSamples(profile, { from: 1000, to: 3000 }).profile)).toEqual(['main;b 2', 'main;c 4']);
  expect(linesOf(selectSamples(profile, { from: 2000 }).profile)).toEqual(['main;c 4', 'main;d 8']);
  expect(selectSamples(profile, { to: 2000 }).dropped).toEqual([12]);
});

test('nothing asked for: the same profile', () => {
  expect(selectSamples(profile, {}).profile).toBe(profile);
});

test('what is kept and what is dropped is all of the weight', () => {
  fc.assert(
    fc.property(arbitraryProfile, fc.nat(1000), (any, from) => {
      const { profile: kept, dropped } = selectSamples(any, { thread: /o/, from });
      checkProfile(kept);
      expect(totals(kept).map((total, i) => total + dropped[i]!)).toEqual(totals(any));
    }),
  );
});

test('onlyValueType keeps the weight of its value type, and makes it the default', () => {
  fc.assert(
    fc.property(arbitraryProfile, (any) => {
      any.valueTypes.forEach((type, i) => {
        const only = onlyValueType(any, i);
        checkProfile(only);
        expect(only.valueTypes.at(-1)).toEqual(type);
        expect(totalWeight(only)).toBe(totalWeight(any, i));
      });
    }),
  );
});

test('onlyValueType: samples without its weight go', () => {
  const two = profileOf`
    a 1,0
    b 1,5
  `;
  expect(linesOf(onlyValueType(two, 1))).toEqual(['b 5']);
  expect(onlyValueType(two, 0).valueTypes).toEqual([{ type: 'samples', unit: 'count' }]);
});
