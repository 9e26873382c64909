import { collectAllocations } from '../../collectors/v8-heap.ts';
import { EXIT, UserError } from '../../errors.ts';
import type { Input } from '../../formats/format.ts';
import { filter } from '../../profile/filter.ts';
import { merge } from '../../profile/merge.ts';
import { oneNamePerThread } from '../../profile/one-name-per-thread.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { Call } from '../command.ts';
import { asWritten } from '../inputs/originals.ts';
import { readInputs } from '../inputs/read-inputs.ts';
import { collectUntil, type WorkloadOptions, workloadOf } from '../load/options.ts';
import { loadExitCode } from '../record/loaded-part.ts';
import { endOf, type Recording } from '../record/recording.ts';
import type { HeapCommandOptions } from './options.ts';

/**
 * Records who allocates in a program or a process.
 * @throws {UserError} as {@link collectAllocations}; 125 when nothing was sampled
 */
export async function recordAllocations(
  call: Call,
  options: HeapCommandOptions & WorkloadOptions,
  progress: Progress,
): Promise<Recording> {
  const { pid, live = false, sampleInterval, inlining, all = false } = options;
  const workload = await workloadOf(options, call.program, progress);
  const subject = pid === undefined ? { program: call.program ?? [] } : { pid };
  const artefact = await collectAllocations(
    subject,
    { interval: sampleInterval, live, noInlining: !inlining },
    {
      ...collectUntil(options, workload),
      all,
      say: progress.say,
      progress: (elapsed, detail) => progress.show(`${elapsed.toFixed(1)} s, ${detail}`),
    },
  );
  progress.end();
  const loadCode = loadExitCode(workload, progress.say);
  try {
    const { readProfile } = await import('../../formats/registry.ts');
    const parts: Profile[] = [];
    for (const file of artefact.files) {
      parts.push(await readProfile(file, { inputFormat: artefact.format, allowEmpty: true }));
    }
    const nothing = nothingSampled(artefact.notes, live, sampleInterval);
    if (parts.length === 0) throw nothing;
    const merged = oneNamePerThread(merge(parts));
    const profile = artefact.preload === undefined ? merged : withoutPreload(merged, artefact.preload);
    if (profile.samples.length === 0) throw nothing;
    const notes = [...artefact.notes, ...profile.meta.notes];
    const meta = {
      ...profile.meta,
      duration: artefact.duration,
      ...('program' in subject ? { command: subject.program } : {}),
      notes: [...new Set(notes)],
    };
    const { exitCode, ending } = endOf(artefact);
    return { profile: await asWritten({ ...profile, meta }, {}), exitCode: exitCode || loadCode, ending };
  } finally {
    await artefact.dispose();
  }
}

/**
 * What files hold: heap profiles of V8, or of anything else that counts bytes.
 * @param opened the only input, where it was opened to see what it is
 */
export async function readAllocations(
  call: Call,
  inputs: readonly string[],
  options: HeapCommandOptions,
  opened: Input | undefined,
): Promise<Profile> {
  if (opened !== undefined) {
    const { readInput } = await import('../../formats/registry.ts');
    return asWritten(await readInput(opened), {});
  }
  const { inputFormat } = options;
  return readInputs(inputs, inputFormat === undefined ? {} : { inputFormat }, call.world);
}

/** What we allocate inside the program is not the program's. */
function withoutPreload(profile: Profile, path: string): Profile {
  const own = new RegExp(`${path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`, 'u');
  return filter(profile, { ignore: own }).profile;
}

function nothingSampled(notes: readonly string[], live: boolean, interval: number): UserError {
  const what = live ? 'no sampled object was alive in the end' : 'too little was allocated to be sampled';
  return new UserError(`${what}: nothing to draw`, {
    hint: notes.at(-1) ?? `sample more often: --sample-interval ${Math.max(1, Math.round(interval / 16 / 1024))}KiB`,
    exitCode: EXIT.cannotCollect,
  });
}
