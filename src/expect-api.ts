/**
 * What tests import from `pforge-prof/expect`: limits on time and memory that fail only where the measurement is sure.
 * They throw an AssertionError, as node:assert and every test runner know it.
 */
import { type Conversation, driveAsync, driveSync, isThenable } from './expect/drive.ts';
import { type LatencyOptions, type Measured, measuredLatency } from './expect/latency.ts';
import { type Expectation, isKept, type Judged, judge, limitOf } from './expect/limits.ts';
import { type MemoryOptions, measuredMemory } from './expect/memory.ts';

export type { LatencyOptions } from './expect/latency.ts';
export type { Judged } from './expect/limits.ts';
export type { MemoryOptions } from './expect/memory.ts';

/** What a call of an expectation returns: of an async function a promise, which must be awaited. */
type Outcome<Fn> = Fn extends (...words: never[]) => PromiseLike<unknown> ? Promise<Judged> : Judged;

export interface Under<Fn> {
  /**
   * @param limit `1us`, `1.5ms`, `256B`; a plain number is nanoseconds, or bytes
   * @throws {AssertionError} it is surely not under it
   */
  toBeUnder(limit: string | number): Outcome<Fn>;
}

export interface Over<Fn> {
  /**
   * @param limit `5k/s`, `1M/s`, with `bytes` also `100MB/s`; a plain number is a second's
   * @throws {AssertionError} it is surely not over it
   */
  toBeOver(limit: string | number): Outcome<Fn>;
}

export interface ThroughputOptions extends Omit<LatencyOptions, 'percentile'> {
  /** What a call works on. Default: one item. */
  readonly items?: number;
  readonly bytes?: number;
}

/**
 * How long a call takes, as it does typically once it is compiled; with `percentile` so many of the calls at most.
 *
 *     test('lookups are fast', () => { expectLatency(() => table.get(key)).toBeUnder('1us'); });
 *     test('queries are fast', async () => { await expectLatency(() => query(), { percentile: 99 }).toBeUnder('5ms'); });
 */
export function expectLatency<Fn extends () => unknown>(fn: Fn, options: LatencyOptions = {}): Under<Fn> {
  const title = options.percentile === undefined ? 'expectLatency' : `expectLatency (p${options.percentile})`;
  check('expectLatency', fn, options);
  const toBeUnder: Under<Fn>['toBeUnder'] = (limit) => {
    const expectation = { title, unit: 'ns', side: 'under', limit: limitOf(limit, 'ns', title) } as const;
    return measure(fn, expectation, (enough) => measuredLatency(options, enough), toBeUnder) as Outcome<Fn>;
  };
  return { toBeUnder };
}

/** How much a function does in a second. */
export function expectThroughput<Fn extends () => unknown>(fn: Fn, options: ThroughputOptions = {}): Over<Fn> {
  const title = 'expectThroughput';
  check(title, fn, options);
  const { items = 1, bytes } = options;
  const [amount, unit] = bytes === undefined ? [items, 'ops/s'] : [bytes, 'bytes/s'];
  const rate = (latency: Measured): Measured => {
    const [value, low, high] = [latency.value, latency.high, latency.low].map(
      (time) => (amount * 1e9) / Math.max(time, 1e-3),
    );
    return { ...latency, value: value!, low: low!, high: high! };
  };
  const toBeOver: Over<Fn>['toBeOver'] = (limit) => {
    const expectation = { title, unit, side: 'over', limit: limitOf(limit, unit, title) } as const;
    const conversation = function* (enough: (soFar: Measured) => boolean): Conversation<Measured> {
      return rate(yield* measuredLatency(options, (soFar) => enough(rate(soFar))));
    };
    return measure(fn, expectation, conversation, toBeOver) as Outcome<Fn>;
  };
  return { toBeOver };
}

/**
 * How much memory one of `n` items takes: `fn` is called `n` times, what it returns is kept, and so is whatever else it makes
 * reachable. It gets a number that is never the same.
 *
 *     expectMemoryPer(1000, (i) => ({ id: i, name: `user ${i}` })).toBeUnder('128B');
 *     expectMemoryPer(1000, (i) => { registry.set(i, new Session()); }).toBeUnder('256B');
 */
export function expectMemoryPer<Fn extends (at: number) => unknown>(
  n: number,
  fn: Fn,
  options: MemoryOptions = {},
): Under<Fn> {
  const title = 'expectMemoryPer';
  check(title, fn, options);
  if (!Number.isInteger(n) || n < 1)
    throw new TypeError(`${title}: the number of items must be a whole number, 1 at least`);
  const toBeUnder: Under<Fn>['toBeUnder'] = (limit) => {
    const expectation = { title, unit: 'bytes', side: 'under', limit: limitOf(limit, 'bytes', title) } as const;
    return measure(fn, expectation, (enough) => measuredMemory(n, options, enough), toBeUnder) as Outcome<Fn>;
  };
  return { toBeUnder };
}

/** A function that fails at once is no function that is slow: its own error comes through. */
function measure(
  fn: (at: number) => unknown,
  expectation: Expectation,
  conversation: (enough: (soFar: Measured) => boolean) => Conversation<Measured>,
  caller: (...words: never[]) => unknown,
): Judged | Promise<Judged> {
  const asked = conversation((soFar) => isKept(expectation, soFar));
  const first = fn(-1);
  if (!isThenable(first)) return judge(expectation, driveSync(asked, fn), caller);
  return Promise.resolve(first)
    .then(() => driveAsync(asked, fn))
    .then((measured) => judge(expectation, measured, caller));
}

/** Options that are numbers, and the least that each can be. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['warmUpTime', 0],
  ['measurementTime', 0],
  ['rounds', 1],
  ['percentile', 0],
  ['items', 0],
  ['bytes', 0],
]);

/** @throws {TypeError} a mistake in a test should not look like a slow function */
function check(title: string, fn: unknown, options: object): void {
  if (typeof fn !== 'function') throw new TypeError(`${title}: what is measured must be a function`);
  for (const [name, value] of Object.entries(options)) {
    const least = NUMBERS.get(name);
    if (least === undefined) throw new TypeError(`${title}: ${name} is no option`);
    const isNumber = typeof value === 'number' && Number.isFinite(value) && value >= least;
    if (value !== undefined && !isNumber) throw new TypeError(`${title}: ${name} must be a number, ${least} at least`);
  }
  if ('percentile' in options && Number(options.percentile) >= 100) {
    throw new TypeError(`${title}: percentile must be less than 100`);
  }
}
