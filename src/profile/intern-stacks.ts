import type { ProfileBuilder } from './builder.ts';
import type { Profile } from './profile.ts';

/**
 * The frames and stacks of a profile in a builder's terms.
 * @returns of each stack its number there
 */
export function internStacks(builder: ProfileBuilder, { strings, frames, stacks }: Profile): Int32Array {
  const stringMap = strings.map((text) => builder.string(text));
  const frameMap = new Int32Array(frames.length);
  for (let i = 0; i < frames.length; i++) {
    frameMap[i] = builder.frameRow([
      stringMap[frames.name[i]!]!,
      stringMap[frames.file[i]!]!,
      frames.line[i]!,
      frames.column[i]!,
      stringMap[frames.module[i]!]!,
      frames.kind[i]!,
      frames.tier[i]!,
    ]);
  }
  const stackMap = new Int32Array(stacks.length);
  for (let i = 0; i < stacks.length; i++) {
    const parent = stacks.parent[i]!;
    stackMap[i] = builder.stack(parent < 0 ? -1 : stackMap[parent]!, frameMap[stacks.frame[i]!]!);
  }
  return stackMap;
}
