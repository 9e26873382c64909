import { ProfileBuilder } from '../../profile/builder.ts';
import type { DrawnTree } from '../../profile/drawn-tree.ts';
import { parseFrameLabel } from '../../profile/frame-label.ts';
import { labelKind } from '../../profile/kind.ts';
import { isNamelessName } from '../../profile/unknown.ts';
import { ByteKeys, HASH_SEED, hashWord } from '../text/byte-keys.ts';

/** The labels that a picture needs, and the weight of each as a leaf. */
export class DrawnLabels {
  private readonly builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  /** Labels as bytes to rows of the profile's frames. */
  private readonly keys = new ByteKeys();
  private readonly nameless: boolean[] = [];
  /** Weight by leaf, and by nameless frame and leaf where there is one. */
  private readonly leafWeight: number[] = [];
  private readonly namelessWeight = new Map<number, Map<number, number>>();

  /**
   * @param bytes that hold the label between two places, and may be read up to 3 bytes behind it
   * @returns the row of the profile's frames; -1 where the model would do more with the label than to show it: a script
   *   may have a source map, and bytes that are no text may be another label
   */
  frame(bytes: Buffer, view: DataView, from: number, to: number): number {
    let hash = HASH_SEED;
    let at = from;
    for (; at + 4 <= to; at += 4) hash = hashWord(hash, view.getInt32(at, true));
    hash = hashWord(hash, view.getInt32(at, true) & ((1 << ((to - at) * 8)) - 1));
    const known = this.keys.get(hash, view, from, to);
    if (known >= 0) return known;
    const label = bytes.toString('utf8', from, to);
    if (label.includes('\ufffd') || parseFrameLabel(label).file !== undefined) return -1;
    const frame = this.builder.frame({ name: label, kind: labelKind(label) });
    this.keys.set(hash, bytes, from, to, frame);
    this.nameless[frame] = isNamelessName(label);
    this.leafWeight[frame] ??= 0;
    return frame;
  }

  /** Whether a frame has no name, as `[libc.so.6]`. */
  isNameless(frame: number): boolean {
    return this.nameless[frame]!;
  }

  /** Weight of a stack, by its leaf and its innermost frame without a name (-1 = none). */
  weigh(leaf: number, nameless: number, weight: number): void {
    if (nameless < 0) {
      this.leafWeight[leaf]! += weight;
      return;
    }
    let byLeaf = this.namelessWeight.get(nameless);
    if (byLeaf === undefined) {
      byLeaf = new Map();
      this.namelessWeight.set(nameless, byLeaf);
    }
    byLeaf.set(leaf, (byLeaf.get(leaf) ?? 0) + weight);
  }

  /** As `DrawnTree` has them. */
  finish(): Pick<DrawnTree, 'profile' | 'selfOf'> {
    const { builder } = this;
    const selfOf = Float64Array.from(this.leafWeight);
    this.leafWeight.forEach((weight, leaf) => {
      if (weight > 0) builder.sample(builder.stack(-1, leaf), [weight]);
    });
    for (const [nameless, byLeaf] of this.namelessWeight) {
      const above = builder.stack(-1, nameless);
      for (const [leaf, weight] of byLeaf) {
        builder.sample(leaf === nameless ? above : builder.stack(above, leaf), [weight]);
        selfOf[leaf]! += weight;
      }
    }
    return { profile: builder.build({ notes: [] }), selfOf };
  }
}
