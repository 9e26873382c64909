import { expect, test } from 'vitest';
import { comparableLabels } from '../../../src/profile/diff/comparable-labels.ts';
import { profileOf } from '../profile-of.ts';

const labelsOf = (...texts: string[]) =>
  comparableLabels(
    texts.map((text) => profileOf(text)),
    1,
  );

test('marks of collapsers are ignored where one side has none', () => {
  expect(labelsOf('main;read_[k];run_[j] 1', 'main;read;run 1')).toEqual([
    ['main', 'read', 'run'],
    ['main', 'read', 'run'],
  ]);
  expect(labelsOf('main;read;run 1', 'main;read_[k];run_[j] 1')[1]).toEqual(['main', 'read', 'run']);
});

test('marks that both sides have tell frames apart', () => {
  expect(labelsOf('read;read_[k] 1', 'read;write_[k] 1')).toEqual([
    ['read', 'read_[k]'],
    ['read', 'write_[k]'],
  ]);
});

test('files of another checkout are named as on the before side', () => {
  expect(labelsOf('f /ci/main/a.js:1:2 1', 'f /ci/branch/a.js:3:4;node:fs;g /x/other.js:5 1')[1]).toEqual([
    'f /ci/main/a.js:3:4',
    'node:fs',
    'g /x/other.js:5',
  ]);
});
