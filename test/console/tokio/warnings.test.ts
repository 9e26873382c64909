import { describe, expect, test } from 'vitest';
import { Program } from '../../../src/console/tokio/program.ts';
import { readUpdate } from '../../../src/console/tokio/update-message.ts';
import { EPOCH, update, type WrittenStats, type WrittenTask, type WrittenUpdate } from './message-writer.ts';

const SECOND = 1e9;

/** The warnings of the task `1` after some updates: kind and text. */
function warningsAfter(...updates: readonly WrittenUpdate[]): [kind: string, text: string][] {
  const program = new Program(EPOCH, { retainFor: 6 * SECOND, longPoll: 20e6 });
  for (const [i, one] of updates.entries()) program.apply(readUpdate(update(one), EPOCH), i === 0);
  const { tasks } = program.snapshot('', 'running', []);
  return tasks.find(({ id }) => id === '1')!.warnings.map(({ kind, text }) => [kind, text]);
}

const kinds = (...updates: readonly WrittenUpdate[]): string[] => warningsAfter(...updates).map(([kind]) => kind);
const one = (stats: WrittenStats, fields: WrittenTask['fields'] = { kind: 'task' }): WrittenTask => ({
  id: 1,
  fields,
  stats,
});
/** It waits, and has a waker. */
const WAITING: WrittenStats = { polls: 1, pollStarted: 1, pollEnded: 2, busy: 1, clones: 1 };

describe('self-wakes', () => {
  test('of more than half of all wakes, counted in whole percents as tokio-console does', () => {
    const of = (selfWakes: number, wakes: number, kind = 'task'): string[] =>
      kinds({ now: SECOND, tasks: [one({ ...WAITING, wakes, selfWakes }, { kind })] });
    expect(of(50, 100)).toEqual([]);
    expect(of(509, 1000)).toEqual([]);
    expect(of(51, 100)).toEqual(['self-wakes']);
    expect(of(0, 0)).toEqual([]);
    expect(of(100, 100, 'blocking')).toEqual([]);
    expect(of(100, 100, 'block_on')).toEqual([]);
    expect(of(100, 100, 'local')).toEqual(['self-wakes']);
  });

  test('text', () => {
    expect(warningsAfter({ now: SECOND, tasks: [one({ ...WAITING, wakes: 4073, selfWakes: 3880 })] })[0]![1]).toBe(
      'it woke itself in 3,880 of 4,073 wakes (95%): a loop that yields instead of waiting keeps a core busy',
    );
  });
});

describe('a lost waker', () => {
  const LOST: WrittenStats = { ...WAITING, clones: 2, drops: 2 };
  const kindsAfter = (stats: WrittenStats, kind = 'task'): string[] =>
    kinds({ now: SECOND, tasks: [one(stats, { kind })] }, { now: 2 * SECOND });

  test('is warned of when the task has waited without waker from one update to the next', () => {
    expect(kindsAfter(LOST)).toEqual(['lost-waker']);
    expect(kindsAfter({ ...LOST, clones: 0, drops: 0 })).toEqual(['lost-waker']);
  });

  test.each<[string, WrittenStats, string?]>([
    ['has a waker', WAITING],
    ['has not been polled yet', { clones: 0 }],
    ['is being polled', { ...LOST, polls: 2, pollStarted: 0.9e9 }],
    ['was woken and is not polled yet', { ...LOST, lastWake: 3 }],
    ['woke itself while it was polled (console#149)', { ...LOST, pollStarted: 5, pollEnded: 9, lastWake: 7 }],
    ['has ended', { ...LOST, dropped: 0.5e9 }],
    ['blocks', LOST, 'blocking'],
    ['is what block_on runs', LOST, 'block_on'],
  ])('is none of a task that %s', (_name, stats, kind) => {
    expect(kindsAfter(stats, kind).filter((one) => one === 'lost-waker')).toEqual([]);
  });

  test('is none where the update came between the count of wakers and the wake (console#149, #237)', () => {
    const torn = { now: SECOND, tasks: [one(LOST)] };
    expect(kinds(torn)).toEqual([]);
    // Each time anew, at each update
    const polledOn = [2, 3, 4].map((n) => ({ now: n * SECOND, changed: [one({ ...LOST, polls: n, wakes: n })] }));
    expect(kinds(torn, ...polledOn)).toEqual([]);
    expect(kinds(torn, ...polledOn, { now: 5 * SECOND })).toEqual(['lost-waker']);
  });

  test('is doubted where tokio does not tell of tasks that have ended (console#345, #380)', () => {
    const updates = (tokio: string): WrittenUpdate[] => [
      { now: SECOND, tasks: [one(LOST)], tokio },
      { now: 2 * SECOND, tokio },
    ];
    const certain = 'it has lost its waker: it waits, and nothing can wake it any more';
    expect(warningsAfter(...updates('1.35.0'))).toEqual([['lost-waker', certain]]);
    expect(warningsAfter(...updates('1.34.0'))).toEqual([
      [
        'lost-waker',
        `${certain}; or it has ended, and tokio before 1.35 does not say so while a task lives that it spawned`,
      ],
    ]);
  });
});

