import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../../errors.ts';
import { ENGINES, type EngineId } from '../../load/engines.ts';
import { parseThreshold, type Threshold } from '../../load/thresholds.ts';
import type { ResultFormat } from '../options/result-format.ts';
import { collected, number, optionWord } from '../options/values.ts';
import { addTrackOption, type TrackOption } from '../track/option.ts';
import { count, type RequestOptions, rate, requests, seconds, threads } from './options.ts';

/** What the words of `pforge-prof load` say; names as commander makes them. */
export interface LoadCommandOptions extends RequestOptions, TrackOption {
  readonly output?: string;
  readonly format?: string;
  readonly latency?: boolean;
  readonly assert?: readonly Threshold[];
  readonly readyText?: string;
  readonly readyUrl?: string;
  readonly readyTimeout?: number;
  readonly grace?: number;
  readonly engine: EngineId;
  readonly export?: 'k6';
  readonly failOnRegression?: number;
}

export const LOAD_FORMATS: readonly ResultFormat[] = [
  { id: 'text', extension: 'txt' },
  { id: 'json', extension: 'json' },
  { id: 'hgrm', extension: 'hgrm' },
  { id: 'svg', extension: 'svg' },
  { id: 'html', extension: 'html' },
];

const EXAMPLES = `
Targets: http://host:8080/path, host:8080, :8080/path; with a program after --, /path alone: its port is found.

Thresholds: p(99)<50ms  p99.9<=1s  mean<5ms  max<1s  errors<1%  timeout==0  rps>5k  requests>=100  bytes/s>1MB  events>10
  Times without a unit are milliseconds. Errors by kind: connect refused reset truncated timeout parse status mismatch.

Examples:
  pforge-prof load -c 50 -d 30s http://127.0.0.1:8080/     closed model: 50 connections, each asks when it was answered
  pforge-prof load -R 2000 -d 30s :8080/api                open model: 2000 requests a second, whatever the server does
  pforge-prof load /api -- node server.js                  start the server, load it, tell of both sides, end it
  pforge-prof load --assert 'p(99)<50ms' --assert 'errors<1%' :8080/   exit code 1 where one is not kept
  pforge-prof load -m POST -H 'Content-Type: application/json' -b '{"a":1}' :8080/rpc
  pforge-prof load -o load.svg :8080/                      percentiles and time as a picture (.html with tables)
  pforge-prof load -o before.json :8080/                   keep it; later:
  pforge-prof load diff before.json after.json             what changed, and how sure that is
  pforge-prof load import k6-summary.json                  what another tool measured, as ours
  pforge-prof load -R 500 --export k6 -o load.js :8080/    the same load for k6, which runs distributed
  pforge-prof flame --load /api -- node server.js          a flame graph of the loaded server

Load only what is yours, or what you may load.
Exit codes: 0 measured; 1 a threshold failed, or not one request succeeded; 125 nothing was answered, or the server went away.
`;

