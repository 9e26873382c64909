import type { Profile } from '../profile/profile.ts';
import { checked } from './checked.ts';
import { type FlameData, type FrameColumns, readData } from './data-block.ts';
import { type DiffData, readDiff } from './diff-block.ts';
import type { RowWeights } from './diff-weights.ts';
import type { EmbeddedSide } from './element.ts';
import type { FlameRows } from './flame-rows.ts';

/** The profile that the data of a compact picture are, and what of the recording is not in them. */
export interface DataProfile {
  readonly profile: Profile;
  /** Weight of what was too narrow: it stands in the self weights of its callers. */
  readonly hidden: number;
  /** The least weight of any frame; paths of less may be missing. */
  readonly least: number;
}

/** What a compact picture is drawn from: frames of one profile, or of two with the weights of both. */
export type PictureData = FlameData | DiffData;

export function hasSides(data: PictureData): data is DiffData {
  return 'sides' in data;
}

/**
 * Reads the data of a compact picture (data-block.ts, diff-block.ts). Nothing is made of it before it is known that there
 * are so many characters.
 * @throws {RangeError} it is broken
 */
export function readPictureData(text: string): PictureData {
  let data: PictureData;
  try {
    const block = JSON.parse(text);
    const { count, rows, scale, strings, type, unit } = block;
    const isOurs =
      Number.isInteger(count) && count > 0 && count <= text.length && Array.isArray(rows) && Array.isArray(scale);
    const hasTexts = Array.isArray(strings) && [type, unit, ...strings].every((word) => typeof word === 'string');
    if (!isOurs || !hasTexts || !rows.every((row) => typeof row === 'string'))
      throw new TypeError('members are missing');
    if ('sides' in block && !areSides(block.sides)) throw new TypeError('a side is missing');
    data = 'sides' in block ? readDiff(text) : readData(text);
  } catch (error) {
    throw new RangeError('it is no JSON of ours', { cause: error });
  }
  if (data.rows.rowStart.at(-1) !== data.rows.frame.length) throw new RangeError('its rows are not all there');
  return data;
}

function areSides(sides: unknown): boolean {
  return (
    Array.isArray(sides) && sides.length === 2 && sides.every((side) => Number.isFinite(side?.cut) && side.cut >= 0)
  );
}

/**
 * The data as a profile: frames with all that is known of them. What the picture leaves out weighs for the frame that it
 * lies on.
 * @param side of data that have sides
 * @throws {RangeError} its numbers do not fit each other
 */
export function profileOfData(data: PictureData, side: EmbeddedSide): DataProfile {
  const weights = hasSides(data) ? data.rows[side] : data.rows;
  const { hidden, least, ...columns } = pathColumns(data.rows, weights, data.scale[0] / data.scale[1]);
  const { type, unit, strings, frames } = data;
  const profile = checked({
    valueTypes: [{ type, unit }],
    strings,
    frames: frameTable(frames),
    ...columns,
    threads: [],
    counters: [],
    series: [],
    meta: { notes: [] },
  });
  return { profile, hidden, least };
}

/** Row 0 is `all`, which is in no stack. */
function pathColumns(rows: Pick<FlameRows, 'frame' | 'parent'>, { weight, hidden }: RowWeights, factor: number) {
  const { length } = weight;
  const self = weight.slice();
  for (let i = 1; i < length; i++) self[rows.parent[i]!]! -= weight[i]!;
  let left = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    left += hidden[i]! * factor;
    if (weight[i]! > 0 && weight[i]! * factor < least) least = weight[i]! * factor;
  }
  const weighty = Int32Array.from(self.keys()).filter((i) => self[i] !== 0);
  return {
    hidden: left,
    least,
    stacks: { length: length - 1, parent: rows.parent.slice(1).map((on) => on - 1), frame: rows.frame.slice(1) },
    samples: {
      length: weighty.length,
      stack: weighty.map((i) => i - 1),
      values: [Float64Array.from(weighty, (i) => self[i]! * factor)],
    },
  };
}

function frameTable({ shade: _, kind, tier, ...columns }: FrameColumns): Profile['frames'] {
  return { ...columns, kind: Uint8Array.from(kind), tier: Uint8Array.from(tier) };
}
