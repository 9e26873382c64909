import { readFileSync } from 'node:fs';
import { type Command as CommanderCommand, InvalidArgumentError, type Option } from 'commander';
import { readError, UserError } from '../../errors.ts';
import { type LoadPlan, type LoadRequest, PLAN_DEFAULTS, parseTarget } from '../../load/plan.ts';
import { readScenario } from '../../load/scenario.ts';
import { Workload } from '../../load/workload.ts';
import type { Attend } from '../../processes/supervise.ts';
import type { Progress } from '../../terminal/progress.ts';
import { collected, number, optionWord } from '../options/values.ts';
import { progressLine } from './progress.ts';

/** What is sent; names as commander makes them of the long options of `load`. */
export interface RequestOptions {
  readonly connections?: number;
  readonly threads?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly requests?: number;
  readonly rate?: number;
  readonly method?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly bodyFile?: string;
  readonly scenario?: string;
  readonly timeout?: number;
  readonly warmup?: number;
  readonly insecure?: boolean;
  readonly pipelining?: number;
}

/** What other commands than `load` have: the same, by names that do not collide with their own. */
export interface WorkloadOptions {
  /** The target. */
  readonly load?: string;
  readonly connections?: number;
  /** The command's own. */
  readonly duration?: number;
  readonly loadThreads?: number;
  readonly loadRequests?: number;
  readonly loadRate?: number;
  readonly loadMethod?: string;
  readonly loadHeader?: readonly string[];
  readonly loadBody?: string;
  readonly loadScenario?: string;
  readonly loadTimeout?: number;
  readonly loadWarmup?: number;
  readonly loadInsecure?: boolean;
  readonly readyUrl?: string;
  readonly readyTimeout?: number;
}

/** Seconds that a server runs in before a recording counts: just-in-time compilers are at work until then. */
const WARMUP_SECONDS = 1;

/**
 * Options of every command that can record a server under load: `--load URL` and what belongs to it. The command's own
 * `--duration` is how long the load lasts. Where `-c` is taken already a number given to it is that of connections.
 */
export function addWorkloadOptions(command: CommanderCommand): CommanderCommand {
  const other = command.options.find(({ short }) => short === '-c');
  if (other !== undefined) shareLetter(command, other);
  return command
    .optionsGroup('A server under load (see pforge-prof load):')
    .option('--load <url>', 'load this while the program runs, then end the program; a port may be left out: /path')
    .option(
      `${other === undefined ? '-c, ' : ''}--connections <n>`,
      `connections of the load${other === undefined ? '' : ', also -c'} (10)`,
      count,
    )
    .option('--load-rate <n>', 'open model: so many requests a second', rate)
    .option('--load-requests <n>', 'so many requests instead of a duration (10 s)', requests)
    .option('--load-threads <n>', 'threads of the load (1)', threads)
    .option('--load-method <method>', 'method of the requests (GET; POST with a body)')
    .option('--load-header <line>', 'a header of the requests; repeatable', collected)
    .option('--load-body <text>', 'body of the requests')
    .option('--load-scenario <file>', 'several requests: JSON, or a module that exports them')
    .option('--load-timeout <time>', 'what an answer may take (2s)', seconds)
    .option('--load-warmup <time>', 'load before what counts (1s)', seconds)
    .option('--load-insecure', 'do not check the certificate')
    .option('--ready-url <url>', 'the server is ready when this answers')
    .option('--ready-timeout <time>', 'what it may take to get ready (30s)', seconds);
}

function shareLetter(command: CommanderCommand, other: Option): void {
  const parse = other.parseArg;
  other.argParser((text: string, before: unknown) => {
    if (!/^\d/.test(text)) return parse === undefined ? text : parse(text, before);
    command.setOptionValue('connections', count(text));
    return before;
  });
}

/** Options that mean nothing without `--load`. */
const OF_LOAD = [
  'connections',
  'loadRate',
  'loadRequests',
  'loadThreads',
  'loadMethod',
  'loadHeader',
  'loadBody',
  'loadScenario',
  'loadTimeout',
  'loadWarmup',
  'loadInsecure',
  'readyUrl',
  'readyTimeout',
] as const satisfies readonly (keyof WorkloadOptions)[];

/** @throws {UserError} a load without a program that it could load, or what belongs to a load and none is asked for */
export function checkWorkload(options: WorkloadOptions, program: readonly string[] | undefined): void {
  const { load } = options;
  const foreign = load === undefined ? OF_LOAD.find((name) => options[name] !== undefined) : undefined;
  if (foreign !== undefined) throw new UserError(`${optionWord(foreign)} is for --load, which is not given`);
  if (load === undefined || program !== undefined) return;
  throw new UserError('--load needs the server as a program', { hint: 'give it after --: -- node server.js' });
}

/**
 * The load that a command's options ask for.
 * @returns undefined without `--load`
 * @throws {UserError} options that contradict each other, a file that cannot be read
 */
