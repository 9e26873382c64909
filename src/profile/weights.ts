import { defaultValueIndex, type Profile } from './profile.ts';
import { valuesOf } from './total.ts';

/** The weight that ends in each stack itself (its leaf is the stack's frame). Samples without a stack are in none. */
export function selfWeights(profile: Profile, valueIndex = defaultValueIndex(profile)): Float64Array {
  const { stack } = profile.samples;
  const values = valuesOf(profile, valueIndex);
  const self = new Float64Array(profile.stacks.length);
  for (let i = 0; i < stack.length; i++) {
    const leaf = stack[i]!;
    if (leaf >= 0) self[leaf]! += values[i]!;
  }
  return self;
}

/** The weight of the samples without a stack. */
export function stacklessWeight(profile: Profile, valueIndex = defaultValueIndex(profile)): number {
  const { stack } = profile.samples;
  const values = valuesOf(profile, valueIndex);
  let weight = 0;
  for (let i = 0; i < stack.length; i++) if (stack[i]! < 0) weight += values[i]!;
  return weight;
}

/**
 * The weight of each node and all below it, for any tree in which parents come before children.
 * @param parent -1 for a root
 */
export function subtreeWeights(parent: Int32Array, self: Float64Array): Float64Array {
  const total = self.slice();
  for (let node = parent.length - 1; node >= 0; node--) {
    const above = parent[node]!;
    if (above >= 0) total[above]! += total[node]!;
  }
  return total;
}
