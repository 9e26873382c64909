import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GROUPINGS, groupBy } from '../../src/profile/group-by.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { arbitraryProfile } from './arbitrary-profile.ts';
import { profileOf } from './profile-of.ts';

const profile = profileOf`
  [node 1/1] main{app,module=a.out};read{native,module=libc.so};read{native,module=libc.so} 1
  [node 1/1] main{app,module=a.out};run /a/b.js:1:2{app} 2
  [node 1/2] main{app,module=a.out} 4
  8
`;

test('by module: recursion counts once, samples without a stack are unknown', () => {
  expect(groupBy(profile, 'module')).toEqual([
    { name: '', self: 10, total: 10 },
    { name: 'a.out', self: 4, total: 7 },
    { name: 'libc.so', self: 1, total: 1 },
  ]);
});

test('by kind, file and thread', () => {
  expect(groupBy(profile, 'kind')).toEqual([
    { name: 'unknown', self: 8, total: 8 },
    { name: 'app', self: 6, total: 7 },
    { name: 'native', self: 1, total: 1 },
  ]);
  expect(groupBy(profile, 'file').map(({ name, self }) => [name, self])).toEqual([
    ['', 13],
    ['/a/b.js', 2],
  ]);
  expect(groupBy(profile, 'thread').map(({ name, self }) => [name, self])).toEqual([
    ['', 8],
    ['node 1/2', 4],
    ['node 1/1', 3],
  ]);
});

test('self weights of all groups sum to the whole weight', () => {
  fc.assert(
    fc.property(arbitraryProfile, fc.constantFrom(...GROUPINGS), (any, grouping) => {
      const rows = groupBy(any, grouping);
      expect(rows.reduce((sum, { self }) => sum + self, 0)).toBe(totalWeight(any));
      for (const { self, total } of rows) expect(total).toBeGreaterThanOrEqual(self);
    }),
  );
});
