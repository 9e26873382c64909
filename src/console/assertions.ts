import { UserError } from '../errors.ts';
import { type Comparison, holds } from '../statistics/limit.ts';
import { LEAST_SECONDS, WARNING_SECONDS } from './node/warnings.ts';
import type { ConsoleSnapshot, LoopFigures, WarningKind } from './snapshot.ts';

/** What a watched program must keep to: `longest-poll<10ms`. */
export interface Assertion {
  /** As it was given. */
  readonly text: string;
  readonly metric: string;
  readonly operator: Comparison;
  /** In the unit of the metric. */
  readonly limit: number;
}

/** An assertion and what was seen. */
export interface AssertionVerdict {
  readonly assertion: Assertion;
  /** undefined where the source does not tell: the assertion is not kept then. */
  readonly value: number | undefined;
  readonly unit: MetricUnit;
  readonly kept: boolean;
  /** Of what only a longer look can tell: seconds that have to be watched before it counts; kept is false then. */
  readonly needs?: number;
}

/** Nanoseconds, parts of a whole, plain numbers, bytes. */
type MetricUnit = 'time' | 'share' | 'number' | 'bytes';

interface Metric {
  readonly unit: MetricUnit;
  /** Of one snapshot; of several the largest counts. */
  readonly value: (snapshot: ConsoleSnapshot) => number | undefined;
}

const sum = <Row>(rows: readonly Row[], value: (row: Row) => number): number =>
  rows.reduce((total, row) => total + value(row), 0);
const most = <Row>(rows: readonly Row[], value: (row: Row) => number): number =>
  rows.reduce((largest, row) => Math.max(largest, value(row)), 0);

function delay(part: keyof LoopFigures['delay']): Metric {
  return { unit: 'time', value: ({ loop }) => loop?.delay[part] };
}

const WARNING_KINDS = [
  'self-wakes',
  'lost-waker',
  'never-yields',
  'auto-boxed-future',
  'large-future',
  'long-poll',
  'never-resolved',
  'rescheduling-timer',
  'keeps-alive',
  'growing',
  'unhandled-rejection',
] as const satisfies readonly WarningKind[];

const METRICS: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ['longest-poll', { unit: 'time', value: ({ tasks }) => most(tasks, ({ longestPoll }) => longestPoll) }],
  ['longest-block', { unit: 'time', value: ({ blocking }) => most(blocking, ({ longest }) => longest) }],
  ['blocks', { unit: 'number', value: ({ blocking }) => sum(blocking, ({ count }) => count) }],
  ['live-tasks', { unit: 'number', value: ({ tasks }) => sum(tasks, ({ live }) => live) }],
  ['live-resources', { unit: 'number', value: ({ resources }) => sum(resources, ({ live }) => live) }],
  ['delay-p50', delay('p50')],
  ['delay-p90', delay('p90')],
  ['delay-p99', delay('p99')],
  ['delay-p99.9', delay('p999')],
  ['delay-max', delay('max')],
  ['utilization', { unit: 'share', value: ({ loop }) => loop?.utilization }],
  ['cost', { unit: 'share', value: ({ cost }) => cost?.share }],
  ['rss', { unit: 'bytes', value: ({ loop }) => loop?.memory.rss }],
  ['heap', { unit: 'bytes', value: ({ loop }) => loop?.memory.heapUsed }],
  ['warnings', { unit: 'number', value: (snapshot) => warningsOf(snapshot).length }],
  ...WARNING_KINDS.map((kind): [string, Metric] => [
    kind,
    { unit: 'number', value: (snapshot) => warningsOf(snapshot).filter((one) => one === kind).length },
  ]),
]);

function warningsOf({ warnings, tasks }: ConsoleSnapshot): string[] {
  return [...warnings, ...tasks.flatMap((task) => task.warnings)].map(({ kind }) => kind);
}

