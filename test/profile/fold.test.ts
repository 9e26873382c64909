import { expect, test } from 'vitest';
import { fold } from '../../src/profile/fold.ts';
import { linesOf, profileOf } from './profile-of.ts';

test('one row per stack, in the order of the stacks, samples without a stack first', () => {
  const folded = fold(profileOf`
    main;a 1
    main 2
    5
    main;b 0
    main;a 3
    6
  `);
  // main;b weighs nothing, yet it was seen
  expect(linesOf(folded)).toEqual(['11', 'main 2', 'main;a 4', 'main;b 0']);
});

test('every value type is summed', () => {
  const folded = fold(profileOf`
    main 1,100
    main 1,150
  `);
  expect(linesOf(folded, 0)).toEqual(['main 2']);
  expect(linesOf(folded, 1)).toEqual(['main 250']);
});

test('threads and times are dropped', () => {
  const folded = fold(profileOf`
    [node 1/1] main 1 @10
    [node 1/2] main 1 @20
  `);
  expect(linesOf(folded)).toEqual(['main 2']);
  expect(folded.threads).toEqual([]);
  expect(folded.samples).not.toHaveProperty('time');
  expect(folded.samples).not.toHaveProperty('thread');
});

test('an empty profile stays empty', () => {
  expect(linesOf(fold(profileOf``))).toEqual([]);
});
