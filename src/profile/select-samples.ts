import type { Filtered } from './filter.ts';
import { pickSamples } from './pick-samples.ts';
import type { Profile } from './profile.ts';

/** What a sample must be to be kept; what is left out does not matter. */
export interface SampleSelection {
  /** Matches the thread's name or its process's name. A `g` or `y` flag counts for nothing. */
  readonly thread?: RegExp;
  readonly pid?: number;
  /** Nanoseconds since the first sample; this moment is kept. */
  readonly from?: number;
  /** Nanoseconds since the first sample; this moment is not kept. */
  readonly to?: number;
}

/**
 * Keeps the samples of some threads or of a span of time. Samples of which the thread is unknown belong to none; where
 * the profile has no times, every sample stands at 0.
 */
export function selectSamples(profile: Profile, selection: SampleSelection): Filtered {
  const { samples, threads } = profile;
  const { thread, pid, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = selection;
  const pattern = thread && new RegExp(thread.source, thread.flags.replace(/[gy]/g, ''));
  const wanted = threads.map(
    (known) =>
      (pattern === undefined || pattern.test(known.name) || pattern.test(known.process)) &&
      (pid === undefined || known.pid === pid),
  );
  const anyThread = pattern === undefined && pid === undefined;
  const start = firstTime(samples.time);
  const kept: number[] = [];
  const dropped = profile.valueTypes.map(() => 0);
  for (let row = 0; row < samples.length; row++) {
    const since = (samples.time?.[row] ?? 0) - start;
    const keep = (anyThread || wanted[samples.thread?.[row] ?? -1] === true) && since >= from && since < to;
    if (keep) kept.push(row);
    else for (let v = 0; v < dropped.length; v++) dropped[v]! += samples.values[v]![row]!;
  }
  return {
    profile: kept.length === samples.length ? profile : { ...profile, samples: pickSamples(samples, kept) },
    dropped,
  };
}

function firstTime(time: Float64Array | undefined): number {
  let first = Number.POSITIVE_INFINITY;
  for (const at of time ?? []) if (at < first) first = at;
  return first === Number.POSITIVE_INFINITY ? 0 : first;
}
