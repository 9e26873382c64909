import type { Profile } from '../profile/profile.ts';

/**
 * When each sample was taken: milliseconds since the epoch. Profilers' own clocks are laid over the start of the recording.
 * @param start where the profile does not say: when its first sample was taken
 */
export function sampleTimes({ samples, meta }: Profile, start: number): { at(sample: number): number; end: number } {
  const from = meta.startTime ?? start;
  const { time } = samples;
  if (time === undefined) return { at: () => from, end: from + (meta.duration ?? 0) / 1e6 };
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < time.length; i++) {
    first = Math.min(first, time[i]!);
    last = Math.max(last, time[i]!);
  }
  const end = from + Math.max(time.length === 0 ? 0 : last - first, meta.duration ?? 0) / 1e6;
  return { at: (sample) => from + (time[sample]! - first) / 1e6, end };
}
