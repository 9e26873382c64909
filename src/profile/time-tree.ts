import type { CallTree } from './call-tree.ts';
import { Float64Column, Int32Column } from './columns.ts';
import { labelRanks } from './label-ranks.ts';
import { defaultValueIndex, type Profile } from './profile.ts';
import { valuesOf } from './total.ts';
import { subtreeWeights } from './weights.ts';

/**
 * A flame chart: samples from left to right in the order of their times, else as they stand in the profile. Equal frames
 * of neighbouring samples are one node; what is apart stays apart. A node's frame is that of its first sample. Samples
 * without a stack keep their room. As many nodes as there are changes.
 */
export function timeTree(profile: Profile, valueIndex = defaultValueIndex(profile)): CallTree {
  const { stacks, samples } = profile;
  const rank = labelRanks(profile);
  const values = valuesOf(profile, valueIndex);
  const [frame, parent, depth] = [new Int32Column(), new Int32Column(), new Int32Column()];
  const start = new Float64Column();
  const self: number[] = [];
  /** The nodes from the root to the last sample's leaf; the frames of this one, leaf first. */
  const open: number[] = [];
  const path: number[] = [];
  let weight = 0;
  let maxDepth = -1;
  for (const i of byTime(samples)) {
    if (values[i] === 0) continue;
    path.length = 0;
    for (let at = samples.stack[i]!; at >= 0; at = stacks.parent[at]!) path.push(stacks.frame[at]!);
    let shared = 0;
    while (shared < path.length && shared < open.length) {
      if (rank[frame.at(open[shared]!)] !== rank[path[path.length - 1 - shared]!]) break;
      shared++;
    }
    open.length = shared;
    while (open.length < path.length) {
      parent.push(open.at(-1) ?? -1);
      depth.push(open.length);
      frame.push(path[path.length - 1 - open.length]!);
      start.push(weight);
      open.push(self.push(0) - 1);
    }
    if (path.length > 0) self[open.at(-1)!]! += values[i]!;
    maxDepth = Math.max(maxDepth, path.length - 1);
    weight += values[i]!;
  }
  const own = Float64Array.from(self);
  return {
    length: self.length,
    frame: frame.toArray(),
    parent: parent.toArray(),
    depth: depth.toArray(),
    start: start.toArray(),
    total: subtreeWeights(parent.toArray(), own),
    self: own,
    maxDepth,
    weight,
  };
}

/** The samples' rows in the order of their times; those of one time as they stand. */
function byTime({ length, time }: Profile['samples']): Iterable<number> {
  const rows = new Int32Array(length).map((_, i) => i);
  return time === undefined ? rows : rows.sort((a, b) => time[a]! - time[b]! || a - b);
}
