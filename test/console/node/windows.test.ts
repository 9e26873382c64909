import { afterEach, expect, test, vi } from 'vitest';
import { Choice } from '../../../src/preload/console/choice.ts';
import type { Operations } from '../../../src/preload/console/operations.ts';
import { Windows } from '../../../src/preload/console/windows.ts';

afterEach(() => vi.restoreAllMocks());

/** What a window shows of a program that makes so many hook calls in a millisecond, up to what a window is allowed. */
class Made {
  on = false;
  events = 0;
  stackTime = 0;
  endedAt = 0;
  readonly promises = new Choice();
  readonly others = new Choice();
  partSeen: number | undefined;
  duty = 1;
  unhurried = false;
  hasOwn = true;
  readonly own = new WeakSet<object>();
  readonly begun: number[] = [];
  private readonly perMs: number;
  private since = 0;
  private most = 0;

  constructor(perMs: number) {
    this.perMs = perMs;
  }

  begin(_limit: number, most: number): void {
    this.on = true;
    this.since = performance.now();
    this.most = most;
    this.events = most === Number.POSITIVE_INFINITY ? 0 : Math.min(most, this.perMs * 20);
    this.begun.push(this.since);
  }

  end(): void {
    if (!this.on) return;
    this.on = false;
    this.endedAt = this.since + Math.min(20, this.most / this.perMs);
  }

  unseen<Value>(action: () => Value): Value {
    return action();
  }
}

/** Counts windows within some time of a program that uses a quarter of a processor. */
async function windowsOf(perMs: number, ms: number): Promise<Made> {
  const from = performance.now();
  vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: (performance.now() - from) * 250, system: 0 }));
  const made = new Made(perMs);
  const windows = new Windows(made as unknown as Operations, false, false);
  windows.start();
  await new Promise((done) => setTimeout(done, ms));
  windows.stop();
  return made;
}

test('windows are as far apart as what they cost demands: a hundredth of what the program uses', async () => {
  const { begun, duty } = await windowsOf(2500, 2500);
  // 5,000 calls of 500 ns, and the switching, of a quarter of a processor: every 1.08 s
  expect(begun.length).toBeGreaterThanOrEqual(2);
  expect(begun.length).toBeLessThanOrEqual(3);
  expect(begun[1]! - begun[0]!).toBeGreaterThan(900);
  expect(duty).toBeLessThan(0.03);
});

test('a program of few operations is seen whole, from a first short window on', async () => {
  const { begun, on, duty } = await windowsOf(0.5, 400);
  expect(duty).toBe(1);
  expect(begun[1]! - begun[0]!).toBeLessThan(200);
  expect(on).toBe(false);
});

test('what code that is warm costs decides whether a program is seen whole', async () => {
  // 10 calls of 100 ns in a millisecond are a thousandth of the time, of 500 ns they were more than is allowed
  const { begun, duty } = await windowsOf(10, 400);
  expect(duty).toBe(1);
  expect(begun[1]! - begun[0]!).toBeLessThan(200);
});
