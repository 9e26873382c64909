import { EXIT } from '../../errors.ts';
import { failedRequests, type LoadResult } from '../../load/result.ts';
import { attempts } from '../../load/thresholds.ts';
import { plural } from '../../plural.ts';
import type { LoadReport } from '../../render/load/load-report.ts';
import type { Progress } from '../../terminal/progress.ts';

/** A p99 that is this many times smaller than the largest latency, and one this large, hide a stall: microseconds. */
const STALL = { times: 10, least: 100_000 };

/** A shorter load is at work all the time because its code is still being compiled. */
const LEAST_SECONDS = 1;

/** What the person should know beside the figures. */
export function notesOn(result: LoadResult): string[] {
  const { latency, rate, silent, unsent, unanswered, events, seconds, threads = 1, cpuSeconds = 0 } = result;
  const notes = [...result.notes];
  const p99 = latency.histogram?.percentile(99) ?? 0;
  const max = latency.max ?? 0;
  if (rate === undefined && max > STALL.least && max > p99 * STALL.times && events === undefined) {
    notes.push(
      `the slowest answer took ${(max / 1000).toFixed(0)} ms and p99 is ${(p99 / 1000).toFixed(1)} ms: while the server stalls, a closed model sends nothing and so counts next to nothing; --rate (-R) measures from when requests were due`,
    );
  }
  if (unsent > 0) {
    const never = `${unsent} ${plural(unsent, 'request was', 'requests were')} never sent`;
    notes.push(`the server cannot keep up with ${rate} requests/s: ${never}`);
  }
  const late = result.lateness?.histogram?.percentile(99) ?? 0;
  if (late > 5_000) {
    notes.push(
      `the generator itself was late (p99 ${(late / 1000).toFixed(1)} ms): use more --threads, or a machine with idle CPUs`,
    );
  } else if (rate === undefined && seconds >= LEAST_SECONDS && cpuSeconds / seconds > threads * 0.9) {
    notes.push(
      'the generator was at work all the time: the figures may be its limit, not the server’s; use more --threads',
    );
  }
  if (silent !== undefined) notes.push(`the server could not be reached any more for the last ${silent.toFixed(1)} s`);
  if (unanswered > 0 && result.requests === 0) notes.push('the server takes connections and answers nothing');
  return notes;
}

/** 0 where something was measured and all thresholds are kept. */
export function verdictCode({ result, verdicts }: LoadReport, progress: Progress): number {
  const failed = verdicts.filter(({ kept }) => !kept);
  if (result.requests === 0 && result.errors.timeout === 0 && result.events === undefined) {
    const example = [...result.examples.values()][0];
    if (result.stopped) {
      progress.say('error: interrupted before anything was answered');
      return EXIT.interrupted;
    }
    progress.say(`error: nothing was answered${example === undefined ? '' : `: ${example}`}`);
    return EXIT.cannotCollect;
  }
  if (failed.length > 0) {
    progress.say(
      `${failed.length} of ${verdicts.length} thresholds failed: ${failed.map((one) => one.threshold.text).join(', ')}`,
    );
    return EXIT.gateFailed;
  }
  if (result.silent !== undefined) return EXIT.cannotCollect;
  if (attempts(result) > 0 && failedRequests(result.errors) >= attempts(result)) {
    progress.say('error: not one request succeeded');
    return EXIT.gateFailed;
  }
  return EXIT.ok;
}
