import type { LatencyHistogram } from '../../load/histogram.ts';

/** As HdrHistogram and wrk2 have it. */
const TICKS_PER_HALF_DISTANCE = 5;

/**
 * The percentile distribution in the text format of HdrHistogram (`outputPercentileDistribution`, AbstractHistogram.java),
 * which wrk2 prints and HdrHistogram's plotter reads. Values in milliseconds.
 */
export function* percentileSpectrum(histogram: LatencyHistogram): Iterable<string> {
  const { count, mean, stdev, max } = histogram;
  yield '       Value     Percentile TotalCount 1/(1-Percentile)\n\n';
  const line = (micros: number, level: number, seen: number): string => {
    const head = `${(micros / 1000).toFixed(3).padStart(12)} ${(level / 100).toFixed(12)} ${String(seen).padStart(10)}`;
    return level >= 100 ? `${head}\n` : `${head} ${(1 / (1 - level / 100)).toFixed(2).padStart(14)}\n`;
  };
  let level = 0;
  let seen = 0;
  for (const { last, count: here } of histogram.buckets()) {
    seen += here;
    while (seen < count && (100 * seen) / count >= level) {
      yield line(last, level, seen);
      level = next(level);
    }
    if (seen === count) yield line(last, level, seen) + line(last, 100, seen);
  }
  const number = (value: number): string => (value / 1000).toFixed(3).padStart(12);
  yield `#[Mean    = ${number(mean)}, StdDeviation   = ${number(stdev)}]\n`;
  yield `#[Max     = ${number(max)}, Total count    = ${String(count).padStart(12)}]\n`;
  yield `#[Buckets = ${'21'.padStart(12)}, SubBuckets     = ${'2048'.padStart(12)}]\n`;
}

function next(level: number): number {
  const half = 2 ** (Math.trunc(Math.log2(100 / (100 - level))) + 1);
  return level + 100 / (TICKS_PER_HALF_DISTANCE * half);
}
