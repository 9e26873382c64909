import { basename } from 'node:path';
import type { FrameWords } from '../../profile/builder.ts';
import { type AllocationCalls, CallSites } from '../../profile/call-sites.ts';
import { ALLOCATORS } from '../../profile/heap-frames.ts';
import type { Profile } from '../../profile/profile.ts';
import { isPlumbing } from './plumbing.ts';
import { type HeapMoment, type HeapPart, type TreeLine, treeLine, writeMassif } from './write-massif.ts';

/** What the description of a history is that jemalloc recorded. */
const DESCRIPTION = 'jemalloc';

/** A dump of jemalloc, read. */
export interface ReadDump {
  readonly profile: Profile;
  /** Milliseconds since the program began. */
  readonly time: number;
}

/**
 * Dumps of one process as a recording of massif: one snapshot a dump, the largest marked as the peak. Sizes are
 * estimates from samples.
 * @param dumps in the order of time
 */
export function jemallocAsMassif(command: readonly string[], dumps: readonly ReadDump[]): Iterable<string> {
  const heaps = dumps.map(({ profile }) => Math.round(sum(columnOf(profile, 'inuse_space'))));
  const peak = heaps.indexOf(Math.max(...heaps));
  const lines = new Map<string, TreeLine>();
  const moments = dumps.map(
    ({ profile, time }, i): HeapMoment => ({
      time,
      heap: heaps[i]!,
      peak: i === peak,
      parts: () => partsOf(profile, heaps[i]!, lines),
    }),
  );
  return writeMassif({ description: DESCRIPTION, command: command.join(' '), timeUnit: 'ms' }, moments);
}

function partsOf(profile: Profile, heap: number, lines: Map<string, TreeLine>): HeapPart[] {
  const bytes = columnOf(profile, 'inuse_space');
  const parts: HeapPart[] = [];
  let left = heap;
  for (let sample = 0; sample < profile.samples.length; sample++) {
    // Estimates are rounded; together they are no more than the whole
    const size = Math.min(left, Math.round(bytes[sample]!));
    if (size === 0) continue;
    left -= size;
    const path = [...framesUp(profile, profile.samples.stack[sample]!)].map((words) => {
      const line = treeLine('', words);
      const known = lines.get(line.text);
      if (known === undefined) lines.set(line.text, line);
      return known ?? line;
    });
    parts.push({ path, bytes: size });
  }
  return parts;
}

/**
 * Who called the allocator, by the last dump.
 * @param duration nanoseconds
 */
export function jemallocCalls(profile: Profile, duration: number): AllocationCalls {
  const [calls, bytes] = [columnOf(profile, 'alloc_objects'), columnOf(profile, 'alloc_space')];
  const [leftBlocks, leftBytes] = [columnOf(profile, 'inuse_objects'), columnOf(profile, 'inuse_space')];
  const sites = new CallSites();
  for (let sample = 0; sample < profile.samples.length; sample++) {
    sites.add(wanting(profile, profile.samples.stack[sample]!), {
      calls: Math.round(calls[sample]!),
      bytes: Math.round(bytes[sample]!),
      temporary: undefined,
      peakBytes: undefined,
      leftBytes: Math.round(leftBytes[sample]!),
      leftBlocks: Math.round(leftBlocks[sample]!),
    });
  }
  return { sites: sites.list(), peakRss: 0, duration };
}

function wanting(profile: Profile, stack: number): FrameWords {
  let last: FrameWords = ALLOCATORS;
  for (const words of framesUp(profile, stack)) {
    last = words;
    if (!isPlumbing(words)) return words;
  }
  return last;
}

/** From who allocated up to `main`. */
function* framesUp({ stacks, frames, strings }: Profile, stack: number): Generator<FrameWords> {
  for (let at = stack; at >= 0; at = stacks.parent[at]!) {
    const frame = stacks.frame[at]!;
    const [name, file, module] = [frames.name, frames.file, frames.module].map((column) => strings[column[frame]!]!);
    // What has no name is called by its file, as everywhere
    const known = /^0x[0-9a-f]+$/.test(name!) && module !== '' ? `[${basename(module!)}]` : name!;
    yield { name: known, ...(file === '' ? {} : { file: file! }), line: frames.line[frame]!, module: module! };
    if (name === 'main') return;
  }
}

function columnOf({ valueTypes, samples }: Profile, type: string): ArrayLike<number> {
  const index = valueTypes.findIndex((one) => one.type === type);
  return samples.values[index] ?? new Float64Array(samples.length);
}

function sum(column: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < column.length; i++) total += column[i]!;
  return total;
}
