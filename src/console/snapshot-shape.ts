import type { ConsoleSnapshot, DurationHistogram } from './snapshot.ts';

/** Says what is wrong with a value: `tasks[3].busy is no number`; undefined where nothing is. */
type Check = (value: unknown, where: string) => string | undefined;

const number: Check = (value, where) => (typeof value === 'number' ? undefined : `${where} is no number`);
const text: Check = (value, where) => (typeof value === 'string' ? undefined : `${where} is no text`);
const truth: Check = (value, where) => (typeof value === 'boolean' ? undefined : `${where} is neither true nor false`);

function optional(check: Check): Check {
  return (value, where) => (value === undefined ? undefined : check(value, where));
}

function listOf(check: Check): Check {
  return (value, where) => {
    if (!Array.isArray(value)) return `${where} is no list`;
    for (const [i, one] of value.entries()) {
      const wrong = check(one, `${where}[${i}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

/** Other members than these are left alone: newer versions may have more. */
function record(members: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(members);
  return (value, where) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${where || 'it'} is no object`;
    for (const [name, check] of checks) {
      const wrong = check((value as Record<string, unknown>)[name], where === '' ? name : `${where}.${name}`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

function oneOf(words: readonly string[]): Check {
  return (value, where) => (words.includes(value as string) ? undefined : `${where} is none of ${words.join(', ')}`);
}

/** JSON has no Infinity: the last bound may be null. */
const bound: Check = (value, where) => (value === null ? undefined : number(value, where));

const place = record({ function: text, file: text, line: number, column: number });
const fields = listOf(record({ key: text, value: text }));
const warnings = listOf(record({ kind: text, text }));
const histogram = record({ bounds: listOf(bound), counts: listOf(number), max: number });

const task = record({
  id: text,
  kind: text,
  name: text,
  state: oneOf(['running', 'scheduled', 'idle', 'completed']),
  place: optional(place),
  stack: listOf(place),
  thread: optional(number),
  created: number,
  live: number,
  total: number,
  busy: number,
  scheduled: number,
  idle: number,
  polls: number,
  longestPoll: number,
  pollTimes: optional(histogram),
  scheduledTimes: optional(histogram),
  wakes: optional(record({ total: number, self: number, wakers: number, last: optional(number) })),
  isEstimate: truth,
  fields,
  warnings,
  parent: optional(text),
});

const operation = record({
  id: text,
  task: optional(text),
  source: text,
  total: number,
  busy: number,
  polls: number,
  attributes: fields,
});

const resource = record({
  id: text,
  parent: optional(text),
  kind: text,
  type: text,
  place: optional(place),
  opened: number,
  closed: number,
  live: number,
  age: number,
  keepsAlive: optional(truth),
  isEstimate: truth,
  attributes: fields,
  operations: listOf(operation),
});

const blocking = record({
  id: text,
  stack: listOf(place),
  thread: number,
  count: number,
  total: number,
  longest: number,
  last: number,
});

const loop = record({
  delay: record({ p50: number, p90: number, p99: number, p999: number, max: number }),
  utilization: number,
  gc: listOf(record({ kind: text, count: number, total: number, longest: number })),
  memory: record({ rss: number, heapUsed: number, heapTotal: number, external: number }),
  cpu: number,
});

const snapshot = record({
  version: number,
  time: number,
  target: record({
    source: oneOf(['node', 'tokio']),
    title: text,
    pid: optional(number),
    runtime: optional(text),
    threads: optional(number),
  }),
  state: oneOf(['running', 'paused', 'ended']),
  tasks: listOf(task),
  resources: listOf(resource),
  blocking: listOf(blocking),
  loop: optional(loop),
  cost: optional(record({ mode: oneOf(['windows', 'all']), share: number })),
  warnings,
  notes: listOf(text),
});

/**
 * Makes sure that what was parsed as JSON is a snapshot.
 * @returns the snapshot, or what is wrong with it
 */
export function checkedSnapshot(value: unknown): ConsoleSnapshot | string {
  const wrong = snapshot(value, '');
  if (wrong !== undefined) return wrong;
  const { version, tasks } = value as ConsoleSnapshot;
  if (version !== 1) return `it is of version ${version}, and only 1 is known`;
  if (!tasks.some(({ pollTimes, scheduledTimes }) => pollTimes !== undefined || scheduledTimes !== undefined)) {
    return value as ConsoleSnapshot;
  }
  return {
    ...(value as ConsoleSnapshot),
    tasks: tasks.map((row) => ({
      ...row,
      ...(row.pollTimes === undefined ? {} : { pollTimes: unbounded(row.pollTimes) }),
      ...(row.scheduledTimes === undefined ? {} : { scheduledTimes: unbounded(row.scheduledTimes) }),
    })),
  };
}

function unbounded({ bounds, counts, max }: DurationHistogram): DurationHistogram {
  return { bounds: bounds.map((one: number | null) => one ?? Number.POSITIVE_INFINITY), counts, max };
}
