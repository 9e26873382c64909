import { EXIT } from '../../errors.ts';
import { failedRequests, type LoadResult, percentileOf } from '../../load/result.ts';
import { judgedLatency } from '../../load/thresholds.ts';
import type { Workload } from '../../load/workload.ts';
import { plural } from '../../plural.ts';
import type { Profile } from '../../profile/profile.ts';
import { selectSamples } from '../../profile/select-samples.ts';
import { shortTime } from '../../render/load/load-numbers.ts';

/** The part of a profile in which its program was loaded, without start-up and warm-up; a note tells of the load. */
export function loadedPart(profile: Profile, { window, result }: Workload): Profile {
  if (window === undefined || result === undefined) return profile;
  const notes = [loadNote(result), ...profile.meta.notes];
  const times = profile.samples.time;
  if (times === undefined || times.length === 0) {
    notes.push('the samples have no times: start-up and warm-up are in the profile');
    return { ...profile, meta: { ...profile.meta, notes } };
  }
  // Recordings of perf and V8 are dated by the clock that the window is: CLOCK_MONOTONIC
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const { profile: loaded } = selectSamples(profile, { from: window.from - first, to: window.to - first });
  return { ...loaded, meta: { ...loaded.meta, notes } };
}

/** What a load gave, in one line. */
export function loadNote(result: LoadResult): string {
  const { url, seconds, requests, rate, connections, errors } = result;
  const latency = judgedLatency(result);
  const p = (percent: number): string => shortTime(percentileOf(latency, percent) ?? 0);
  const failed = failedRequests(errors);
  const over = `${connections} ${plural(connections ?? 0, 'connection')}`;
  const model = rate === undefined ? over : `${rate} requests/s over ${over}`;
  const perSecond = seconds > 0 ? (requests / seconds).toFixed(1) : '0';
  const rates = requests === 0 ? 'nothing was answered' : `${perSecond} requests/s, p50 ${p(50)}, p99 ${p(99)}`;
  const words = `under load for ${seconds.toFixed(1)} s: ${model} to ${url}: ${rates}`;
  return failed === 0 ? words : `${words}, ${failed} failed`;
}

/** 125, and a line that says so, where a load was asked for and nothing was answered: no loaded server was recorded. */
export function loadExitCode(workload: Workload | undefined, say: (line: string) => void): number {
  if (workload === undefined || (workload.result !== undefined && !workload.unanswered)) return EXIT.ok;
  const example = [...(workload.result?.examples.values() ?? [])][0];
  say(`error: the load was not answered${example === undefined ? '' : `: ${example}`}`);
  return EXIT.cannotCollect;
}