const UNITS: Readonly<Record<MetricUnit, ReadonlyMap<string, number>>> = {
  time: new Map([
    ['ns', 1],
    ['us', 1e3],
    ['µs', 1e3],
    ['ms', 1e6],
    ['s', 1e9],
  ]),
  share: new Map([
    ['%', 0.01],
    ['', 1],
  ]),
  number: new Map([
    ['', 1],
    ['k', 1e3],
    ['M', 1e6],
  ]),
  bytes: new Map([
    ['', 1],
    ['B', 1],
    ['KB', 1024],
    ['MB', 1024 ** 2],
    ['GB', 1024 ** 3],
  ]),
};

const SHAPE = /^\s*([a-z][a-z.\d-]*)\s*(<=|>=|==|!=|<|>)\s*(\d+(?:\.\d+)?)\s*([a-zµ%]*)\s*$/i;

/**
 * Reads an assertion: `longest-poll<10ms`, `blocks==0`, `delay-p99<=50ms`, `utilization<80%`, `lost-waker==0`, `rss<512MB`.
 * @throws {UserError} what it should look like
 */
export function parseAssertion(text: string): Assertion {
  const [, metric, operator, value, unit] = SHAPE.exec(text) ?? [];
  const wrong = (what: string): UserError =>
    new UserError(`${JSON.stringify(text)}: ${what}`, {
      hint: "assertions look like 'longest-poll<10ms', 'blocks==0', 'utilization<80%'",
    });
  if (metric === undefined) throw wrong('no assertion');
  const known = METRICS.get(metric);
  if (known === undefined) throw wrong(`unknown is ${metric}; known are ${[...METRICS.keys()].join(', ')}`);
  const factor = UNITS[known.unit].get(unit!);
  if (factor === undefined) {
    const words = [...UNITS[known.unit].keys()].filter((word) => word !== '').join(', ');
    throw wrong(
      unit === '' ? `${metric} needs a unit: ${words}` : `${unit} is no unit of ${metric}, which has ${words}`,
    );
  }
  return { text, metric, operator: operator as Comparison, limit: Number(value) * factor };
}

/**
 * Seconds of watching before a value of node means anything: a block is looked into once a thread has settled, and there are no
 * warnings before there can be. tokio's need none of it.
 */
const NEEDED: ReadonlyMap<string, number> = new Map<string, number>([
  ['blocks', LEAST_SECONDS],
  ['longest-block', LEAST_SECONDS],
  ...WARNING_SECONDS,
  ['warnings', Math.max(...WARNING_SECONDS.values())],
]);
/** Reports come about once a second, the first one after one. */
const TOLERANCE = 0.9;
const FIRST = 1;

/** Judges what was seen in all snapshots of a time that was watched: the largest value of each metric counts. */
export class AssertionJudge {
  private readonly assertions: readonly Assertion[];
  private readonly largest: (number | undefined)[];
  private first: ConsoleSnapshot | undefined;
  private last: ConsoleSnapshot | undefined;

  constructor(assertions: readonly Assertion[]) {
    this.assertions = assertions;
    this.largest = assertions.map(() => undefined);
  }

  see(snapshot: ConsoleSnapshot): void {
    this.first ??= snapshot;
    this.last = snapshot;
    for (const [i, { metric }] of this.assertions.entries()) {
      const value = METRICS.get(metric)!.value(snapshot);
      if (value !== undefined) this.largest[i] = Math.max(this.largest[i] ?? 0, value);
    }
  }

  verdicts(): AssertionVerdict[] {
    const { first, last } = this;
    const watched = first === undefined || last === undefined ? 0 : (last.time - first.time) / 1000;
    return this.assertions.map((assertion, i) => {
      const value = this.largest[i];
      const { unit } = METRICS.get(assertion.metric)!;
      const kept = value !== undefined && holds(value, assertion.operator, assertion.limit);
      // Of a program that has ended nothing more is to come
      const isOpen = last?.target.source === 'node' && last.state !== 'ended';
      const needs = isOpen ? NEEDED.get(assertion.metric) : undefined;
      // That there were none says nothing before there can be any; that there were many does
      const isBound = !assertion.operator.startsWith('>');
      const isTooShort = needs !== undefined && isBound && kept && watched < (needs - FIRST) * TOLERANCE;
      return { assertion, value, unit, kept: kept && !isTooShort, ...(isTooShort ? { needs } : {}) };
    });
  }
}
