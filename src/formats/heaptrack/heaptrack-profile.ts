import { type FrameWords, ProfileBuilder } from '../../profile/builder.ts';
import { ALLOCATORS } from '../../profile/heap-frames.ts';
import type { Profile } from '../../profile/profile.ts';
import { formatValue } from '../../profile/units.ts';
import { type HeaptrackRecording, placesOf } from './recording.ts';

/** What a sample measures; the last is the default. */
const VALUE_TYPES = [
  { type: 'alloc_objects', unit: 'count' },
  { type: 'temporary_objects', unit: 'count' },
  { type: 'alloc_space', unit: 'bytes' },
  { type: 'inuse_objects', unit: 'count' },
  { type: 'inuse_space', unit: 'bytes' },
  { type: 'peak_objects', unit: 'count' },
  { type: 'peak_space', unit: 'bytes' },
] as const;

const MILLISECOND = 1e6;

/**
 * A recording as a profile: a sample a stack, with what it allocated, had in use at the peak and left at the end. Stacks
 * begin in `main` and end in the function that called the allocator, as those of massif and dhat do.
 */
export function heaptrackProfile(recording: HeaptrackRecording, notes: string[]): Profile {
  const { sites, timeline } = recording;
  const builder = new ProfileBuilder(VALUE_TYPES);
  const frames = new Map<FrameWords, number>();
  const frameOf = (words: FrameWords): number => {
    let frame = frames.get(words);
    if (frame === undefined) {
      frame = builder.frame(words);
      frames.set(words, frame);
    }
    return frame;
  };
  for (let site = 0; site < sites.length; site++) {
    if (sites.allocations[site] === 0) continue;
    const path: FrameWords[] = [];
    for (const place of placesOf(recording, sites.trace[site]!)) path.push(...place.frames);
    if (path.length === 0) path.push(ALLOCATORS);
    let stack = -1;
    for (let i = path.length - 1; i >= 0; i--) stack = builder.stack(stack, frameOf(path[i]!));
    builder.sample(stack, [
      sites.allocations[site]!,
      sites.temporary[site]!,
      sites.allocatedBytes[site]!,
      sites.leakedBlocks[site]!,
      sites.leakedBytes[site]!,
      sites.peakBlocks[site]!,
      sites.peakBytes[site]!,
    ]);
  }
  notes.push(...recordingNotes(recording));
  const time = timeline.time.map((at) => at * MILLISECOND);
  const series = (name: string, value: Float64Array) => ({ name, unit: 'bytes', time, value });
  return builder.build(
    {
      tool: 'heaptrack',
      ...(recording.command === '' ? {} : { command: recording.command.split(/\s+/) }),
      duration: recording.duration * MILLISECOND,
      notes,
    },
    {
      series: [series('heap', timeline.heap), ...(recording.peakRss > 0 ? [series('rss', timeline.rss)] : [])],
    },
  );
}

/** What a person must know of a recording to read it right. */
export function recordingNotes({ attached, complete, duration }: HeaptrackRecording): string[] {
  return [
    ...(attached ? ['heaptrack came to a program that ran already: what it had allocated before is not known'] : []),
    ...(complete
      ? []
      : [
          `the recording has no end${duration > 0 ? `: it tells of the first ${formatValue(duration * MILLISECOND, 'nanoseconds')}` : ''}`,
        ]),
  ];
}
