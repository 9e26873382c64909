import { ProfileBuilder } from '../../profile/builder.ts';
import { parseFrameLabel } from '../../profile/frame-label.ts';
import { labelKind } from '../../profile/kind.ts';
import type { Profile, ValueType } from '../../profile/profile.ts';
import { ANONYMOUS } from '../frames/v8-names.ts';
import type { FrameRows } from './parents.ts';

/** Frames whose places among each other are known. */
export interface PlacedFrames {
  readonly rows: FrameRows;
  readonly names: readonly string[];
  /** By frame, an index into `names`. */
  readonly name: Int32Array;
  /** By frame; what lies on a frame weighs no more than it. */
  readonly counts: Float64Array;
  /** The frame that stands for the whole and is in no stack; -1 = none. */
  readonly whole: number;
}

/** What a frame weighs without what lies on it. */
export function selfCounts({ order, parent }: FrameRows, counts: Float64Array): Float64Array {
  const self = Float64Array.from(counts);
  for (let i = 0; i < order.length; i++) {
    if (parent[i]! >= 0) self[order[parent[i]!]!]! -= counts[order[i]!]!;
  }
  for (let frame = 0; frame < self.length; frame++) {
    // Sums of fractions
    if (self[frame]! < counts[frame]! * 1e-12) self[frame] = 0;
  }
  return self;
}

/** A profile of the frames of a picture. Frames of one name on one frame become one: both tools split some. */
export function profileOfFrames({ rows, names, name, counts, whole }: PlacedFrames, valueType: ValueType): Profile {
  const self = selfCounts(rows, counts);
  const builder = new ProfileBuilder([valueType], rows.order.length);
  const frameOf = names.map((label) => {
    // Frames without a name are drawn with a blank, as folded text has them
    const parts = parseFrameLabel(label.trim() === '' ? '' : label);
    const named = parts.name === '' && parts.file !== undefined ? ANONYMOUS : parts.name;
    return builder.frame({ ...parts, name: named, kind: labelKind(label) });
  });
  const { order, rowStart, parent } = rows;
  const stackOf = new Int32Array(order.length).fill(-1);
  for (let i = 0; i < order.length; i++) {
    const frame = order[i]!;
    const isRoot = i < rowStart[1]!;
    // What lies on nothing is in no stack: its weight is that of a frame that cannot be told
    if (!isRoot && (parent[i]! < 0 || stackOf[parent[i]!] === LOST)) {
      stackOf[i] = LOST;
      continue;
    }
    if (frame !== whole) stackOf[i] = builder.stack(isRoot ? -1 : stackOf[parent[i]!]!, frameOf[name[frame]!]!);
    if (self[frame]! > 0) builder.sample(stackOf[i]!, [self[frame]!]);
  }
  return builder.build();
}

const LOST = -2;
