import type { Profile } from './profile.ts';

/** Names that our launcher has before it becomes the program. */
const LAUNCHER_NAMES = new Set(['sh', 'setpriv', 'env']);

/**
 * Leaves out the samples of the launcher that a program was started through: the same process, under the launcher's
 * name. A program that keeps that name to its end (a shell script) is left whole.
 */
export function withoutLauncher(profile: Profile, pid: number): Profile {
  const isLauncher = profile.threads.map((thread) => thread.tid === pid && LAUNCHER_NAMES.has(thread.name));
  const becameProgram = profile.threads.some((thread, i) => thread.tid === pid && !isLauncher[i]);
  const { samples } = profile;
  if (!becameProgram || samples.thread === undefined || !isLauncher.includes(true)) return profile;
  const keep: number[] = [];
  for (let row = 0; row < samples.length; row++) {
    if (!isLauncher[samples.thread[row]!]) keep.push(row);
  }
  const renumbered = new Int32Array(profile.threads.length);
  const threads = profile.threads.filter((_thread, i) => {
    renumbered[i] = i - isLauncher.slice(0, i).filter(Boolean).length;
    return !isLauncher[i];
  });
  return {
    ...profile,
    threads,
    samples: {
      length: keep.length,
      stack: Int32Array.from(keep, (row) => samples.stack[row]!),
      values: samples.values.map((column) => Float64Array.from(keep, (row) => column[row]!)),
      thread: Int32Array.from(keep, (row) => renumbered[samples.thread![row]!] ?? -1),
      ...(samples.time === undefined ? {} : { time: Float64Array.from(keep, (row) => samples.time![row]!) }),
    },
  };
}
