import { expect, test } from 'vitest';
import { failureOf } from '../../../src/bench/runner/failure.ts';

const end = { exit: { code: 1, signal: undefined }, timedOut: false, printed: '', printedBytes: 0 };
const loading = (message: string) =>
  failureOf(end, { kind: 'thrown', stage: 'load', error: { name: 'Error', message, stack: '' } }, 60);

test('what was thrown is told in one line', () => {
  expect(loading('Expected values to be equal:\n\n1 !== 2\n').what).toBe(
    'the file threw when it was loaded: Error: Expected values to be equal: 1 !== 2',
  );
});

test('where the API cannot be found it is said how to get it', () => {
  expect(loading("Cannot find package 'pforge-prof' imported from /x.bench.mjs").hint).toContain('npm install');
  expect(loading("Cannot find module 'pforge-prof/bench'\nRequire stack:\n- /c.cjs").hint).toContain('npm install');
  expect(loading("Cannot find module 'pforge-professional'").hint).not.toContain('npm install');
});
