import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendOption, removeOption, requireOption } from '../../src/preload/node-options.ts';

const option = requireOption('/a b/"c"\\d.cjs');

test('quotes and backslashes are escaped as node wants them', () => {
  expect(option).toBe('--require "/a b/\\"c\\"\\\\d.cjs"');
});

test('what the user had comes back, unset and empty apart', () => {
  fc.assert(
    fc.property(fc.option(fc.string(), { nil: undefined }), (before) => {
      fc.pre(before === undefined || !before.includes('--require'));
      expect(removeOption(appendOption(before, option), option)).toBe(before);
    }),
  );
});

test('what was added around ours stays', () => {
  expect(removeOption(`--a ${option} --b`, option)).toBe('--a --b');
  expect(removeOption(`${option} --b`, option)).toBe(' --b');
  expect(removeOption('--a', option)).toBe('--a');
  expect(removeOption(undefined, option)).toBeUndefined();
});
