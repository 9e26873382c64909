import { ProfileBuilder } from '../../../src/profile/builder.ts';
import type { Profile } from '../../../src/profile/profile.ts';

/** About so many frames, none of them merged: stacks ten deep on 20 callers, of a few thousand functions. */
export function wideProfile(frames: number): Profile {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  for (let i = 0; i < frames / 10; i++) {
    let stack = builder.stack(-1, builder.frame({ name: `group ${i % 20}`, kind: 'app' }));
    stack = builder.stack(stack, builder.frame({ name: `stack ${i}`, kind: 'runtime' }));
    for (let depth = 1; depth < 10; depth++) {
      const name = `f${depth}.${(i * 7) % 500}`;
      stack = builder.stack(stack, builder.frame({ name, kind: depth < 5 ? 'native' : 'kernel' }));
    }
    builder.sample(stack, [1]);
  }
  return builder.build();
}