export async function workloadOf(
  options: WorkloadOptions,
  program: readonly string[] | undefined,
  progress: Progress,
): Promise<Workload | undefined> {
  const { load, readyUrl, readyTimeout } = options;
  checkWorkload(options, program);
  if (load === undefined) return undefined;
  const target = parseTarget(load, true);
  const plan = await planOf({
    connections: options.connections,
    threads: options.loadThreads,
    duration: options.duration,
    requests: options.loadRequests,
    rate: options.loadRate,
    method: options.loadMethod,
    header: options.loadHeader,
    body: options.loadBody,
    scenario: options.loadScenario,
    timeout: options.loadTimeout,
    warmup: options.loadWarmup ?? WARMUP_SECONDS,
    insecure: options.loadInsecure,
  });
  return new Workload({
    plan,
    readiness: {
      target,
      ...(readyUrl === undefined ? {} : { url: readyUrl }),
      ...(readyTimeout === undefined ? {} : { patience: readyTimeout }),
    },
    say: (line) => progress.say(`note: ${line}`),
    onProgress: (now) => progress.show(progressLine(now, plan)),
  });
}

/** When a recording ends: with the load, which lasts for the command's own `--duration` then, or after that by itself. */
export function collectUntil(
  { duration }: WorkloadOptions,
  workload: Workload | undefined,
): { readonly attend?: Attend; readonly durationSeconds?: number } {
  if (workload !== undefined) return { attend: workload.attend };
  return duration === undefined ? {} : { durationSeconds: duration };
}

type Loose<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/**
 * The plan that options give, all but where it goes.
 * @throws {UserError} options that contradict each other, a file that cannot be read
 */
export async function planOf(options: Loose<RequestOptions>): Promise<Omit<LoadPlan, 'url'>> {
  const { duration, requests: many, rate: hertz, scenario, method, body, bodyFile } = options;
  if (duration !== undefined && many !== undefined) {
    throw new UserError('give only one of: a duration, a number of requests');
  }
  if (duration === 0) throw new UserError('a load of no time measures nothing', { hint: 'give a longer --duration' });
  if (options.timeout === 0) throw new UserError('a --timeout of 0 leaves no time for an answer');
  if (hertz !== undefined && (options.pipelining ?? 1) > 1) {
    throw new UserError('--pipelining is for the closed model', { hint: 'leave it out, or leave --rate out' });
  }
  if (body !== undefined && bodyFile !== undefined) throw new UserError('give only one of: --body, --body-file');
  const single = method !== undefined || body !== undefined || bodyFile !== undefined;
  if (scenario !== undefined && single) {
    throw new UserError('a scenario has methods and bodies of its own', { hint: 'leave --method and --body out' });
  }
  const request: LoadRequest = {
    ...(method === undefined ? {} : { method: method.toUpperCase() }),
    ...(body === undefined ? {} : { body }),
    ...(bodyFile === undefined ? {} : { body: fileOf(bodyFile) }),
  };
  const read = scenario === undefined ? undefined : await readScenario(scenario);
  return {
    connections: options.connections ?? PLAN_DEFAULTS.connections,
    threads: options.threads ?? PLAN_DEFAULTS.threads,
    ...(many === undefined ? { duration: duration ?? PLAN_DEFAULTS.duration } : { requests: many }),
    ...(hertz === undefined ? {} : { rate: hertz }),
    headers: [...(read?.headers ?? []), ...(options.header ?? []).map(headerOf)],
    sequence: read?.sequence ?? [request],
    timeout: options.timeout ?? PLAN_DEFAULTS.timeout,
    warmup: options.warmup ?? PLAN_DEFAULTS.warmup,
    insecure: options.insecure === true,
    pipelining: options.pipelining ?? PLAN_DEFAULTS.pipelining,
  };
}

function fileOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw readError(path, error);
  }
}

function headerOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  if (colon > 0) return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  // autocannon takes `name=value` too
  const equals = line.indexOf('=');
  if (equals > 0) return [line.slice(0, equals).trim(), line.slice(equals + 1).trim()];
  throw new UserError(`${JSON.stringify(line)} is no header`, { hint: "write it as 'Name: value'" });
}

const UNITS = new Map([
  ['ms', 1e-3],
  ['', 1],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
]);

/** Reads `10`, `10s`, `500ms`, `2m`, `1h` as seconds. */
export function seconds(text: string): number {
  const [, value, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text.trim()) ?? [];
  const time = value === undefined ? Number.NaN : Number(value) * UNITS.get(unit!)!;
  if (!(time >= 0 && time <= 1e6)) throw new InvalidArgumentError('It must be a time such as 10s, 500ms, 2m.');
  return time;
}

/** Reads `5000`, `10k`, `2M`. */
function amount(text: string): number {
  const [, value, unit] = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(text.trim()) ?? [];
  return Number(value) * (unit === 'k' ? 1e3 : unit === 'M' ? 1e6 : 1);
}

function whole(most: number): (text: string) => number {
  const check = number({ min: 1, max: most, whole: true });
  return (text) => check(String(amount(text)));
}

export const count = whole(100_000);
export const threads = whole(256);
export const requests = whole(1e12);
export const rate = (text: string): number => number({ min: 0.001, max: 1e7 })(String(amount(text)));
