import type { Profile, Thread } from './profile.ts';

/**
 * Threads of the same process and thread id become one, under the longest of their names: a recording in several parts
 * may have begun before the thread was named.
 */
export function oneNamePerThread(profile: Profile): Profile {
  const { samples } = profile;
  if (samples.thread === undefined) return profile;
  const indexOf = new Map<string, number>();
  const threads: Thread[] = [];
  const renumbered = profile.threads.map((thread) => {
    const key = `${thread.pid} ${thread.tid}`;
    const index = thread.tid < 0 ? undefined : indexOf.get(key);
    if (index === undefined) {
      indexOf.set(key, threads.length);
      return threads.push(thread) - 1;
    }
    if (thread.name.length > threads[index]!.name.length) threads[index] = thread;
    return index;
  });
  const thread = samples.thread.map((old) => (old < 0 ? -1 : renumbered[old]!));
  return { ...profile, threads, samples: { ...samples, thread } };
}
