import { callTree } from './call-tree.ts';
import { isPreorder } from './is-preorder.ts';
import { defaultValueIndex, type Profile } from './profile.ts';
import { selfWeights } from './weights.ts';

/** Stacks laid over each other by label, in preorder; siblings in the order of their labels by code units. */
export interface Preorder {
  readonly length: number;
  /** The caller's row, -1 for a root. */
  readonly parent: Int32Array;
  /** A row of the profile's frames. */
  readonly frame: Int32Array;
  /** Weight that ends in the node itself. */
  readonly self: Float64Array;
}

/**
 * What {@link callTree} gives, without its sums: the profile's own stacks where they stand in that order already, as our
 * fastest readers leave them. Nodes without any weight may be among them.
 */
export function preorder(profile: Profile): Preorder {
  const { stacks } = profile;
  if (!isPreorder(profile)) return callTree(profile);
  return { ...stacks, self: selfWeights(profile, defaultValueIndex(profile)) };
}
