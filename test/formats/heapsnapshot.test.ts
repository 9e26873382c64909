import { join } from 'node:path';
import { expect, test } from 'vitest';
import { heapsnapshot } from '../../src/formats/heapsnapshot.ts';
import { readProfile } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { snapshotText } from '../heap/snapshot-text.ts';
import { linesOf } from '../profile/profile-of.ts';
import { FIXTURES, readText } from './harness.ts';

const ROOT = { type: 'synthetic', name: '' };

test('what was tracked is drawn by who allocated it; what was there before stands apart', async () => {
  const profile = await readText(
    snapshotText({
      nodes: [ROOT, { size: 100, trace: 2 }, { size: 20, trace: 2 }, { size: 7 }],
      edges: [],
      head: { trace_function_count: 3 },
      rest: {
        strings: ['(root)', '', 'main', 'file:///srv/a.js', 'Thing'],
        nodes: [9, 1, 1, 0, 0, 0, 0, 3, 4, 3, 100, 0, 2, 0, 3, 4, 5, 20, 0, 2, 0, 3, 4, 7, 7, 0, 0, 0],
        trace_function_infos: [0, 0, 1, 0, 0, 0, 9, 2, 3, 5, 12, 3, 11, 1, 1, 0, 0, 0],
        trace_tree: [1, 0, 0, 0, [2, 1, 5, 500, [3, 2, 1, 8, []]]],
      },
    }),
    heapsnapshot,
  );
  checkProfile(profile);
  expect(profile.valueTypes.map(({ type }) => type)).toEqual([
    'alloc_objects',
    'alloc_space',
    'inuse_objects',
    'inuse_space',
  ]);
  const values = [0, 1, 2, 3].map((index) => linesOf(profile, index).sort());
  expect(values[0]).toEqual(['(not tracked) 0', 'main /srv/a.js:12:3 5', 'main /srv/a.js:12:3;(anonymous) 1']);
  expect(values[1]).toEqual(['(not tracked) 0', 'main /srv/a.js:12:3 500', 'main /srv/a.js:12:3;(anonymous) 8']);
  expect(values[2]).toEqual(['(not tracked) 1', 'main /srv/a.js:12:3 2', 'main /srv/a.js:12:3;(anonymous) 0']);
  expect(values[3]).toEqual(['(not tracked) 7', 'main /srv/a.js:12:3 120', 'main /srv/a.js:12:3;(anonymous) 0']);
});

test('a page of Chromium, tracked: all live bytes, under the functions of its scripts', async () => {
  const profile = await readProfile(join(FIXTURES, 'heapsnapshot/page.heapsnapshot.zst'));
  checkProfile(profile);
  expect(profile.meta.format).toBe('heapsnapshot');
  expect(linesOf(profile).some((line) => /makeWidget[^;]*;Widget/.test(line))).toBe(true);
  // What DevTools says is the size of all objects
  expect(totalWeight(profile)).toBe(140_592);
});

test('a snapshot of node 24: all bytes, by what keeps what alive', async () => {
  const profile = await readProfile(join(FIXTURES, 'heapsnapshot/node24.heapsnapshot.zst'));
  checkProfile(profile);
  // What DevTools says is the size of all objects
  expect(totalWeight(profile)).toBe(356_192);
  expect(linesOf(profile).some((line) => line.includes('kept: Object'))).toBe(true);
});
