import { ProfileBuilder } from '../../src/profile/builder.ts';
import type { Profile } from '../../src/profile/profile.ts';

/** One sample at the end of a stack of `depth` different frames `f0;f1;...`, in the thread `deep 1/2`. */
export function deepProfile(depth = 100_000): Profile {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  let stack = -1;
  for (let i = 0; i < depth; i++) stack = builder.stack(stack, builder.frame({ name: `f${i}` }));
  const thread = builder.thread({ pid: 1, tid: 2, process: 'deep', name: 'deep' });
  builder.sample(stack, [7], 0, thread);
  return builder.build();
}
