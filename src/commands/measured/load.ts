import type { KeptResult } from '../../history/entry.ts';
import type { Measurements, Quantity, Subject } from '../../history/measurements.ts';
import { type Draw, resampled } from '../../load/compare.ts';
import { ERROR_KINDS, failedRequests, type LoadResult, percentileOf } from '../../load/result.ts';
import { attempts, judgedLatency } from '../../load/thresholds.ts';
import { quantile } from '../../statistics/quantile.ts';
import { SeededRandom } from '../../statistics/random.ts';

/** Probability that an interval misses the truth. */
const BEYOND = 0.05;
/** Statistics that a history keeps. */
const KEPT = ['p(50)', 'p(90)', 'p(99)', 'p(99.9)', 'mean', 'rps', 'errors'] as const;
const LATENCY = ['mean', 'min', 'max', 'stdev'] as const;
const NAMES: readonly string[] = [...LATENCY, 'rps', 'requests', 'bytes/s', 'errors', ...ERROR_KINDS];

/** What an HTTP load gave: of ours, or of another load tool. Latencies in nanoseconds, as all times. */
export function loadMeasurements(result: LoadResult): Measurements {
  const subject = loadSubject(result);
  const kept = KEPT.flatMap((stat): KeptResult[] => {
    const quantity = subject.quantity(stat, stat === 'errors');
    return quantity === undefined ? [] : [{ name: subject.keptName(stat)!, ...quantity }];
  });
  return { subjects: [subject], kept, notes: [] };
}

/** Intervals come of how the windows of the run vary, as `load diff` has them. */
function loadSubject(result: LoadResult): Subject {
  const latency = judgedLatency(result);
  let draws: Draw[] | undefined | null = null;
  const interval = (of: (draw: Draw) => number): { low?: number; high?: number } => {
    if (draws === null) draws = resampled(result.windows, new SeededRandom(17));
    if (draws === undefined) return {};
    const values = Float64Array.from(draws, of).filter(Number.isFinite).sort();
    if (values.length === 0) return {};
    return { low: quantile(values, BEYOND / 2), high: quantile(values, 1 - BEYOND / 2) };
  };
  const time = (value: number | undefined, of?: (draw: Draw) => number): Quantity | undefined =>
    value === undefined
      ? undefined
      : {
          value: value * 1e3,
          ...(of === undefined ? {} : interval((draw) => of(draw) * 1e3)),
          unit: 'ns',
          better: 'smaller',
        };
  const quantity = (stat: string, share: boolean): Quantity | undefined => {
    const failed = errorsOf(result, stat);
    if (failed !== undefined && share) {
      const all = attempts(result);
      // Nothing at all was tried with success: all of it has failed
      const value = all === 0 ? 1 : failed / all;
      const bounds = stat === 'errors' ? interval((draw) => draw.failed / (draw.requests + draw.failed)) : {};
      return { value, ...bounds, unit: 'ratio', better: 'smaller' };
    }
    if (share) return undefined;
    if (failed !== undefined) return { value: failed, unit: 'count', better: 'smaller' };
    const percent = /^p\((\d+(?:\.\d+)?)\)$/.exec(stat)?.[1];
    if (percent !== undefined && Number(percent) <= 100) {
      return time(percentileOf(latency, Number(percent)), (draw) => draw.latency.percentile(Number(percent)));
    }
    switch (stat) {
      case 'mean':
        return time(latency.mean, (draw) => draw.latency.mean);
      case 'min':
      case 'max':
      case 'stdev':
        return time(latency[stat]);
      case 'rps':
        return result.seconds > 0
          ? {
              value: result.requests / result.seconds,
              ...interval((draw) => draw.requests / draw.seconds),
              unit: 'requests/s',
              better: 'bigger',
            }
          : undefined;
      case 'requests':
        return { value: result.requests, unit: 'count', better: 'bigger' };
      case 'bytes/s':
        return result.seconds > 0
          ? { value: result.bytes / result.seconds, unit: 'bytes/s', better: 'bigger' }
          : undefined;
      default:
        return undefined;
    }
  };
  return {
    kind: 'load',
    name: result.url,
    stats: ['p(N)', ...NAMES],
    quantity: (stat, share) => quantity(stat, share),
    keptName: (stat) => ((KEPT as readonly string[]).includes(stat) ? `load ${stat.replace(/[()]/g, '')}` : undefined),
  };
}

function errorsOf({ errors }: LoadResult, stat: string): number | undefined {
  if (stat === 'errors') return failedRequests(errors);
  return (ERROR_KINDS as readonly string[]).includes(stat) ? errors[stat as 'connect'] : undefined;
}
