import { describe, expect, test } from 'vitest';
import type { ConsoleSnapshot, TaskRow } from '../../../src/console/snapshot.ts';
import { Program } from '../../../src/console/tokio/program.ts';
import { readUpdate } from '../../../src/console/tokio/update-message.ts';
import { EPOCH, field, message, pollStats, update, type WrittenUpdate } from './message-writer.ts';
import { hasRecording, recordedUpdates } from './recording.ts';

const SECOND = 1e9;
const LIMITS = { retainFor: 6 * SECOND, longPoll: 20e6 };

/** A program after some updates, the first of which has all. */
function programAfter(...updates: readonly WrittenUpdate[]): Program {
  const program = new Program(EPOCH, LIMITS);
  for (const [i, one] of updates.entries()) program.apply(readUpdate(update(one), EPOCH), i === 0);
  return program;
}

const look = (program: Program): ConsoleSnapshot => program.snapshot('http://there', 'running', []);
const task = (program: Program, id: string): TaskRow => look(program).tasks.find((row) => row.id === id)!;

describe('a task', () => {
  test('is what it was spawned as: name, kind, place, further fields', () => {
    const location = {
      file: '/home/me/.cargo/registry/src/index.crates.io-6f17d22bba15001f/hyper-1.5.0/src/rt.rs',
      line: 3,
      column: 9,
    };
    const program = programAfter({
      now: 2 * SECOND,
      tasks: [
        {
          id: 2n ** 63n + 1n,
          fields: {
            kind: 'task',
            'task.name': 'a\u001b[31mb',
            'task.id': 2n ** 53n + 1n,
            shard: -7,
            on: true,
            empty: '',
          },
          location,
          stats: { created: SECOND },
        },
        { id: 5, isBlocking: true, stats: { created: SECOND } },
        {
          id: 6,
          fields: { kind: 'blocking', fn: 'a::b', 'spawn.location': 'src/x.rs:12:5' },
          stats: { created: SECOND },
        },
        { id: 7, location: { module: 'app::net' }, stats: { created: SECOND } },
      ],
    });
    const [first, second, third, fourth] = look(program).tasks;
    expect(first).toMatchObject({
      id: '9223372036854775809',
      kind: 'task',
      name: 'a\u001b[31mb',
      place: { function: '', file: '<cargo>/hyper-1.5.0/src/rt.rs', line: 3, column: 9 },
      fields: [
        { key: 'task.id', value: '9007199254740993' },
        { key: 'shard', value: '-7' },
        { key: 'on', value: 'true' },
        { key: 'target', value: 'tokio::task' },
      ],
      created: 1,
      live: 1,
      total: SECOND,
    });
    expect(second).toMatchObject({ kind: 'blocking', name: '', stack: [] });
    expect(third!.stack).toEqual([{ function: 'a::b', file: 'src/x.rs', line: 12, column: 5 }]);
    expect(fourth!.place).toEqual({ function: '', file: 'app::net', line: 0, column: 0 });
  });

  test('is idle, scheduled, running or completed, and its times add up with what goes on now', () => {
    const created = 0;
    const program = programAfter({
      now: 10 * SECOND,
      tasks: [
        {
          id: 1,
          stats: {
            created,
            polls: 1,
            pollStarted: SECOND,
            pollEnded: 2 * SECOND,
            busy: SECOND,
            lastWake: 0.5 * SECOND,
            clones: 1,
          },
        },
        // Woken 3 s ago, not polled since
        {
          id: 2,
          stats: {
            created,
            polls: 1,
            pollStarted: SECOND,
            pollEnded: 2 * SECOND,
            busy: SECOND,
            lastWake: 7 * SECOND,
            scheduled: 5,
          },
        },
        // Polled for 4 s, and woken meanwhile: it is not scheduled yet
        {
          id: 3,
          stats: {
            created,
            polls: 2,
            pollStarted: 6 * SECOND,
            pollEnded: 2 * SECOND,
            busy: SECOND,
            lastWake: 7 * SECOND,
          },
        },
        // Woken during its last poll: its wait began when that ended
        {
          id: 4,
          stats: {
            created,
            polls: 2,
            pollStarted: 5 * SECOND,
            pollEnded: 8 * SECOND,
            busy: 3 * SECOND,
            lastWake: 6 * SECOND,
          },
        },
        {
          id: 5,
          stats: {
            created,
            dropped: 9 * SECOND,
            polls: 1,
            pollStarted: 8 * SECOND,
            pollEnded: 9 * SECOND,
            busy: SECOND,
          },
        },
        { id: 6, stats: { created: 9 * SECOND } },
      ],
    });
    const rows = look(program).tasks.map(({ id, state, total, busy, scheduled, idle, live }) => [
      id,
      state,
      total,
      busy,
      scheduled,
      idle,
      live,
    ]);
    expect(rows).toEqual([
      ['1', 'idle', 10e9, 1e9, 0, 9e9, 1],
      ['2', 'scheduled', 10e9, 1e9, 3e9 + 5, 6e9 - 5, 1],
      ['3', 'running', 10e9, 5e9, 0, 5e9, 1],
      ['4', 'scheduled', 10e9, 3e9, 2e9, 5e9, 1],
      ['5', 'completed', 9e9, 1e9, 0, 8e9, 0],
      ['6', 'idle', 1e9, 0, 0, 1e9, 1],
    ]);
    expect(task(program, '1').wakes).toEqual({ total: 0, self: 0, wakers: 1, last: 9.5e9 });
    expect(task(program, '6').wakes).toEqual({ total: 0, self: 0, wakers: 0 });
  });

  test('keeps its figures until others come: an update has only what changed', () => {
    const program = programAfter(
      {
        now: SECOND,
        tasks: [
          { id: 1, stats: { polls: 5 } },
          { id: 2, stats: { polls: 6 } },
        ],
      },
      {
        now: 2 * SECOND,
        changed: [
          { id: 2, stats: { polls: 9 } },
          { id: 77, stats: {} },
        ],
      },
    );
    expect(look(program).tasks.map(({ id, polls, total }) => [id, polls, total])).toEqual([
      ['1', 5, 2e9],
      ['2', 9, 2e9],
    ]);
  });

  test('is shown for some seconds after its end, as are resources', () => {
    const ended = { id: 1, stats: { dropped: SECOND } };
    const [before, after] = [6.9, 7].map(
      (now) => look(programAfter({ now: 2 * SECOND, tasks: [ended] }, { now: now * SECOND })).tasks.length,
    );
    expect([before, after]).toEqual([1, 0]);
  });

  test('that comes again under the id of one before is another one', () => {
    const program = programAfter(
      {
        now: SECOND,
        tasks: [
          {
            id: 1,
            fields: { 'task.name': 'old' },
            stats: { created: 1, polls: 1, pollStarted: 1, pollEnded: 9e8, busy: 9e8 },
          },
        ],
      },
      { now: 2 * SECOND, tasks: [{ id: 1, fields: { 'task.name': 'new' }, stats: { created: SECOND } }] },
    );
    expect(task(program, '1')).toMatchObject({ name: 'new', longestPoll: 0 });
  });

  test('has a longest poll of those that were seen: the last, the one that goes on, or more than the mean of some', () => {
    const program = programAfter(
      {
        now: SECOND,
        tasks: [
          { id: 1, stats: { polls: 1, pollStarted: 0, pollEnded: 5e6, busy: 5e6 } },
          { id: 2, stats: {} },
        ],
      },
      {
        now: 2 * SECOND,
        changed: [{ id: 1, stats: { polls: 3, pollStarted: 1.5e9, pollEnded: 1.5e9 + 10, busy: 25e6 } }],
      },
    );
    expect(task(program, '1').longestPoll).toBe(10e6);
    program.apply(
      readUpdate(update({ now: 3 * SECOND, changed: [{ id: 2, stats: { polls: 1, pollStarted: 2.25e9 } }] }), EPOCH),
      false,
    );
    expect(task(program, '2').longestPoll).toBe(0.75e9);
    program.detail({
      task: '1',
      pollTimes: { bounds: [9, 30e6, 31e6], counts: [1, 0, 2], max: 31e6 },
      scheduledTimes: undefined,
    });
    expect(task(program, '1')).toMatchObject({ longestPoll: 30e6 + 1, pollTimes: { max: 31e6 } });
    program.forgetDetails('1');
    expect(task(program, '1').pollTimes).toBeUndefined();
  });
});

