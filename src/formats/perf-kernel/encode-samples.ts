import { ProfileEncoder } from '../../embedded/profile-encoder.ts';
import { ProfileBuilder } from '../../profile/builder.ts';
import type { Meta } from '../../profile/profile.ts';
import { noMemory } from '../input/no-memory.ts';
import { DrawnFrames, type NumberedFrames } from './drawn-frames.ts';
import type { KernelSamples } from './kernel-samples.ts';
import { ALL_EVENTS, type WeighedEvents } from './weighed-events.ts';

/** For the kernel: threads are no root frames. */
const NO_ROOTS = 0;

/**
 * The samples that the kernel has summed as an embedded profile: the very stacks, threads and weights of the profile that
 * `read` gives.
 * @param places of the labels, by number
 * @param meta of that profile
 * @throws {UserError} not enough memory
 */
export function encodeSamples(
  store: KernelSamples,
  { types, columns }: WeighedEvents,
  numbered: NumberedFrames,
  places: Int32Array,
  meta: Meta,
): Uint8Array {
  const { kernel } = store;
  const { threads } = numbered.built;
  const builder = new ProfileBuilder(types);
  const frames = new DrawnFrames(builder, numbered, places, kernel.labelPlaces(), true);
  const plain = frames.elements.subarray(numbered.built.frames.length + numbered.roots.length);
  const count = kernel.layStacks(...store.symbols(frames.elements, plain), NO_ROOTS, ALL_EVENTS);
  const order = count < 0 ? 0 : kernel.sortedLines();
  if (order === 0) throw noMemory();
  const ints = new Int32Array(kernel.memory());
  const floats = new Float64Array(kernel.memory());
  const [orderAt, startAt, rowAt, labelAt] = [order, kernel.lineStarts(), kernel.lineRows(), kernel.lineLabels()].map(
    (at) => at >> 2,
  ) as [number, number, number, number];

  const encoder = new ProfileEncoder(types.length, threads.length > 0);
  let path = new Int32Array(256);
  /** Weights of the present stack, by thread. */
  const sums = new Map<number, Float64Array>();
  let before = 0;
  let depth = 0;
  let shared = 0;
  const put = (): void => {
    let at = shared;
    for (const [thread, weights] of sums) {
      encoder.stack(at, path, at, depth, weights, thread);
      at = depth;
    }
    sums.clear();
  };
  for (let i = 0; i < count; i++) {
    const line = ints[orderAt + i]!;
    const first = labelAt + ints[startAt + line]!;
    const size = ints[startAt + line + 1]! - ints[startAt + line]!;
    let same = 0;
    while (same < size && same < depth && ints[first + same] === ints[before + same]) same++;
    if (same < size || size < depth) {
      put();
      while (size > path.length) path = longer(path);
      for (let at = same; at < size; at++) path[at] = frames.rowOf(ints[first + at]!);
      before = first;
      depth = size;
      shared = same;
    }
    const row = ints[rowAt + line]! >> 2;
    const thread = ints[row + 1]!;
    let weights = sums.get(thread);
    if (weights === undefined) {
      weights = new Float64Array(types.length);
      sums.set(thread, weights);
    }
    weights[0]! += ints[row + 3]!;
    const column = columns.get(ints[row + 2]!);
    if (column !== undefined) weights[column]! += floats[(row >> 1) + 2]!;
  }
  put();
  const built = builder.build(meta);
  return encoder.end({ ...built, valueTypes: types, threads });
}

function longer(column: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(column.length * 2);
  copy.set(column);
  return copy;
}
