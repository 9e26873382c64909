import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDhat } from '../../src/formats/dhat/read-dhat.ts';
import { openInput } from '../../src/formats/input.ts';
import { totalOf } from '../../src/profile/allocation-points.ts';
import { findingsOf, sitesBy } from '../../src/profile/allocation-sites.ts';
import { FIXTURES } from '../formats/harness.ts';

const recorded = async (name: string) => readDhat(await openInput(join(FIXTURES, 'dhat', name)));

test('each kind of waste is found where the program makes it', async () => {
  const findings = findingsOf(await recorded('blocks-leak.out'));
  const found = findings.map(({ kind, sites }) => [kind, ...sites.map(({ words, found: n }) => `${words.name} ${n}`)]);
  expect(found).toEqual([
    ['untouched', 'untouched 20000', 'recurses 32'],
    ['never-read', 'never_read 30000'],
    ['never-written', 'never_written 8000'],
    ['holes', `short_lived ${2000 * 23}`, `holes ${300 * 44}`, 'hot 3'],
    ['short-lived', 'short_lived 2000', 'holes 300', 'recurses 4'],
    ['not-freed', 'never_read 30000', 'untouched 20000'],
  ]);
  expect(findings.find(({ kind }) => kind === 'holes')!.sites[1]!.holes).toEqual({ ranges: '4-47', size: 52 });
});

test('sites sum to the totals, whatever the metric', async () => {
  for (const name of ['blocks.out', 'ls.out', 'copies.out', 'events.out']) {
    const points = await recorded(name);
    for (const metric of points.values.keys()) {
      const sum = sitesBy(points, metric).reduce((total, { values }) => total + values.get(metric)!, 0);
      expect(sum).toBe(totalOf(points, metric));
    }
  }
});

test('nothing stands out where nothing is known', async () => {
  expect(findingsOf(await recorded('copies.out'))).toEqual([]);
  expect(findingsOf(await recorded('nothing.out'))).toEqual([]);
});
