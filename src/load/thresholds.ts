import { UserError } from '../errors.ts';
import { type Comparison, holds } from '../statistics/limit.ts';
import { failedRequests, type Latency, type LoadResult, percentileOf } from './result.ts';

/** What a load must keep to: `p(99)<50ms`. */
export interface Threshold {
  /** As it was given. */
  readonly text: string;
  readonly metric: string;
  readonly operator: Comparison;
  /** Microseconds, a share, or a number, by the metric. */
  readonly limit: number;
  readonly unit: ThresholdUnit;
}

type ThresholdUnit = 'time' | 'share' | 'number' | 'bytes';

/** A threshold and what was measured. */
export interface Verdict {
  readonly threshold: Threshold;
  /** undefined where the result does not have it: the threshold is not kept then. */
  readonly value: number | undefined;
  readonly kept: boolean;
}

const SHAPE =
  /^\s*([a-z/_]+\d*(?:\.\d+)?|p\(\s*\d+(?:\.\d+)?\s*\))\s*(<=|>=|==|!=|<|>)\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*([a-z%µ]*)\s*$/i;

const TIMES = new Map([
  ['us', 1],
  ['µs', 1],
  ['ms', 1e3],
  ['s', 1e6],
  ['m', 60e6],
]);
const COUNTS = new Map([
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
]);
const BYTES = new Map([
  ['', 1],
  ['B', 1],
  ['KB', 1024],
  ['MB', 1024 ** 2],
  ['GB', 1024 ** 3],
]);

/** Words of k6 and others for the same thing. */
const ALIASES = new Map([
  ['med', 'p(50)'],
  ['median', 'p(50)'],
  ['avg', 'mean'],
  ['average', 'mean'],
  ['error_rate', 'errors'],
  ['failed', 'errors'],
  ['reqs/s', 'rps'],
  ['events/s', 'events'],
]);

const TIME_METRICS = ['mean', 'stdev', 'min', 'max'];
const ERROR_METRICS = ['errors', 'connect', 'refused', 'reset', 'truncated', 'timeout', 'parse', 'status', 'mismatch'];

/**
 * Reads a threshold: `p(99)<50ms`, `p99.9<=1s`, `mean<5ms`, `max<1s`, `errors<1%`, `timeout==0`, `rps>5k`, `requests>=100`,
 * `bytes/s>1MB`, `events>10`. A time without a unit is in milliseconds, as k6 has it.
 * @throws {UserError} what it should look like
 */
export function parseThreshold(text: string): Threshold {
  const [, name, operator, value, unit] = SHAPE.exec(text) ?? [];
  const wrong = (what: string): UserError =>
    new UserError(`${JSON.stringify(text)}: ${what}`, {
      hint: "thresholds look like 'p(99)<50ms', 'errors<1%', 'rps>5000'",
    });
  if (name === undefined) throw wrong('no threshold');
  const lower = name.toLowerCase().replaceAll(' ', '');
  const metric = ALIASES.get(lower) ?? lower.replace(/^p(\d+(?:\.\d+)?)$/, 'p($1)');
  const scaled = (units: ReadonlyMap<string, number>, kind: ThresholdUnit): Threshold => {
    const factor = units.get(unit!);
    if (factor === undefined) throw wrong(`${JSON.stringify(unit)} is no unit of ${metric}`);
    return { text, metric, operator: operator as Comparison, limit: Number(value) * factor, unit: kind };
  };
  const percent = /^p\((\d+(?:\.\d+)?)\)$/.exec(metric)?.[1];
  if (percent !== undefined && Number(percent) > 100) throw wrong('percentiles go from 0 to 100');
  if (percent !== undefined || TIME_METRICS.includes(metric)) {
    return scaled(unit === '' ? new Map([['', 1e3]]) : TIMES, 'time');
  }
  if (ERROR_METRICS.includes(metric)) {
    return unit === '%' ? scaled(new Map([['%', 0.01]]), 'share') : scaled(COUNTS, 'number');
  }
  if (metric === 'rps' || metric === 'requests' || metric === 'events') return scaled(COUNTS, 'number');
  if (metric === 'bytes/s') return scaled(BYTES, 'bytes');
  throw wrong(
    `unknown is ${name}; known are p(N), mean, stdev, min, max, errors and its kinds, rps, requests, events, bytes/s`,
  );
}

/** Requests that came to an end, good or bad. */
export function attempts({ requests, errors }: LoadResult): number {
  return requests + errors.connect + errors.reset + errors.timeout + errors.parse;
}

/** In the open model latency is that from the intended start. */
export function judgedLatency({ corrected, latency }: LoadResult): Latency {
  return corrected ?? latency;
}

export function judge(result: LoadResult, threshold: Threshold): Verdict {
  const value = measuredValue(result, threshold);
  return { threshold, value, kept: value !== undefined && holds(value, threshold.operator, threshold.limit) };
}

function measuredValue(result: LoadResult, { metric, unit }: Threshold): number | undefined {
  const latency = judgedLatency(result);
  const percent = /^p\((.+)\)$/.exec(metric)?.[1];
  if (unit === 'time' && latency.count === 0) return undefined;
  if (percent !== undefined) return percentileOf(latency, Number(percent));
  const { seconds } = result;
  switch (metric) {
    case 'mean':
    case 'stdev':
    case 'min':
    case 'max':
      return latency[metric];
    case 'rps':
      return seconds > 0 ? result.requests / seconds : undefined;
    case 'requests':
      return result.requests;
    case 'events':
      return result.events?.eventsPerSecond;
    case 'bytes/s':
      return seconds > 0 ? result.bytes / seconds : undefined;
    default: {
      const failed = metric === 'errors' ? failedRequests(result.errors) : result.errors[metric as 'connect'];
      if (unit !== 'share') return failed;
      const all = attempts(result);
      // Nothing at all was tried with success: all of it has failed
      return all === 0 ? 1 : failed / all;
    }
  }
}
