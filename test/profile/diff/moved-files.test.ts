import { expect, test } from 'vitest';
import { movedFiles } from '../../../src/profile/diff/moved-files.ts';

const moved = (before: readonly string[], after: readonly string[]) =>
  Object.fromEntries(movedFiles(new Set(before), new Set(after)));

test('a checkout in another folder', () => {
  expect(moved(['/ci/main/src/a.js', '/ci/main/src/b/a.js'], ['/ci/branch/src/a.js', '/ci/branch/src/b/a.js'])).toEqual(
    {
      '/ci/branch/src/a.js': '/ci/main/src/a.js',
      '/ci/branch/src/b/a.js': '/ci/main/src/b/a.js',
    },
  );
});

test('files that both sides have are no others', () => {
  expect(moved(['/x/a.js', '/y/a.js'], ['/x/a.js', '/z/a.js'])).toEqual({ '/z/a.js': '/y/a.js' });
  expect(moved(['node:fs', '/x/a.js'], ['node:fs', '/x/b.js'])).toEqual({});
});

test('two that are as like as each other are neither', () => {
  expect(moved(['/x/1/index.js', '/x/2/index.js'], ['/y/3/index.js'])).toEqual({});
  expect(moved(['/x/1/index.js'], ['/y/3/index.js', '/y/4/index.js'])).toEqual({});
});
