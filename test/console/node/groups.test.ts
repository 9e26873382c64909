import { expect, test } from 'vitest';
import { boundByDescriptors, Group, reportOf } from '../../../src/preload/console/group.ts';

function groupOf(live: number, seenLive: number, created: number, estimate = true): Group {
  return Object.assign(new Group(1, 'TCPWRAP', [], undefined), { live, seenLive, created, estimate });
}

test('no more handles are alive, or were made, than the process can have open', () => {
  const [many, few, exact] = [groupOf(400, 4, 1000), groupOf(100, 1, 100), groupOf(2, 2, 2, false)];
  boundByDescriptors([many, few, exact], 40);
  expect([many, few, exact].map(({ live, created }) => [Math.round(live), Math.round(created)])).toEqual([
    [32, 632],
    [8, 8],
    [2, 2],
  ]);
  // What was seen is there
  boundByDescriptors([many], 1);
  expect(many.live).toBe(4);
});

test('where there is room nothing changes; one that ends takes no others with it', () => {
  const group = groupOf(30, 3, 90);
  boundByDescriptors([group], 40);
  expect([group.live, group.created]).toEqual([30, 90]);
  group.live = 0;
  expect(reportOf(group, undefined).live).toBe(3);
});
