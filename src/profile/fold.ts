import type { Profile } from './profile.ts';

/**
 * One sample per distinct stack, its values summed; threads and times are dropped. Samples without a stack become one
 * row with stack -1. Rows stand in the order of their stacks, -1 first. Exact to 2^53.
 */
export function fold(profile: Profile): Profile {
  const { samples, stacks } = profile;
  // Row 0 is "no stack", row s + 1 is stack s.
  const seen = new Uint8Array(stacks.length + 1);
  let rows = 0;
  for (let i = 0; i < samples.length; i++) {
    const row = samples.stack[i]! + 1;
    if (seen[row] === 0) rows++;
    seen[row] = 1;
  }
  const stack = new Int32Array(rows);
  const rowOf = new Int32Array(seen.length);
  for (let row = 0, next = 0; row < seen.length; row++) {
    if (seen[row] === 0) continue;
    rowOf[row] = next;
    stack[next++] = row - 1;
  }
  const values = samples.values.map((column) => {
    const sums = new Float64Array(rows);
    for (let i = 0; i < samples.length; i++) sums[rowOf[samples.stack[i]! + 1]!]! += column[i]!;
    return sums;
  });
  return { ...profile, samples: { length: rows, stack, values }, threads: [] };
}
