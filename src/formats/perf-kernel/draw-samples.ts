import { ProfileBuilder } from '../../profile/builder.ts';
import type { DrawnTree } from '../../profile/drawn-tree.ts';
import type { FindOriginals } from '../../profile/originals.ts';
import type { Meta, Profile } from '../../profile/profile.ts';
import { rootNames } from '../../profile/threads.ts';
import { isNamelessName } from '../../profile/unknown.ts';
import type { Notes } from '../format.ts';
import { noMemory } from '../input/no-memory.ts';
import type { EventSamples } from '../samples/event-samples.ts';
import { DrawnFrames } from './drawn-frames.ts';
import { drawnNodes } from './drawn-tree.ts';
import { encodeSamples } from './encode-samples.ts';
import type { KernelSamples } from './kernel-samples.ts';
import { weighedEvents } from './weighed-events.ts';
import { writtenLabels } from './written-labels.ts';

/** For the kernel: samples without a thread and a stack are no line. */
const NO_LINE = -1;

/**
 * What a flame graph shows of the samples that the kernel has summed, threads as root frames by their names.
 * @param origin what the recording says of itself
 * @param notes gets what is said of events
 * @param find as `withOriginals` of the profile
 * @returns undefined where there are no samples, or where labels and the frames that have them are too many
 * @throws {UserError} not enough memory
 */
export async function drawSamples(
  store: KernelSamples,
  samples: EventSamples,
  origin: Omit<Meta, 'notes'>,
  minFraction: number,
  notes: Notes,
  find: FindOriginals | undefined,
): Promise<DrawnTree | undefined> {
  const { kernel } = store;
  const built = samples.builder.build({ ...origin, notes: [] });
  const events = weighedEvents(store, samples, notes.list);
  const { types, event } = events;
  const { labels, originals } = await writtenLabels(store, built, find);
  const roots = rootNames(built, 'name');
  const places = store.rankLabels(labels.concat(roots));
  const builder = new ProfileBuilder(types);
  const numbered = { built, roots, plain: store.plainSymbols(), originals };
  const frames = new DrawnFrames(builder, numbered, places, kernel.labelPlaces());
  if (!frames.fits) return undefined;

  const { elements } = frames;
  const known = labels.length;
  const [start, values] = store.symbols(elements, elements.subarray(known + roots.length));
  const rootElements = Int32Array.of(NO_LINE, ...elements.subarray(known, known + roots.length));
  const lines = kernel.layStacks(start, values, store.put(rootElements), event);
  if (lines < 0) throw noMemory();
  const weight = kernel.sumTotal();
  if (weight === 0) return undefined;
  const nameless = new Uint8Array(kernel.labelPlaces());
  for (let frame = 0; frame < known; frame++) {
    if (built.frames.file[frame] === 0 && isNamelessName(labels[frame]!)) nameless[places[frame]!] = 1;
  }
  const first = store.put(frames.firstFrame);
  if (!kernel.drawLines(lines, frames.bits, nameless.length, first, store.put(nameless), minFraction)) throw noMemory();

  const bare = kernel.bareWeight();
  const { tree, narrow } = drawnNodes(kernel, weight, (frame) => frames.row(frame));
  const column = (at: number) => new Float64Array(kernel.memory(), at, frames.length);
  const selves = column(kernel.selfOfFrames());
  for (let frame = 0; frame < selves.length; frame++) if (selves[frame]! > 0) frames.row(frame);
  // A thread's name is no frame's, but its row would look like one without a name
  for (let root = 0; root < roots.length; root++) if (isNamelessName(roots[root]!)) nameless[places[known + root]!] = 1;
  const named = frames.known((place) => nameless[place] === 0);
  addNames(builder, frames, named, types.length, {
    weight,
    frameless: bare + kernel.framelessWeight(),
    leaves: column(kernel.namelessLeaves()),
    callers: column(kernel.namelessCallers()),
  });
  const profile: Profile = { ...builder.build({ ...origin, notes: [] }), threads: built.threads };
  const selfOf = new Float64Array(profile.frames.length);
  for (let frame = 0; frame < selves.length; frame++)
    if (selves[frame]! > 0) selfOf[frames.row(frame)]! += selves[frame]!;
  return {
    tree,
    narrow: { ...narrow, weight: narrow.weight - bare },
    rootSelf: bare,
    selfOf,
    samples: store.length,
    profile,
    encode: (meta) => encodeSamples(store, events, numbered, places, { ...origin, ...meta }),
  };
}

/** Weights of lines by what has no name: of each frame, where it is the leaf, and where it is the innermost such caller. */
interface Names {
  readonly weight: number;
  readonly frameless: number;
  readonly leaves: Float64Array;
  readonly callers: Float64Array;
}

/**
 * Adds samples as `DrawnTree.profile` has them.
 * @param named the row of a frame that has a name: it stands for all that have
 */
function addNames(builder: ProfileBuilder, frames: DrawnFrames, named: number, columns: number, names: Names): void {
  const zeros = new Array<number>(columns - 1).fill(0);
  const add = (stack: number, weight: number): void => builder.sample(stack, [...zeros, weight]);
  let rest = names.weight - names.frameless;
  if (names.frameless > 0) add(-1, names.frameless);
  for (let frame = 0; frame < frames.length; frame++) {
    const leaf = names.leaves[frame]!;
    const caller = names.callers[frame]!;
    rest -= leaf + caller;
    if (leaf + caller === 0) continue;
    const stack = builder.stack(-1, frames.row(frame));
    if (leaf > 0) add(stack, leaf);
    if (caller > 0) add(builder.stack(stack, named), caller);
  }
  if (rest > 0) add(builder.stack(-1, named), rest);
}
