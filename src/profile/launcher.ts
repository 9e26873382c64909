import { pickSamples } from './pick-samples.ts';
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
  const { thread } = profile.samples;
  if (!becameProgram || thread === undefined || !isLauncher.includes(true)) return profile;
  const rows: number[] = [];
  for (let row = 0; row < thread.length; row++) if (!isLauncher[thread[row]!]) rows.push(row);
  const samples = pickSamples(profile.samples, rows);
  const renumbered = isLauncher.map((_is, i) => i - isLauncher.slice(0, i).filter(Boolean).length);
  return {
    ...profile,
    threads: profile.threads.filter((_thread, i) => !isLauncher[i]),
    samples: { ...samples, thread: samples.thread!.map((index) => (index < 0 ? -1 : renumbered[index]!)) },
  };
}
