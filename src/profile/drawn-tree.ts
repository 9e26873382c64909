import type { CallTree } from './call-tree.ts';
import type { Profile } from './profile.ts';

/** What a flame graph shows of a recording, read without all that it does not show. */
export interface DrawnTree {
  /** Nodes of at least the least width, siblings in the order `line`. */
  readonly tree: CallTree;
  /** How many more nodes the recording has, and what they weigh. */
  readonly narrow: { readonly frames: number; readonly weight: number };
  /**
   * The frames of the tree, and the whole weight by leaf and by the innermost frame without a name: in stacks of one or
   * two frames.
   */
  readonly profile: Profile;
}