describe('resources', () => {
  const id = (value: number): Buffer => message({ 1: value });
  const stamp = (seconds: number): Buffer => message({ 1: EPOCH + seconds });
  const resources = message({
    1: [
      message({ 1: id(10), 3: 'Mutex', 4: message({ 2: 'Sync' }), 5: message({ 1: 'src/a.rs', 3: 4, 4: 2 }) }),
      message({ 1: id(11), 3: 'Semaphore', 4: message({ 2: 'Sync' }), 6: id(10), 7: true }),
      message({ 1: id(12), 3: 'Sleep', 4: message({ 1: 0 }) }),
      message({ 1: id(13), 3: 'Never' }),
    ],
    2: [
      message({ 1: 10, 2: message({ 1: stamp(1), 3: message({ 1: field('locked', true) }) }) }),
      message({ 1: 11, 2: message({ 1: stamp(1), 3: message({ 1: field('permits', 0) }) }) }),
      message({ 1: 12, 2: message({ 1: stamp(2), 2: stamp(4), 3: message({ 1: field('duration', 51), 2: 'ms' }) }) }),
    ],
  });
  const operations = message({
    1: [
      message({ 1: id(20), 3: 'Mutex::lock', 5: id(10) }),
      message({ 1: id(21), 3: 'Acquire::new', 4: id(20), 5: id(11) }),
    ],
    2: [
      message({ 1: 20, 2: message({ 1: stamp(2), 4: id(7), 5: pollStats({ polls: 3, pollStarted: 4e9, busy: 5 }) }) }),
      message({ 1: 21, 2: message({ 1: stamp(2), 6: message({ 1: field('permits_requested', 1) }) }) }),
    ],
  });

  test('have kind, type, place, attributes with units, parents, and who waits for them', () => {
    const program = programAfter({ now: 5 * SECOND, resources, operations });
    expect(look(program).resources).toEqual([
      {
        id: '10',
        kind: 'sync',
        type: 'Mutex',
        place: { function: '', file: 'src/a.rs', line: 4, column: 2 },
        opened: 1,
        closed: 0,
        live: 1,
        age: 4e9,
        isEstimate: false,
        attributes: [{ key: 'locked', value: 'true' }],
        operations: [
          { id: '20', task: '7', source: 'Mutex::lock', total: 3e9, busy: 1e9 + 5, polls: 3, attributes: [] },
        ],
      },
      expect.objectContaining({
        id: '11',
        parent: '10',
        attributes: [
          { key: 'permits', value: '0' },
          { key: 'visibility', value: 'internal' },
        ],
        operations: [
          expect.objectContaining({ id: '21', parent: '20', attributes: [{ key: 'permits_requested', value: '1' }] }),
        ],
      }),
      expect.objectContaining({
        id: '12',
        kind: 'timer',
        live: 0,
        closed: 1,
        age: 2e9,
        attributes: [{ key: 'duration', value: '51ms' }],
      }),
    ]);
    program.apply(readUpdate(update({ now: 10 * SECOND }), EPOCH), false);
    expect(look(program).resources.map((row) => row.id)).toEqual(['10', '11']);
  });
});

