import { AssertionError } from 'node:assert';
import { describe, expect, test } from 'vitest';
import { type Calls, type Conversation, driveSync } from '../../src/expect/drive.ts';
import { measuredLatency } from '../../src/expect/latency.ts';
import { judge, limitOf } from '../../src/expect/limits.ts';
import { expectLatency, expectMemoryPer, expectThroughput } from '../../src/expect-api.ts';

/** Holds the conversation with a function whose calls take what is said, without calling or waiting. */
function simulated(options: Parameters<typeof measuredLatency>[0], took: (call: number) => number, limit = 0) {
  const conversation = measuredLatency({ warmUpTime: 0.001, ...options }, ({ high }) => high < limit);
  let call = 0;
  let step = conversation.next(0);
  while (!step.done) {
    const { count, each } = step.value;
    let sum = 0;
    // Of many calls the average says as much
    const counted = each === undefined ? Math.min(count, 5) : count;
    for (let i = 0; i < counted; i++) {
      const time = took(call++);
      if (each !== undefined) each[i] = time;
      sum += time;
    }
    step = conversation.next((sum / counted) * count);
  }
  return step.value;
}

describe('what a call takes', () => {
  test('the typical time, though some samples were disturbed', () => {
    const { value, low, high } = simulated({}, (call) => (call % 97 === 0 ? 50_000 : 100));
    expect(value).toBeCloseTo(100, 6);
    expect(low).toBeLessThanOrEqual(100);
    expect(high).toBeLessThan(110);
  });

  test('what is surely fast enough takes one round, the rest five', () => {
    expect(simulated({}, () => 100, 1000).rounds).toBe(1);
    expect(simulated({}, () => 100, 50).rounds).toBe(5);
    expect(simulated({ rounds: 2 }, () => 100, 50).rounds).toBe(2);
  });

  test('a percentile of single calls', () => {
    // Time in which this very test waited for a processor may explain slow calls away: they bound it from above alone
    const { value, high } = simulated({ percentile: 99 }, (call) => (call % 50 === 0 ? 5000 : 100));
    expect([value, high]).toEqual([5000, 5000]);
    expect(simulated({ percentile: 90 }, (call) => (call % 50 === 0 ? 5000 : 100)).value).toBe(100);
  });

  test('one round that was quiet is enough not to fail', () => {
    let samples = 0;
    // A machine that is busy for a while, such as in all rounds but the last
    const measured = simulated({}, () => (samples++ < 3000 ? 200 : 100), 0);
    expect(measured.low).toBeLessThanOrEqual(100);
  });
});

describe('verdicts', () => {
  const measured = (low: number, value: number, high: number) => ({
    low,
    value,
    high,
    rounds: 5,
    samples: 50,
    calls: 10,
  });
  const under = { title: 'expectLatency', unit: 'ns', limit: 1000, side: 'under' } as const;
  const over = { title: 'expectThroughput', unit: 'ops/s', limit: 1000, side: 'over' } as const;

  test.each([
    [under, measured(800, 900, 990), 'pass'],
    [under, measured(900, 1100, 1200), 'inconclusive'],
    [over, measured(1100, 1200, 1300), 'pass'],
    [over, measured(900, 950, 1100), 'inconclusive'],
  ])('%j %j', (expectation, what, verdict) => {
    expect(judge(expectation, what, () => {}).verdict).toBe(verdict);
  });

  test('a failure says what was measured, the limit, by how much, and how', () => {
    expect(() => judge(under, measured(1100, 1530, 1600), () => {})).toThrow(
      'expectLatency: 1.53 µs [1.1 µs .. 1.6 µs] is not under 1 µs: 53 % over it, in all of 5 rounds, 50 samples of 10 calls',
    );
    expect(() => judge(over, measured(400, 500, 600), () => {})).toThrow(
      'expectThroughput: 500 /s [400 /s .. 600 /s] is not over 1 k/s: 50 % under it',
    );
    expect(() => judge(under, measured(1100, 1530, 1600), () => {})).toThrow(AssertionError);
  });
});

