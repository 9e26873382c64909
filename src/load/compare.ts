import { quantile } from '../statistics/quantile.ts';
import { SeededRandom } from '../statistics/random.ts';
import { LatencyHistogram } from './histogram.ts';
import { failedRequests, type LoadResult, type LoadWindow, percentileOf } from './result.ts';
import { attempts, judgedLatency } from './thresholds.ts';

/** One figure of two loads. */
export interface LoadChange {
  /** `rps`, `mean`, `p50`, `p99.9`, `max`, `errors`. */
  readonly name: string;
  readonly unit: 'requests/s' | 'us' | 'share';
  readonly before: number;
  readonly after: number;
  /** `after` as a part of `before`, less 1; undefined where there is nothing to divide by. */
  readonly change: number | undefined;
  /** The interval of `change`; undefined where a result has no windows. */
  readonly low?: number;
  readonly high?: number;
  readonly verdict: 'better' | 'worse' | 'no change shown' | 'not known';
}

/** Percentiles that are compared. */
const PERCENTS = [50, 90, 99, 99.9];
const RESAMPLES = 600;
/** Probability that an interval misses the truth: several figures are looked at. */
const ALPHA = 0.01;
/** Fewer windows on a side say nothing about how they vary. */
const LEAST_WINDOWS = 8;

/**
 * Compares two loads figure by figure. How sure a difference is comes from how the windows of each run vary: both sides are
 * drawn anew from blocks of neighbouring windows (circular block bootstrap, Politis and Romano 1992, blocks of the cube
 * root of their number), as load and latency of one moment are like those of the moment before.
 */
export function compareLoads(before: LoadResult, after: LoadResult): LoadChange[] {
  const draws = [before, after].map((result, side) => resampled(result.windows, new SeededRandom(17 + side)));
  const changes: LoadChange[] = [];
  for (const figure of FIGURES) {
    const [old, now] = [figure.of(before), figure.of(after)];
    if (old === undefined || now === undefined) continue;
    const samples = draws.map((drawn) => drawn?.map(figure.ofDraw));
    const change = old === 0 ? undefined : now / old - 1;
    const base = { name: figure.name, unit: figure.unit, before: old, after: now, change };
    if (samples[0] === undefined || samples[1] === undefined || figure.single === true) {
      changes.push({ ...base, verdict: 'not known' });
      continue;
    }
    const ratios = Float64Array.from(samples[0], (value, i) => (value === 0 ? Number.NaN : samples[1]![i]! / value - 1))
      .filter(Number.isFinite)
      .sort();
    if (ratios.length < RESAMPLES / 2) {
      changes.push({ ...base, verdict: old === now ? 'no change shown' : 'not known' });
      continue;
    }
    const [low, high] = [quantile(ratios, ALPHA / 2), quantile(ratios, 1 - ALPHA / 2)];
    const up = low > 0;
    const verdict = low <= 0 && high >= 0 ? 'no change shown' : up === (figure.name === 'rps') ? 'better' : 'worse';
    changes.push({ ...base, low, high, verdict });
  }
  return changes;
}

/** What another run of the same load might have given. */
export interface Draw {
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly latency: LatencyHistogram;
}

interface Figure {
  readonly name: string;
  readonly unit: LoadChange['unit'];
  /** One value decides it: there is no interval. */
  readonly single?: true;
  of(result: LoadResult): number | undefined;
  ofDraw(draw: Draw): number;
}

const FIGURES: readonly Figure[] = [
  {
    name: 'rps',
    unit: 'requests/s',
    of: ({ requests, seconds }) => (seconds > 0 ? requests / seconds : undefined),
    ofDraw: ({ requests, seconds }) => requests / seconds,
  },
  { name: 'mean', unit: 'us', of: (result) => judgedLatency(result).mean, ofDraw: ({ latency }) => latency.mean },
  ...PERCENTS.map((percent) => ({
    name: `p${percent}`,
    unit: 'us' as const,
    of: (result: LoadResult) => percentileOf(judgedLatency(result), percent),
    ofDraw: ({ latency }: Draw) => latency.percentile(percent),
  })),
  {
    name: 'max',
    unit: 'us',
    single: true,
    of: (result) => judgedLatency(result).max,
    ofDraw: ({ latency }) => latency.max,
  },
  {
    name: 'errors',
    unit: 'share',
    of: (result) => (attempts(result) === 0 ? undefined : failedRequests(result.errors) / attempts(result)),
    ofDraw: ({ failed, requests }) => (requests + failed === 0 ? 0 : failed / (requests + failed)),
  },
];

/** What other runs might have given: see {@link compareLoads}. @returns undefined where there are too few windows */
export function resampled(windows: readonly LoadWindow[], random: SeededRandom): Draw[] | undefined {
  const count = windows.length;
  if (count < LEAST_WINDOWS) return undefined;
  const block = Math.max(2, Math.round(Math.cbrt(count)));
  return Array.from({ length: RESAMPLES }, () => {
    const latency = new LatencyHistogram();
    let [seconds, requests, failed] = [0, 0, 0];
    for (let taken = 0, at = 0; taken < count; taken++, at++) {
      if (taken % block === 0) at = random.below(count);
      const window = windows[at % count]!;
      latency.add(window.latency);
      seconds += window.seconds;
      requests += window.requests;
      failed += window.failed;
    }
    return { seconds, requests, failed, latency };
  });
}
