import { expect, test } from 'vitest';
import { invert } from '../../src/profile/invert.ts';
import { linesOf, profileOf } from './profile-of.ts';

test('the leaf becomes the root', () => {
  const inverted = invert(profileOf`
    main;parse;read 3
    main;read 1
    main 2
    4
  `);
  expect(linesOf(inverted)).toEqual(['read;parse;main 3', 'read;main 1', 'main 2', '4']);
  // read, read;parse, read;parse;main, read;main, main: the callers of read share it
  expect(inverted.stacks.length).toBe(5);
});

test('recursion turns into itself', () => {
  expect(linesOf(invert(profileOf`main;f;f;f 1`))).toEqual(['f;f;f;main 1']);
});

test('times and threads are kept', () => {
  const profile = profileOf`[node 1/1] main;a 1 @10`;
  const { samples, threads } = invert(profile);
  expect(threads).toEqual(profile.threads);
  expect([samples.time, samples.thread]).toEqual([profile.samples.time, profile.samples.thread]);
});
