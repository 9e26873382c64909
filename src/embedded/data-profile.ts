import type { Profile } from '../profile/profile.ts';
import { checked } from './checked.ts';
import { type FlameData, readData } from './data-block.ts';
import { selfWeightsOf } from './flame-rows.ts';

/** The profile that the data of a compact picture are, and what of the recording is not in them. */
export interface DataProfile {
  readonly profile: Profile;
  /** Weight of what was too narrow: it stands in the self weights of its callers. */
  readonly hidden: number;
  /** The least weight of any frame. */
  readonly least: number;
}

/**
 * Reads the data of a compact picture (data-block.ts) as a profile: its frames with all that is known of them. What the
 * picture leaves out weighs for the frame that it lies on.
 * @throws {RangeError} what is wrong with the block
 */
export function profileOfData(text: string): DataProfile {
  const { type, unit, scale, strings, frames, rows } = checkedData(text);
  const { length } = rows.weight;
  const factor = scale[0] / scale[1];
  const self = selfWeightsOf(rows);
  const parent = new Int32Array(length - 1);
  const stack = new Int32Array(length);
  const values = new Float64Array(length);
  let hidden = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    // Row 0 is `all`, which is in no stack
    if (i > 0) parent[i - 1] = rows.parent[i]! - 1;
    stack[i] = i - 1;
    values[i] = (self[i]! + rows.hidden[i]!) * factor;
    hidden += rows.hidden[i]! * factor;
    if (rows.weight[i]! * factor < least) least = rows.weight[i]! * factor;
  }
  const weighty = Int32Array.from(stack.keys()).filter((i) => values[i] !== 0);
  const profile: Profile = {
    valueTypes: [{ type, unit }],
    strings,
    frames: { ...frames, kind: Uint8Array.from(frames.kind), tier: Uint8Array.from(frames.tier) },
    stacks: { length: length - 1, parent, frame: rows.frame.slice(1) },
    samples: {
      length: weighty.length,
      stack: weighty.map((i) => stack[i]!),
      values: [Float64Array.from(weighty, (i) => values[i]!)],
    },
    threads: [],
    counters: [],
    series: [],
    meta: { notes: [] },
  };
  return { profile: checked(profile), hidden, least };
}

/** The block, with nothing in it that would take more memory than it has characters. */
function checkedData(text: string): FlameData {
  let data: FlameData;
  try {
    const { count, rows, scale, strings, type, unit } = JSON.parse(text);
    const isOurs =
      Number.isInteger(count) && count > 0 && count <= text.length && Array.isArray(rows) && Array.isArray(scale);
    const hasTexts = Array.isArray(strings) && [type, unit, ...strings].every((word) => typeof word === 'string');
    if (!isOurs || !hasTexts || !rows.every((row) => typeof row === 'string'))
      throw new TypeError('members are missing');
    data = readData(text);
  } catch (error) {
    throw new RangeError('it is no JSON of ours', { cause: error });
  }
  if (data.rows.rowStart.at(-1) !== data.rows.weight.length) throw new RangeError('its rows are not all there');
  return data;
}