describe('never yields', () => {
  const kindsAfter = (stats: WrittenStats, now = 3 * SECOND, kind = 'task'): string[] =>
    kinds({ now, tasks: [one(stats, { kind })] });

  test('a first poll that has been running for a second', () => {
    expect(kindsAfter({ polls: 1, pollStarted: 2 * SECOND })).toEqual(['never-yields']);
    expect(kindsAfter({ polls: 1, pollStarted: 2 * SECOND }, 3 * SECOND - 1)).toEqual(['long-poll']);
    expect(kindsAfter({ polls: 2, pollStarted: 2 * SECOND, pollEnded: 1, busy: 1, clones: 1 })).toEqual(['long-poll']);
    expect(kindsAfter({ polls: 1, pollStarted: 1, pollEnded: 2 * SECOND, busy: 2 * SECOND, clones: 1 })).toEqual([
      'long-poll',
    ]);
    expect(kindsAfter({ polls: 1, pollStarted: 1 }, 3 * SECOND, 'blocking')).toEqual([]);
    expect(kindsAfter({ polls: 1, pollStarted: 1, dropped: 2 * SECOND })).toEqual([]);
  });

  test('text', () => {
    expect(warningsAfter({ now: 7 * SECOND, tasks: [one({ polls: 1, pollStarted: 2 * SECOND })] })).toEqual([
      [
        'never-yields',
        'its first poll has been running for 5 s: it never yields, and holds a worker; spawn_blocking is for such work',
      ],
    ]);
  });
});

describe('futures', () => {
  const of = (fields: WrittenTask['fields'], kind = 'task'): string[] =>
    kinds({ now: SECOND, tasks: [one(WAITING, { kind, ...fields })] });

  test('of 1024 bytes or more are large', () => {
    expect(of({ 'size.bytes': 1023 })).toEqual([]);
    expect(of({ 'size.bytes': 1024 })).toEqual(['large-future']);
    expect(of({ 'size.bytes': 1024 }, 'blocking')).toEqual([]);
    expect(of({})).toEqual([]);
  });

  test('that the runtime boxed are told, whatever the task', () => {
    expect(of({ 'size.bytes': 8, 'original_size.bytes': 8 })).toEqual([]);
    expect(of({ 'size.bytes': 8, 'original_size.bytes': 20_000 })).toEqual(['auto-boxed-future']);
    expect(of({ 'size.bytes': 8, 'original_size.bytes': 20_000 }, 'blocking')).toEqual(['auto-boxed-future']);
    expect(of({ 'original_size.bytes': 20_000 })).toEqual([]);
  });

  test('text', () => {
    const fields = { kind: 'task', 'size.bytes': 2048, 'original_size.bytes': 20_000 };
    expect(warningsAfter({ now: SECOND, tasks: [one(WAITING, fields)] })).toEqual([
      [
        'auto-boxed-future',
        'its future was boxed by the runtime for its size (20,000 bytes, 2,048 bytes boxed): Box::pin its large parts',
      ],
      [
        'large-future',
        'its future has 2,048 bytes (limit 1,024 bytes), which are moved about: Box::pin its large parts',
      ],
    ]);
  });
});

describe('a long poll', () => {
  test('is one over the limit, of a task that runs on a worker', () => {
    const of = (busy: number, kind = 'task'): string[] =>
      kinds({ now: SECOND, tasks: [one({ ...WAITING, pollStarted: 0, pollEnded: busy, busy }, { kind })] });
    expect(of(20e6)).toEqual([]);
    expect(of(20e6 + 1)).toEqual(['long-poll']);
    expect(of(500e6, 'blocking')).toEqual([]);
  });
});
