import { readFileSync } from 'node:fs';
import { normalQuantile } from '../statistics/normal.ts';
import { median, quantile, sorted } from '../statistics/quantile.ts';
import type { Calls, Conversation } from './drive.ts';

/** How a function is measured. */
export interface LatencyOptions {
  /** Seconds that the function runs before anything counts. Default: 0.1; it goes on until it runs steadily, at most 5 times as long. */
  readonly warmUpTime?: number;
  /** Seconds of each round. Default: 0.1. */
  readonly measurementTime?: number;
  /** Rounds before it is believed that the function is too slow. Default: 5; one is enough for a function that is fast enough. */
  readonly rounds?: number;
  /** Judge this percentile of single calls, as 99, instead of what a call takes typically. */
  readonly percentile?: number;
}

/** What was measured. */
export interface Measured {
  readonly value: number;
  /** What the rounds do not rule out. */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
  /** Samples of all rounds, and how many calls each is. */
  readonly samples: number;
  readonly calls: number;
}

/** Says, of what is known so far, whether more rounds could change anything. */
export type Enough = (soFar: Measured) => boolean;

/** What disturbs a measurement comes in gaps of milliseconds: short samples are hit seldom. */
const SAMPLE_NS = 200_000;
const MOST_SAMPLES = 5000;
const LEAST_SAMPLES = 15;
/** A warm-up is steady when its last samples differ from those before by less. */
const STEADY = 0.03;
/** Probability that the interval of a round misses the truth. */
const BEYOND = 0.01;
const REACH = normalQuantile(1 - BEYOND / 2);

/**
 * Measures what a call takes, in nanoseconds: the median of short samples, each of as many calls as fit in 200 µs, in rounds that
 * follow each other until it is enough. The interval is that of the lowest and the highest round.
 */
export function* measuredLatency(options: LatencyOptions, enough: Enough): Conversation<Measured> {
  const { measurementTime = 0.1, rounds: most = 5, percentile } = options;
  const perCall = yield* warmUp(options);
  const calls = percentile === undefined ? Math.max(1, Math.round(SAMPLE_NS / Math.max(perCall, 0.1))) : 1;
  let soFar: Measured | undefined;
  const values: number[] = [];
  while (soFar === undefined || (values.length < most && !enough(soFar))) {
    const round =
      percentile === undefined
        ? yield* typicalRound(calls, measurementTime * 1e9)
        : yield* percentileRound(percentile, perCall, measurementTime * 1e9);
    values.push(round.value);
    soFar = {
      // The round that was disturbed least says most of the function
      value: Math.min(...values),
      low: Math.min(round.low, soFar?.low ?? round.low),
      high: Math.max(round.high, soFar?.high ?? round.high),
      rounds: values.length,
      samples: round.samples + (soFar?.samples ?? 0),
      calls,
    };
  }
  return soFar;
}

/** @returns nanoseconds a call, roughly */
function* warmUp({ warmUpTime = 0.1 }: LatencyOptions): Conversation<number> {
  let count = 1;
  let perCall = yield { count };
  let spent = perCall;
  const recent: number[] = [];
  while (spent < warmUpTime * 5e9) {
    if (perCall * count < SAMPLE_NS / 2) count = Math.min(count * 2, 2 ** 30);
    const elapsed = yield { count };
    spent += elapsed;
    perCall = elapsed / count;
    recent.push(perCall);
    if (spent >= warmUpTime * 1e9 && isSteady(recent)) break;
  }
  return recent.length < 3 ? perCall : median(recent.slice(-20));
}

function isSteady(recent: readonly number[]): boolean {
  const half = Math.min(20, recent.length >> 1);
  if (half < 3) return recent.length >= 3 && recent.at(-1)! > SAMPLE_NS;
  const [before, now] = [median(recent.slice(-2 * half, -half)), median(recent.slice(-half))];
  return Math.abs(now / before - 1) < STEADY;
}

interface Round {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

function* typicalRound(calls: number, time: number): Conversation<Round> {
  const samples: number[] = [];
  const waited = runQueueWait();
  let spent = 0;
  const step: Calls = { count: calls };
  while (samples.length < MOST_SAMPLES && (spent < time || samples.length < LEAST_SAMPLES)) {
    const elapsed = yield step;
    spent += elapsed;
    samples.push(elapsed / calls);
    // A slow function has said enough with a few samples
    if (samples.length >= 3 && spent > 10 * time) break;
  }
  return orderInterval(sorted(samples), 0.5, (runQueueWait() - waited) / calls);
}

function* percentileRound(percentile: number, perCall: number, time: number): Conversation<Round> {
  const part = percentile / 100;
  // Ten calls beyond the percentile, so that it has bounds
  const least = Math.ceil(10 / Math.max(1 - part, 1e-6));
  const count = Math.max(least, Math.min(1e5, Math.ceil(time / Math.max(perCall, 1))));
  const each = new Float64Array(count);
  const waited = runQueueWait();
  yield { count, each };
  return orderInterval(each.sort(), part, runQueueWait() - waited);
}

/**
 * A quantile and its bounds, which are order statistics: how many of the sample are below it is binomial. Samples that were so long
 * because the machine had no processor for us say nothing of the function: as many as that explains are left out of the lower bound.
 * @param ascending the sample
 * @param waited for a processor, in the unit of the sample
 */
function orderInterval(ascending: Float64Array, part: number, waited: number): Round {
  const n = ascending.length;
  const reach = REACH * Math.sqrt(n * part * (1 - part));
  const [low, high] = [Math.floor(n * part - reach), Math.ceil(n * part + reach)];
  const usual = quantile(ascending, 0.5);
  let explained = 0;
  for (let left = waited; explained < n; explained++) {
    left -= Math.max(0, ascending[n - 1 - explained]! - usual);
    if (left <= 0) break;
  }
  // Where all of them have waited, the least of them has least
  return {
    value: quantile(ascending, part),
    low: ascending[Math.max(0, Math.min(low, n - 1 - explained))]!,
    high: ascending[Math.min(n - 1, high)]!,
    samples: n,
  };
}

/** Nanoseconds that this thread has waited for a processor so far; 0 where the kernel does not tell. */
function runQueueWait(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1] ?? 0) || 0;
  } catch {
    return 0;
  }
}
