import { expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { oneNamePerThread } from '../../src/profile/one-name-per-thread.ts';

test('a thread that was named late is one thread; threads without an id stay apart', () => {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  const stack = builder.stack(-1, builder.frame({ name: 'main' }));
  const rows = [
    [1, 'main.js'],
    [2, 'worker 1'],
    [2, 'worker 1 (a.js)'],
    [2, 'worker 1'],
    [-1, 'x'],
    [-1, 'y'],
  ] as const;
  for (const [tid, name] of rows) builder.sample(stack, [1], 0, builder.thread({ pid: 1, tid, process: 'p', name }));
  const profile = oneNamePerThread(builder.build());
  checkProfile(profile);
  expect([...profile.samples.thread!].map((thread) => profile.threads[thread]!.name)).toEqual([
    'main.js',
    'worker 1 (a.js)',
    'worker 1 (a.js)',
    'worker 1 (a.js)',
    'x',
    'y',
  ]);
  expect(profile.threads).toHaveLength(4);
});