export function configureLoad(command: CommanderCommand): void {
  command
    .argument(
      '[url...]',
      'what to load; or: diff BEFORE AFTER, import FILE (of wrk, autocannon, k6, oha, hey, ab, h2load)',
    )
    .option('-c, --connections <n>', 'connections over all threads (10)', count)
    .option('-t, --threads <n>', 'threads (1)', threads)
    .option('-d, --duration <time>', 'how long: 10s, 500ms, 2m (10s)', seconds)
    .option('-n, --requests <n>', 'how many requests instead', requests)
    .option('-R, --rate <n>', 'open model: so many requests a second over all connections', rate)
    .option('-m, --method <method>', 'GET, or POST with a body')
    .option('-H, --header <line>', 'a header, as Name: value; repeatable', collected)
    .option('-b, --body <text>', 'body of the requests; {{id}} in it is another number for each')
    .option('--body-file <file>', 'body of the requests')
    .option('--scenario <file>', 'several requests in turns: JSON, or a module that exports them')
    .option(
      '-p, --pipelining <n>',
      'requests that a connection sends before it waits (1)',
      number({ min: 1, max: 1000, whole: true }),
    )
    .option('--timeout <time>', 'what an answer may take (2s)', seconds)
    .option('--warmup <time>', 'the same load before anything is counted', seconds)
    .addOption(new Option('--engine <tool>', 'who sends the load').choices(ENGINES).default('own'))
    .addOption(new Option('--export <tool>', 'write the load as a script of k6 instead').choices(['k6']))
    .option('-k, --insecure', 'do not check the certificate')
    .optionsGroup('Results:')
    .option('-o, --output <file>', 'write here; the extension picks the format: .json, .svg, .html, .hgrm, .txt')
    .addOption(new Option('--format <format>', 'what to write').choices(LOAD_FORMATS.map(({ id }) => id)));
  addTrackOption(command)
    .option('--latency', 'also the whole spectrum of percentiles')
    .option('--assert <threshold>', 'fail (exit code 1) where it is not kept; repeatable', addThreshold)
    .option(
      '--fail-on-regression <percent>',
      'of diff: exit code 1 where a figure is surely worse by more',
      number({ min: 0, max: 1e6 }),
    )
    .optionsGroup('The server after --:')
    .option('--ready-text <text>', 'it is ready when it has printed this, and listens')
    .option('--ready-url <url>', 'it is ready when this answers')
    .option('--ready-timeout <time>', 'what it may take to get ready (30s)', seconds)
    .option('--grace <time>', 'what it may take to end after SIGTERM, before SIGKILL (5s)', seconds)
    .addHelpText('after', EXAMPLES);
}

/** What is sent, and by whom. */
const OF_REQUESTS = [
  'connections',
  'threads',
  'duration',
  'requests',
  'rate',
  'method',
  'header',
  'body',
  'bodyFile',
  'scenario',
  'pipelining',
  'timeout',
  'warmup',
  'insecure',
  'export',
] as const satisfies readonly (keyof LoadCommandOptions)[];
const OF_SERVER = [
  'readyText',
  'readyUrl',
  'readyTimeout',
  'grace',
] as const satisfies readonly (keyof LoadCommandOptions)[];

/**
 * What a call cannot heed is told, not passed over: a gate that nobody looks at would always be kept.
 * @param what `url`: something is loaded, with or without a `program`
 * @throws {UserError} the first such option
 */
export function checkHeeded(
  options: LoadCommandOptions,
  what: 'url' | 'diff' | 'import',
  program: readonly string[] | undefined,
): void {
  const given = (names: readonly (keyof LoadCommandOptions)[]): string | undefined => {
    const name = names.find((one) => options[one] !== undefined);
    return name === undefined ? undefined : optionWord(name);
  };
  const refuse = (option: string | undefined, where: string): void => {
    if (option !== undefined) throw new UserError(`${option} is for ${where}`);
  };
  if (what !== 'url') {
    refuse(given(OF_REQUESTS) ?? (options.engine === 'own' ? undefined : '--engine'), `a load, not for load ${what}`);
    if (program !== undefined) throw new UserError(`load ${what} starts no program`);
  }
  if (program === undefined) refuse(given(OF_SERVER), 'a server that is started: there is no program after --');
  if (what === 'diff') refuse(given(['assert', 'latency', 'track']), 'one result, not for load diff');
  else refuse(given(['failOnRegression']), 'load diff');
  if (options.export !== undefined) {
    if (program !== undefined) throw new UserError('--export starts no program', { hint: 'give the whole URL' });
    refuse(given(['format', 'latency', 'track']), 'a result, which --export has none of');
  }
}

function addThreshold(text: string, before: readonly Threshold[] | undefined): readonly Threshold[] {
  try {
    return [...(before ?? []), parseThreshold(text)];
  } catch (error) {
    if (error instanceof UserError) throw new InvalidArgumentError(`${error.message}; ${error.hint}`);
    throw error;
  }
}
