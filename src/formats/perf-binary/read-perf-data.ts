import type { Profile } from '../../profile/profile.ts';
import type { Collapsed, Format, Input, Notes, ReadChoices } from '../format.ts';
import { readRecording } from '../perf-data/recording.ts';
import { openKernel } from '../perf-kernel/either-kernel.ts';
import { type Kernel, wasmKernel } from '../perf-kernel/open-kernel.ts';
import { GrowingReader } from './growing-reader.ts';
import { RecordedJit } from './recorded-jit.ts';
import { SampleReader } from './sample-reader.ts';

/** {@link Format.read} of perf.data: the file itself, or by way of `perf script`. */
export async function readPerfData(input: Input, notes: Notes, choices: ReadChoices): Promise<Profile> {
  const kernel = choices.via === 'perf-script' ? undefined : openKernel();
  if (kernel === undefined) {
    const { readByScript } = await import('./by-script.ts');
    return readByScript(input, notes, choices);
  }
  const reader = await readBinary(input, notes, choices, kernel, false);
  performance.mark('pforge-prof:decoded');
  return reader.finish();
}

/** {@link Format.collapse} of perf.data. */
export async function collapsePerfData(
  ...[input, notes, roots, choices, originals]: Parameters<NonNullable<Format['collapse']>>
): Promise<Collapsed | undefined> {
  const kernel = choices.via === 'perf-script' ? undefined : wasmKernel();
  return kernel && (await readBinary(input, notes, choices, kernel, true)).collapse(roots, originals);
}

/** Begins to read a recording that is being written; undefined where that cannot be done. */
export function beginPerfData(recording: string, choices: ReadChoices): GrowingReader | undefined {
  return choices.via === 'perf-script' ? undefined : GrowingReader.open(recording, choices);
}

async function readBinary(
  input: Input,
  notes: Notes,
  choices: ReadChoices,
  kernel: Kernel,
  sums: boolean,
): Promise<SampleReader> {
  const reader = new SampleReader(new RecordedJit(input.path, notes), notes, kernel, choices, sums);
  await readRecording(input, notes, reader);
  return reader;
}
