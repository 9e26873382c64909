import { expect, test } from 'vitest';
import { skipAfter } from '../../src/profile/skip-after.ts';
import { deepProfile } from './deep-profile.ts';
import { linesOf, profileOf } from './profile-of.ts';

test('what calls the function is left out; the innermost of the names counts', () => {
  const profile = profileOf`
    start;main;work;read 1
    start;main;work;main;read 2
    start;boot 4
    8
  `;
  expect(linesOf(skipAfter(profile, new Set(['main', 'nothing'])))).toEqual([
    'main;work;read 1',
    'main;read 2',
    'start;boot 4',
    '8',
  ]);
  expect(linesOf(skipAfter(profile, new Set(['main', 'work'])))[0]).toBe('work;read 1');
});

test('names are exact', () => {
  expect(linesOf(skipAfter(profileOf`start;mainly;x 1`, new Set(['main'])))).toEqual(['start;mainly;x 1']);
});

test('stacks 100,000 deep', () => {
  expect(skipAfter(deepProfile(), new Set(['f99998'])).stacks.length).toBe(99_998 + 2);
});