describe('real functions', () => {
  test('far under and far over', () => {
    expect(expectLatency(() => Math.sqrt(2)).toBeUnder('1ms').verdict).toBe('pass');
    expect(() => expectLatency(() => spin(1)).toBeUnder('10us')).toThrow(/is not under 10 µs/);
    expect(expectThroughput(() => Math.sqrt(2)).toBeOver('1k/s').unit).toBe('ops/s');
    expect(() => expectThroughput(() => spin(1), { bytes: 10 }).toBeOver('1GB/s')).toThrow(/is not over 1 GiB\/s/);
    const { toBeUnder } = expectLatency(() => Math.sqrt(2));
    expect(toBeUnder('1ms').verdict).toBe('pass');
  });

  test('async functions give promises', async () => {
    const passed = expectLatency(async () => 1).toBeUnder('10ms');
    expect(passed).toBeInstanceOf(Promise);
    expect((await passed).verdict).toBe('pass');
    await expect(expectLatency(() => pause(5), { rounds: 2 }).toBeUnder('1ms')).rejects.toThrow(/is not under 1 ms/);
    await expect(expectLatency(async () => Promise.reject(new Error('its own'))).toBeUnder('1ms')).rejects.toThrow(
      'its own',
    );
  });

  test('memory of one item: objects, buffers, and what is kept elsewhere', () => {
    expect(expectMemoryPer(2000, (i) => [i, i + 1, i + 2]).toBeUnder('500B').verdict).toBe('pass');
    const buffers = expectMemoryPer(500, () => Buffer.alloc(10_000)).toBeUnder('20kB');
    expect(buffers.value).toBeGreaterThan(9000);
    expect(buffers.value).toBeLessThan(12_000);
    const kept: string[][] = [];
    expect(() =>
      expectMemoryPer(500, (i) => {
        kept.push(Array.from({ length: 100 }, (_, at) => `text ${i} ${at}`));
      }).toBeUnder('100B'),
    ).toThrow(/is not under 100 B/);
  });

  test('each call of expectMemoryPer gets a number of its own', () => {
    const seen = new Set<number>();
    let calls = 0;
    expectMemoryPer(50, (i) => {
      seen.add(i);
      calls++;
    }).toBeUnder('1MB');
    expect(seen.size).toBe(calls);
  });

  test('an error of the function comes through', () => {
    const broken = (): number => {
      throw new RangeError('its own');
    };
    expect(() => expectLatency(broken).toBeUnder('1us')).toThrow(new RangeError('its own'));
  });
});

test.each([
  [() => expectLatency(5 as never), 'expectLatency: what is measured must be a function'],
  [() => expectLatency(() => 1, { percentil: 9 } as never), 'expectLatency: percentil is no option'],
  [() => expectLatency(() => 1, { percentile: 100 }), 'percentile must be less than 100'],
  [() => expectLatency(() => 1, { rounds: 0 }), 'rounds must be a number, 1 at least'],
  [() => expectMemoryPer(0, () => 1), 'the number of items must be a whole number, 1 at least'],
  [
    () => expectLatency(() => 1).toBeUnder('5MB'),
    'expectLatency: "5MB" is no limit; give a number and one of ns, us, ms, s, min',
  ],
  [() => expectLatency(() => 1).toBeUnder('fast'), '"fast" is no limit'],
  [() => expectLatency(() => 1).toBeUnder(0), '0 is no limit'],
])('a mistake is no slow function: %#', (act, message) => {
  expect(act).toThrow(TypeError);
  expect(act).toThrow(message);
});

test.each([
  ['1us', 'ns', 1000],
  [250, 'ns', 250],
  ['256B', 'bytes', 256],
  ['1.5KiB', 'bytes', 1536],
  ['5k/s', 'ops/s', 5000],
  ['100MB/s', 'bytes/s', 100 * 1024 ** 2],
])('%s of %s', (limit, unit, expected) => {
  expect(limitOf(limit, unit, 'x')).toBe(expected);
});

test('calls are made as they were asked for', () => {
  const numbers: number[] = [];
  const conversation = function* (): Conversation<number> {
    const keep: unknown[] = [];
    const each = new Float64Array(2);
    const asked: Calls[] = [
      { count: 2, from: 10 },
      { count: 2, keep, from: 20 },
      { count: 2, each },
    ];
    for (const calls of asked) yield calls;
    return keep.length + each.length;
  };
  expect(driveSync(conversation(), (at) => numbers.push(at))).toBe(4);
  expect(numbers).toEqual([10, 11, 20, 21, 0, 1]);
});

function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
