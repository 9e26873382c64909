import { expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { withoutLauncher } from '../../src/profile/launcher.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';

/** One sample a thread: `tid name weight`. */
function threaded(...rows: readonly [number, string, number][]): Profile {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  const stack = builder.stack(-1, builder.frame({ name: 'main' }));
  for (const [tid, name, weight] of rows) {
    builder.sample(stack, [weight], tid, builder.thread({ pid: 7, tid, process: '', name }));
  }
  return builder.build();
}

test('the launcher goes, the program that it became and every other thread stay', () => {
  const profile = withoutLauncher(threaded([7, 'sh', 1], [7, 'node', 10], [8, 'sh', 100], [9, 'worker', 1000]), 7);
  checkProfile(profile);
  expect(totalWeight(profile)).toBe(1110);
  expect(profile.threads.map(({ tid, name }) => `${tid} ${name}`)).toEqual(['7 node', '8 sh', '9 worker']);
  expect([...profile.samples.thread!].map((thread) => profile.threads[thread]!.name)).toEqual(['node', 'sh', 'worker']);
});

test('a program that is a shell to its end is left whole', () => {
  const profile = threaded([7, 'sh', 1], [8, 'node', 10]);
  expect(withoutLauncher(profile, 7)).toBe(profile);
});

test('without the launcher among the threads nothing changes', () => {
  const profile = threaded([7, 'node', 1]);
  expect(withoutLauncher(profile, 7)).toBe(profile);
});
