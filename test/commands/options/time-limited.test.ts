import { expect, test } from 'vitest';
import { timeLimited } from '../../../src/commands/options/time-limited.ts';
import { UserError } from '../../../src/errors.ts';

const runaway = /(a+)+$/;
const name = `${'a'.repeat(60)}b`;

test('a pattern that tries too many ways is stopped, in words; the next one works', () => {
  const match = (): boolean => timeLimited(runaway, () => runaway.test(name), 200);
  expect(match).toThrow(UserError);
  expect(match).toThrow('matching /(a+)+$/ takes more than 0.2 s: it tries too many ways');
  expect(timeLimited(/b$/, () => /b$/.test(name), 200)).toBe(true);
});

test('errors of the work itself are its own; one within the other has its own result', () => {
  expect(() => timeLimited(/x/, () => JSON.parse('{'))).toThrow(SyntaxError);
  expect(timeLimited(/x/, () => timeLimited(/y/, () => 1) + 1)).toBe(2);
});
