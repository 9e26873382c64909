import type { AllocationCalls } from '../../profile/call-sites.ts';
import type { Format, Input } from '../format.ts';
import { heaptrackAsMassif } from '../heaptrack/as-massif.ts';
import { callsOf } from '../heaptrack/call-sites.ts';
import { recordingNotes } from '../heaptrack/heaptrack-profile.ts';
import { readHeaptrack } from '../heaptrack/read-heaptrack.ts';
import { streamed } from '../input.ts';
import { type MassifFile, type MassifWishes, readMassif } from './read-massif.ts';

/** The heap of a program over time, whoever recorded it. */
export interface HeapRecording {
  readonly file: MassifFile;
  /** Where calls of the allocator were recorded. */
  readonly calls?: AllocationCalls;
  readonly notes: readonly string[];
}

type HeapReader = (input: Input, wishes: MassifWishes) => Promise<HeapRecording>;

const READERS: ReadonlyMap<string, HeapReader> = new Map<string, HeapReader>([
  ['massif', async (input, wishes) => ({ file: await readMassif(input, wishes), notes: [] })],
  ['heaptrack', readAsMassif],
]);

/** Ids of formats that tell of the heap over time. */
export const HEAP_FORMATS: ReadonlySet<string> = new Set(READERS.keys());

/**
 * Reads a recording of the heap over time.
 * @returns undefined where the format tells of none
 * @throws {FormatError} it is broken
 */
export async function readHeap({ id }: Format, input: Input, wishes: MassifWishes): Promise<HeapRecording | undefined> {
  return READERS.get(id)?.(input, wishes);
}

/** A recording of heaptrack as the snapshots that massif would have taken. */
export async function readAsMassif(input: Input, wishes: MassifWishes): Promise<HeapRecording> {
  const recording = await readHeaptrack(input);
  const file = await readMassif(textInput(input.name, heaptrackAsMassif(recording)), wishes);
  return { file, calls: callsOf(recording), notes: recordingNotes(recording) };
}

/** Text that is made while it is read. */
function textInput(name: string, pieces: Iterable<string>): Input {
  return {
    name,
    head: new Uint8Array(),
    ...streamed(async function* () {
      for (const piece of pieces) yield Buffer.from(piece);
    }),
  };
}
