import type { HistogramColumns, LatencyHistogram } from './histogram.ts';

/**
 * What went wrong, by kind. All requests that failed are `connect + reset + timeout + parse + status + mismatch`; the other
 * two tell more of one of these.
 */
export interface LoadErrors {
  /** No connection came about: refused, unreachable, certificate. */
  readonly connect: number;
  /** Those of `connect` that were refused. */
  readonly refused: number;
  /** The connection was reset or closed before an answer was complete. */
  readonly reset: number;
  /** Those of `reset` that were closed amid an answer. */
  readonly truncated: number;
  /** No complete answer in time. */
  readonly timeout: number;
  /** What came is no HTTP. */
  readonly parse: number;
  /** Status 400 and above, or another than was expected. */
  readonly status: number;
  /** The body is not as expected. */
  readonly mismatch: number;
}

export type ErrorKind = keyof LoadErrors;

/** In the order in which reports have them. */
export const ERROR_KINDS = [
  'connect',
  'refused',
  'reset',
  'truncated',
  'timeout',
  'parse',
  'status',
  'mismatch',
] as const satisfies readonly ErrorKind[];

/** Kinds that tell more of another kind, and so do not count in the sum. */
const PARTS: readonly ErrorKind[] = ['refused', 'truncated'];

export function failedRequests(errors: LoadErrors): number {
  return ERROR_KINDS.reduce((sum, kind) => sum + (PARTS.includes(kind) ? 0 : errors[kind]), 0);
}

export function noErrors(): Record<ErrorKind, number> {
  return { connect: 0, refused: 0, reset: 0, truncated: 0, timeout: 0, parse: 0, status: 0, mismatch: 0 };
}

/** Latencies in microseconds. Results of other tools have no histogram, and of the rest only what the tool printed. */
export interface Latency {
  readonly count?: number;
  readonly mean?: number;
  readonly stdev?: number;
  readonly min?: number;
  readonly max?: number;
  /** Share, 0 to 1, within one standard deviation of the mean. */
  readonly withinStdev?: number;
  /** Ascending. */
  readonly percentiles: readonly { readonly percent: number; readonly value: number }[];
  readonly histogram?: LatencyHistogram;
}

/** Percentiles that reports and files have. */
export const PERCENTS = [50, 75, 90, 95, 99, 99.9, 99.99] as const;

export function latencyOf(histogram: LatencyHistogram): Latency {
  const { count, mean, stdev, min, max } = histogram;
  const percentiles = count === 0 ? [] : PERCENTS.map((percent) => ({ percent, value: histogram.percentile(percent) }));
  return { count, mean, stdev, min, max, withinStdev: histogram.withinStdev(), percentiles, histogram };
}

/** The value at a percentile; undefined where a result of another tool does not have it. */
export function percentileOf({ histogram, percentiles }: Latency, percent: number): number | undefined {
  if (histogram !== undefined) return histogram.count === 0 ? undefined : histogram.percentile(percent);
  return percentiles.find((one) => Math.abs(one.percent - percent) < 1e-9)?.value;
}

/** A piece of the time of a load. */
export interface LoadWindow {
  /** Seconds since counting began, and its length. */
  readonly start: number;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  /** From the intended start in the open model; columns, as there may be a thousand windows. */
  readonly latency: HistogramColumns;
}

/** Streams of server-sent events. */
export interface EventStreams {
  readonly streams: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  /** Microseconds from the request to the first event, and between events. */
  readonly firstEvent: Latency;
  readonly gap: Latency;
}

/** What a load gave, of our engine or of another tool. */
export interface LoadResult {
  /** `pforge-prof`, `wrk`, `autocannon`, ... */
  readonly engine: string;
  readonly url: string;
  readonly connections?: number;
  readonly threads?: number;
  /** Requests a second that were asked for; undefined in the closed model. */
  readonly rate?: number;
  /** Counted time, without the warm-up. */
  readonly seconds: number;
  /** Complete answers, whatever their status. */
  readonly requests: number;
  /** Bytes read, heads included. */
  readonly bytes: number;
  readonly errors: LoadErrors;
  /** One example of each kind of error, in words. */
  readonly examples: ReadonlyMap<ErrorKind, string>;
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** From when a request was sent. Time-outs are in it. */
  readonly latency: Latency;
  /** From when a request was due; in the open model only. */
  readonly corrected?: Latency;
  /** How late the generator itself was, in the open model: microseconds. */
  readonly lateness?: Latency;
  /** Requests of one thread in each window, as a rate. */
  readonly threadRates?: Latency;
  readonly windows: readonly LoadWindow[];
  readonly events?: EventStreams;
  /** Requests that had no answer when the time was over, and ones that were due and never sent. */
  readonly unanswered: number;
  readonly unsent: number;
  /** CPU time of the generator: seconds. */
  readonly cpuSeconds?: number;
  /** Seconds at the end in which nothing was answered, where the server had answered before. */
  readonly silent?: number;
  /** Stopped by the person before its time. */
  readonly stopped: boolean;
  readonly notes: readonly string[];
}