describe('the program', () => {
  test('says what it dropped, in all', () => {
    const program = programAfter({ now: SECOND, dropped: [1, 2, 3] }, { now: 2 * SECOND, dropped: [1000, 0, 0] });
    expect(look(program).notes).toEqual([
      'the program dropped events, as its buffer was full (1,001 of tasks, 2 of resources, 3 of operations): some are missing or seem to run for ever; give it a larger TOKIO_CONSOLE_BUFFER_CAPACITY',
    ]);
  });

  test('on a new connection has only what is still there; one that was started anew is told apart', () => {
    const program = programAfter({
      now: SECOND,
      tasks: [
        { id: 1, stats: { created: 5 } },
        { id: 2, stats: { created: 6 } },
      ],
      dropped: [9, 0, 0],
    });
    program.apply(readUpdate(update({ now: 9 * SECOND, tasks: [{ id: 2, stats: { created: 6 } }] }), EPOCH), true);
    expect(look(program).tasks.map((row) => row.id)).toEqual(['2']);
    expect(look(program).notes).toHaveLength(1);

    program.apply(readUpdate(update({ now: 12 * SECOND, tasks: [{ id: 2, stats: { created: 11e9 } }] }), EPOCH), true);
    expect(look(program).notes).toEqual(['the program was started anew: what was known of the one before is gone']);
    program.apply(readUpdate(update({ now: 22 * SECOND }), EPOCH), false);
    expect(look(program).notes).toEqual([]);
  });

  test('has the time of its last update, and tokio by its version', () => {
    const { time, target, version } = look(programAfter({ now: 1.5 * SECOND, tokio: '1.44.2' }));
    expect({ time, target, version }).toEqual({
      time: EPOCH * 1000 + 1500,
      target: { source: 'tokio', title: 'http://there', runtime: 'tokio 1.44.2' },
      version: 1,
    });
  });
});

