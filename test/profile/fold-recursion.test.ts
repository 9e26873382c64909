import { expect, test } from 'vitest';
import { foldRecursion } from '../../src/profile/fold-recursion.ts';
import { deepProfile } from './deep-profile.ts';
import { linesOf, profileOf } from './profile-of.ts';

test('frames that repeat directly become one, others stay', () => {
  const profile = profileOf`
    main;fib;fib;fib;add 1
    main;fib;add 2
    main;main 3
    a;b;a;b 4
    fib;fib 5
    8
  `;
  expect(linesOf(foldRecursion(profile))).toEqual([
    'main;fib;add 1',
    'main;fib;add 2',
    'main 3',
    'a;b;a;b 4',
    'fib 5',
    '8',
  ]);
});

test('stacks 100,000 deep', () => {
  const deep = deepProfile();
  expect(foldRecursion(deep).stacks.length).toBe(deep.stacks.length);
});
