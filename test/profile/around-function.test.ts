import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calleesOf, callersOf } from '../../src/profile/around-function.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { filter } from '../../src/profile/filter.ts';
import { arbitraryProfile } from './arbitrary-profile.ts';
import { totals } from './conserving.ts';
import { linesOf, profileOf } from './profile-of.ts';

const profile = profileOf`
  main;parse;scan 1
  main;load;parse;parse;scan 2
  main;render 4
  8
`;

test('callees: stacks from the outermost match on', () => {
  expect(linesOf(calleesOf(profile, /^parse/))).toEqual(['parse;scan 1', 'parse;parse;scan 2']);
});

test('callers: from the outermost match to the root', () => {
  expect(linesOf(callersOf(profile, /^parse/))).toEqual(['parse;main 1', 'parse;load;main 2']);
});

test('no match: no samples', () => {
  expect(callersOf(profile, /nothing/).samples.length).toBe(0);
  expect(calleesOf(profile, /nothing/).samples.length).toBe(0);
});

test('both hold exactly the weight of the samples with a match', () => {
  fc.assert(
    fc.property(arbitraryProfile, fc.constantFrom(/r/, /^main/, /^$/), (any, pattern) => {
      const expected = totals(filter(any, { focus: pattern }).profile);
      for (const around of [callersOf(any, pattern), calleesOf(any, pattern)]) {
        checkProfile(around);
        expect(totals(around)).toEqual(expected);
      }
    }),
  );
});
