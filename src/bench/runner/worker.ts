import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import type { Answer, Listed, MeasuringTask, Samples } from '../../preload/bench/messages.ts';
import { type ConversationEnd, converse } from '../../processes/conversation.ts';
import { type Failure, failureOf } from './failure.ts';

/** Where benchmarks run. */
export interface Place {
  /** Working folder. */
  readonly cwd: string;
  /** The node that runs them, and its flags. */
  readonly node: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What one process did. */
export interface Ran {
  /** undefined where it failed, and of tasks that measure nothing. */
  readonly samples: Samples | undefined;
  readonly failure: Failure | undefined;
  readonly printedBytes: number;
  /** What it printed, as much as was to be kept. */
  readonly printed: string;
}

export interface RunOptions {
  /** Seconds. */
  readonly timeout: number;
  /** Of what it prints. Default: 64 KiB. */
  readonly keep?: number;
  /** Of driven tasks: how many iterations each of the next samples takes, from what the last took; none = the end. */
  readonly drive?: (times: readonly number[]) => readonly number[];
  /** Of tasks in turns: gives it its next turn; false = there is none any more. */
  readonly turn?: (waiting: Waiting) => Promise<boolean>;
}

/** A process that waits for its turn. */
export type Waiting = Extract<Answer, { kind: 'waits' }>;

/** Loads a file in a process of its own and tells what it declares. @param url what `runnable` made of it */
export async function listBenchmarks(
  url: string,
  place: Place,
  timeout: number,
): Promise<{ readonly benchmarks: readonly Listed[] } | { readonly failure: Failure }> {
  const { answers, end } = await talk({ kind: 'list', file: url }, place, { timeout });
  const listed = answers.find((answer) => answer.kind === 'listed');
  return listed === undefined ? { failure: failure(answers, end, timeout) } : { benchmarks: listed.benchmarks };
}

/** Runs one benchmark in a fresh process. Never throws for what the benchmark does. */
export async function runBenchmark(task: MeasuringTask, place: Place, options: RunOptions): Promise<Ran> {
  const { answers, end } = await talk(task, place, options);
  const { printed, printedBytes } = end;
  const done = answers.some(({ kind }) => kind === 'done');
  if (!done) return { samples: undefined, failure: failure(answers, end, options.timeout), printed, printedBytes };
  const samples = answers.find((answer) => answer.kind === 'samples')?.samples;
  return { samples, failure: undefined, printed, printedBytes };
}

async function talk(
  task: object,
  { cwd, node, env }: Place,
  { timeout, keep, drive, turn }: RunOptions,
): Promise<{ readonly answers: readonly Answer[]; readonly end: ConversationEnd }> {
  const answers: Answer[] = [];
  const end = await converse([...node, workerScript()], JSON.stringify(task), {
    cwd,
    env,
    timeoutMs: timeout * 1e3,
    ...(keep === undefined ? {} : { keep }),
    hear(line) {
      const answer = answerOf(line);
      if (answer === undefined) return undefined;
      if (answer.kind === 'waits') return turn?.(answer).then(String) ?? 'false';
      if (answer.kind === 'took') return JSON.stringify(drive?.(answer.times) ?? []);
      answers.push(answer);
      return undefined;
    },
  });
  return { answers, end };
}

/** Whoever runs in that process may write to the same pipe; that is no answer. */
function answerOf(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}

function failure(answers: readonly Answer[], end: ConversationEnd, timeout: number): Failure {
  return failureOf(
    end,
    answers.find((answer) => answer.kind === 'thrown'),
    timeout,
  );
}

/** The script of such a process. */
function workerScript(): string {
  return join(packageRoot(), 'dist/preload/bench-worker.cjs');
}
