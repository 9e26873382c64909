import type { ProfileBuilder } from '../../profile/builder.ts';
import type { FindOriginals } from '../../profile/originals.ts';
import type { Meta, Profile, ValueType } from '../../profile/profile.ts';
import { rootNames, type ThreadMode } from '../../profile/threads.ts';
import { foldedCannotHold } from '../folded/limits.ts';
import { printedLabels, withDeclaration } from '../folded/print.ts';
import type { Collapsed, Notes } from '../format.ts';
import { noMemory } from '../input/no-memory.ts';
import type { EventSamples } from '../samples/event-samples.ts';
import type { KernelSamples } from './kernel-samples.ts';
import type { PlainSymbols } from './plain-symbols.ts';
import { weighedEvents } from './weighed-events.ts';
import { writtenLabels } from './written-labels.ts';

/** The label of a sample without a thread and a stack. */
const UNKNOWN = '[unknown]';

/**
 * The samples as folded text, where the kernel has summed them: no tree is made, no sample leaves its memory.
 * @param origin what the recording says of itself
 * @param notes gets what `write` of folded stacks would say
 * @param find as `withOriginals` of the profile
 * @throws {UserError} not enough memory
 */
export async function collapseSamples(
  store: KernelSamples,
  samples: EventSamples,
  origin: Omit<Meta, 'notes'>,
  roots: ThreadMode,
  notes: Notes,
  find: FindOriginals | undefined,
): Promise<Collapsed> {
  const { kernel } = store;
  showPlain(samples.builder, store.plainSymbols());
  const built = samples.builder.build({ ...origin, notes: [] });
  const { types, event, bare } = weighedEvents(store, samples, notes.list);
  const { labels } = await writtenLabels(store, built, find);
  const texts = [...labels, UNKNOWN, ...rootNames(built, roots)];
  const rank = store.rankLabels(texts);
  const [start, symbolLabels] = store.symbols(rank, rank.subarray(texts.length));
  const lines = kernel.sumStacks(start, symbolLabels, store.put(rank.slice(labels.length, texts.length)), event);
  const total = kernel.sumTotal();
  const chunks = lines < 0 ? undefined : printedLabels(kernel, kernel.labelStarts(), kernel.labelTexts());
  if (chunks === undefined) throw noMemory();
  const one = oneSampleAFrame(built, types, { timed: Boolean(kernel.hasTimes()), bare });
  for (const note of foldedCannotHold(one, roots)) notes.add(note);
  const weight = { ...types.at(-1)!, total };
  return { chunks: withDeclaration(weight, chunks), samples: store.length, weight };
}

/**
 * Adds as many frames of plain symbols as the notes need: of a name without a place and `::` text does not hold the
 * kind, where one has a tier it is lost, and of the others each may be of a kind that is not to be seen.
 */
function showPlain(builder: ProfileBuilder, plain: PlainSymbols): void {
  let bare = 0;
  while (bare < plain.length && plain.hasColon(bare)) bare++;
  if (bare === plain.length) {
    for (let i = 0; i < plain.length; i++) {
      builder.frame({ ...plain.words(i), tier: plain.tier(i) });
    }
    return;
  }
  builder.frame(plain.words(bare));
  for (let i = 0; i < plain.length; i++) {
    const tier = plain.tier(i);
    if (tier === 'none') continue;
    builder.frame({ ...plain.words(i), tier });
    return;
  }
}

/** The smallest profile with all that the notes on a file ask for: every frame and every thread is in a sample. */
function oneSampleAFrame(
  built: Profile,
  valueTypes: readonly ValueType[],
  has: { timed: boolean; bare: boolean },
): Profile {
  const { frames, threads } = built;
  const length = Math.max(frames.length, threads.length) + (has.bare ? 1 : 0);
  const stack = Int32Array.from({ length }, (_, i) => (i < frames.length ? i : -1));
  const thread = Int32Array.from({ length }, (_, i) =>
    i < threads.length ? i : has.bare || threads.length === 0 ? -1 : 0,
  );
  return {
    ...built,
    valueTypes,
    stacks: {
      length: frames.length,
      parent: new Int32Array(frames.length).fill(-1),
      frame: Int32Array.from(frames.name.keys()),
    },
    samples: {
      length,
      stack,
      values: valueTypes.map(() => new Float64Array(length).fill(1)),
      ...(has.timed ? { time: new Float64Array(length) } : {}),
      ...(threads.length > 0 ? { thread } : {}),
    },
  };
}
