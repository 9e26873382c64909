import type {
  BlockingRow,
  ConsoleSnapshot,
  LoopFigures,
  ResourceRow,
  SourcePlace,
  TaskRow,
} from '../../src/console/snapshot.ts';

export const place = (name: string, line = 12, file = '/srv/app/server.js'): SourcePlace => ({
  function: name,
  file,
  line,
  column: 5,
});

export function task(words: Partial<TaskRow> & { readonly id: string }): TaskRow {
  return {
    kind: 'PROMISE',
    name: 'handle',
    state: 'idle',
    place: place('handle'),
    stack: [place('handle'), place('route', 40), place('onRequest', 8, 'node:_http_server')],
    thread: 0,
    created: 1204,
    live: 12,
    total: 12.3e9,
    busy: 120e6,
    scheduled: 0,
    idle: 12.18e9,
    polls: 2408,
    longestPoll: 12e6,
    pollTimes: {
      bounds: [1e3, 1e4, 1e5, 1e6, 1e7, Number.POSITIVE_INFINITY],
      counts: [10, 1500, 800, 90, 7, 1],
      max: 12e6,
    },
    isEstimate: true,
    fields: [],
    warnings: [],
    ...words,
  };
}

export function resource(words: Partial<ResourceRow> & { readonly id: string }): ResourceRow {
  return {
    kind: 'socket',
    type: 'TCPSocketWrap',
    place: place('accept', 20),
    opened: 120,
    closed: 100,
    live: 20,
    age: 42e9,
    keepsAlive: true,
    isEstimate: false,
    attributes: [{ key: 'peer', value: '127.0.0.1:5000' }],
    operations: [],
    ...words,
  };
}

export function blocking(words: Partial<BlockingRow> & { readonly id: string }): BlockingRow {
  return {
    stack: [place('pbkdf2Sync', 60, 'node:internal/crypto/pbkdf2'), place('hash', 31), place('login', 50)],
    thread: 0,
    count: 3,
    total: 360e6,
    longest: 130e6,
    last: 1_790_000_000_000,
    ...words,
  };
}

export function loop(words: Partial<LoopFigures> = {}): LoopFigures {
  return {
    delay: { p50: 0.1e6, p90: 0.8e6, p99: 12e6, p999: 60e6, max: 130e6 },
    utilization: 0.42,
    gc: [{ kind: 'minor', count: 12, total: 9e6, longest: 2e6 }],
    memory: { rss: 90 << 20, heapUsed: 40 << 20, heapTotal: 60 << 20, external: 3 << 20 },
    cpu: 0.5,
    ...words,
  };
}

export function snapshot(words: Partial<ConsoleSnapshot> = {}): ConsoleSnapshot {
  return {
    version: 1,
    time: 1_790_000_000_000,
    target: { source: 'node', title: 'node server.js', pid: 4711, runtime: 'v20.20.2', threads: 1 },
    state: 'running',
    tasks: [task({ id: 'a' })],
    resources: [resource({ id: 'r' })],
    blocking: [blocking({ id: 'b' })],
    loop: loop(),
    cost: { mode: 'windows', share: 0.012 },
    warnings: [],
    notes: [],
    ...words,
  };
}