describe.runIf(hasRecording)('a recorded program (console-subscriber 0.2.0, tokio 1.24.2)', () => {
  const program = new Program(1_795_433_488, LIMITS);
  const snapshots = (hasRecording ? recordedUpdates() : []).map((bytes, i) => {
    program.apply(readUpdate(bytes, 1_795_433_488), i === 0);
    return look(program);
  });

  test('has tokio-console’s warnings about its tasks, which its rules give by another reading of the same updates', () => {
    const all = snapshots.map(({ tasks }) =>
      tasks
        .flatMap(({ name, warnings }) =>
          warnings.filter(({ kind }) => kind !== 'long-poll').map(({ kind }) => `${name}: ${kind}`),
        )
        .sort(),
    );
    // The first time that a task is seen without waker says little
    expect(all[0]).toEqual(['self-waker: self-wakes']);
    for (const warnings of all.slice(1)) expect(warnings).toEqual(['lost-waker: lost-waker', 'self-waker: self-wakes']);
  });

  test('has one task that polls for long', () => {
    const last = snapshots.at(-1)!.tasks;
    const long = last.filter(({ warnings }) => warnings.some(({ kind }) => kind === 'long-poll'));
    expect(long.map(({ name }) => name)).toEqual(['blocker']);
  });

  test('has its tasks and resources as protoc reads them', () => {
    const { tasks, resources, target, notes } = snapshots.at(-1)!;
    expect(target.runtime).toBe('tokio 1.24.2');
    expect(notes).toEqual([]);
    const names = [
      'blocker',
      'consumer',
      'echo-client',
      'echo-server',
      'large-future',
      'locker-0',
      'locker-1',
      'locker-2',
    ];
    expect(
      tasks
        .map(({ name }) => name)
        .filter(Boolean)
        .sort(),
    ).toEqual([...names, 'lost-waker', 'producer', 'self-waker', 'spawner']);
    expect(tasks.find(({ name }) => name === 'self-waker')).toMatchObject({
      polls: 4074,
      wakes: { total: 4073, self: 3880, wakers: 1 },
      place: { file: 'demo/src/main.rs' },
    });
    expect(tasks.filter(({ kind }) => kind === 'blocking').every(({ place }) => place!.line === 365)).toBe(true);
    const mutex = resources.find(({ type }) => type === 'tokio::sync::Mutex')!;
    expect(mutex).toMatchObject({ id: '7', kind: 'sync', attributes: [{ key: 'locked', value: 'true' }] });
    expect(resources.filter(({ parent }) => parent === '7').map(({ type }) => type)).toEqual([
      'tokio::sync::batch_semaphore::Semaphore',
    ]);
    const ids = new Set(tasks.map(({ id }) => id));
    const waiting = resources
      .flatMap(({ operations }) => operations)
      .filter((operation) => operation.task !== undefined);
    expect(waiting.length).toBeGreaterThan(0);
    for (const operation of waiting) expect(ids).toContain(operation.task);
  });
});
