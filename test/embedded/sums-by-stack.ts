import { KINDS, type Profile, TIERS } from '../../src/profile/profile.ts';

/** All that a profile says of its stacks but times: each one's frames and thread in full, and the sums of its weights. */
export function sumsByStack(profile: Profile): ReadonlyMap<string, readonly number[]> {
  const { stacks, samples, threads } = profile;
  const words: string[] = [];
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]!;
    words.push(`${caller < 0 ? '' : words[caller]}${frameWords(profile, stacks.frame[stack]!)}\n`);
  }
  const sums = new Map<string, number[]>();
  for (let row = 0; row < samples.length; row++) {
    const thread = samples.thread?.[row] ?? -1;
    const stack = samples.stack[row]!;
    const key = `${JSON.stringify(threads[thread] ?? null)}\n${stack < 0 ? '' : words[stack]}`;
    const sum = sums.get(key) ?? samples.values.map(() => 0);
    samples.values.forEach((column, i) => {
      sum[i]! += column[row]!;
    });
    sums.set(key, sum);
  }
  return sums;
}

function frameWords({ frames, strings }: Profile, row: number): string {
  const texts = [frames.name, frames.file, frames.module].map((column) => strings[column[row]!]!);
  return JSON.stringify([
    ...texts,
    frames.line[row],
    frames.column[row],
    KINDS[frames.kind[row]!],
    TIERS[frames.tier[row]!],
  ]);
}
