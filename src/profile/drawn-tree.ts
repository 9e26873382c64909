import type { CallTree } from './call-tree.ts';
import type { Meta, Profile } from './profile.ts';

/** What a flame graph shows of a recording, read without all that it does not show. */
export interface DrawnTree {
  /** Nodes of at least the least width, siblings in the order `line`. */
  readonly tree: CallTree;
  /** How many more nodes the recording has, and what they weigh. */
  readonly narrow: { readonly frames: number; readonly weight: number };
  /** Weight of samples without a stack. */
  readonly rootSelf: number;
  /** Of each row of the profile's frames: the weight that ends in nodes of it, those that are too narrow included. */
  readonly selfOf: Float64Array;
  /** How many samples the recording has. */
  readonly samples: number;
  /**
   * The frames of the tree and of all leaves; and the whole weight by what `unknownShare` asks, the leaf's name and the
   * innermost frame without one, in samples of no, one or two frames.
   */
  readonly profile: Profile;
  /**
   * The whole profile as bytes to be embedded, where that can be had without the model.
   * @param meta of it
   */
  encode?(meta: Meta): Uint8Array;
}
