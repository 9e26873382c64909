import { open } from 'node:fs/promises';
import type { Profile } from '../../profile/profile.ts';
import { type Input, Notes, type ReadChoices } from '../format.ts';
import { openInput } from '../input.ts';
import { readRecording } from '../perf-data/recording.ts';
import { openKernel } from '../perf-kernel/either-kernel.ts';
import { RecordedJit } from './recorded-jit.ts';
import { SampleReader } from './sample-reader.ts';

/** Some milliseconds of work: signals wait so long. */
const BYTES_AT_ONCE = 1 << 15;
/** To read on would teach nothing new. */
const MOST_BYTES = 1 << 22;

/**
 * Reads what has been recorded so far, so that all of it is read quickly in the end: the reader is compiled then, symbol
 * tables are in memory, names are known. What it finds is thrown away.
 * @param breathe waited for often; throws when the recording has ended
 * @returns a profile to rehearse drawing with; undefined where there is nothing to read yet
 */
export async function rehearse(
  recording: string,
  choices: ReadChoices,
  breathe: () => Promise<void>,
): Promise<Profile | undefined> {
  const kernel = openKernel();
  if (kernel === undefined) return undefined;
  try {
    const notes = new Notes();
    const reader = new SampleReader(new RecordedJit(recording, notes), notes, kernel, choices, false);
    await readRecording(await openBeginning(recording, breathe), notes, reader);
    return await reader.finish(undefined, breathe);
  } catch (error) {
    kernel.close();
    throw error;
  }
}

/** The recording as far as it is there, a piece at a time. */
async function openBeginning(recording: string, breathe: () => Promise<void>): Promise<Input> {
  return {
    ...(await openInput(recording)),
    async readInto(room, take) {
      const file = await open(recording);
      try {
        for (let left = MOST_BYTES; left > 0; await breathe()) {
          const target = room();
          const { bytesRead } = await file.read(target, 0, Math.min(target.length, BYTES_AT_ONCE, left));
          if (bytesRead === 0) return;
          take(bytesRead);
          left -= bytesRead;
        }
      } finally {
        await file.close();
      }
    },
  };
}
