import { percentileIn } from '../../load/histogram.ts';
import { failedRequests, type Latency, type LoadResult, PERCENTS, percentileOf } from '../../load/result.ts';
import type { LoadReport } from './load-report.ts';

/** Field names of percentiles: p50, p99, p999 of 99.9. */
function percentileField(percent: number): string {
  return `p${String(percent).replace('.', '')}`;
}

/** What `--json` prints and `-o FILE.json` keeps; `load diff` reads it again. Latencies are microseconds. */
function loadJson({ result, server, verdicts, notes }: LoadReport): object {
  const { seconds, requests, bytes, errors } = result;
  const perSecond = (value: number): number => (seconds > 0 ? rounded(value / seconds) : 0);
  return {
    format: 'pforge-prof-load',
    version: 1,
    url: result.url,
    engine: result.engine,
    connections: result.connections,
    threads: result.threads,
    rate: result.rate,
    seconds: rounded(seconds),
    requests,
    errors: { ...errors, total: failedRequests(errors) },
    examples: Object.fromEntries(result.examples),
    rps: perSecond(requests),
    bytes,
    bytesPerSecond: perSecond(bytes),
    latency: latencyJson(result.latency),
    corrected: result.corrected && latencyJson(result.corrected),
    lateness: result.lateness && latencyJson(result.lateness),
    statuses: Object.fromEntries(result.statuses),
    unanswered: result.unanswered,
    unsent: result.unsent,
    events: result.events && {
      streams: result.events.streams,
      events: result.events.events,
      eventsPerSecond: rounded(result.events.eventsPerSecond),
      firstEvent: latencyJson(result.events.firstEvent),
      gap: latencyJson(result.events.gap),
    },
    generator: result.cpuSeconds === undefined ? undefined : generatorJson(result),
    server: server && { ...server, program: [...server.program] },
    asserts:
      verdicts.length === 0
        ? undefined
        : verdicts.map(({ threshold, value, kept }) => ({ assert: threshold.text, value, passed: kept })),
    stopped: result.stopped,
    threadRates: result.threadRates && { ...latencyJson(result.threadRates), unit: 'requests/s' },
    windows: result.windows.map((window) => {
      const { value, count, sum, squares, min, max } = window.latency;
      return {
        start: rounded(window.start),
        seconds: rounded(window.seconds),
        requests: window.requests,
        failed: window.failed,
        p50: percentileIn(window.latency, 50),
        p99: percentileIn(window.latency, 99),
        max,
        min,
        // Bucket by bucket: lowest value in microseconds, how often
        histogram: Array.from(value, (micros, i) => [micros, count[i]]).flat(),
        sum: rounded(sum),
        squares: rounded(squares),
      };
    }),
    notes,
  };
}

function generatorJson({ cpuSeconds = 0, requests }: LoadResult): object {
  return {
    cpuSeconds: rounded(cpuSeconds),
    cpuMicrosPerRequest: requests > 0 ? rounded((cpuSeconds * 1e6) / requests) : undefined,
  };
}

function latencyJson(latency: Latency): Record<string, unknown> {
  const { count, min, max, mean, stdev } = latency;
  const percents = latency.histogram === undefined ? latency.percentiles.map(({ percent }) => percent) : PERCENTS;
  return {
    unit: 'us',
    count,
    ...Object.fromEntries(
      percents.map((percent) => [percentileField(percent), percentileOf(latency, percent) ?? null]),
    ),
    min,
    max,
    mean: mean === undefined ? undefined : rounded(mean),
    stdev: stdev === undefined ? undefined : rounded(stdev),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** JSON to read and to diff: one line a field, and a line for each window. */
export function loadJsonText(report: LoadReport): string {
  const { windows, ...rest } = loadJson(report) as { readonly windows: readonly object[] };
  const lines = windows.map((window) => `    ${JSON.stringify(window)}`).join(',\n');
  const head = JSON.stringify(rest, null, 2).replace(/\n\}$/, '');
  return `${head},\n  "windows": [\n${lines}\n  ]\n}\n`;
}
