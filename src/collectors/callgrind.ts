import { EXIT, UserError } from '../errors.ts';
import { findTool, programKind, resolveProgram } from '../processes/executables.ts';
import { runTool } from '../processes/run-tool.ts';
import type { Artefact, CollectOptions, Collector, Detection, Subject } from './collector.ts';
import { runValgrind } from './valgrind.ts';

/** What else callgrind simulates, beside counting instructions. */
export interface CallgrindOptions {
  /** Caches of the processor, two levels: reads, writes and misses. */
  readonly cacheSim?: boolean;
  /** A branch predictor. */
  readonly branchSim?: boolean;
  /** Node's own threads and clocks are left out, so that runs can be compared. */
  readonly repeatable?: boolean;
}

/** Files of format `callgrind`. */
export interface CallgrindArtefact extends Artefact {
  /** The program got arguments that it was not given, to be repeatable. */
  readonly changed: boolean;
}

/** All that V8 does by chance or by the clock: background threads, seeds of hashes, garbage collection by time. */
const REPEATABLE_NODE = [
  '--predictable',
  '--single-threaded',
  '--predictable-gc-schedule',
  '--hash-seed=1',
  '--random-seed=1',
];
const CALLS_ONLY = 'callgrind sees machine code: JavaScript functions have no names in it; perf and v8 name them';

/** Exact counts of instructions by function, from valgrind's simulation of the processor: 50 times slower and more. */
export const callgrind: Collector = {
  id: 'callgrind',
  title: 'valgrind callgrind',
  optional: 'exact instruction counts without hardware counters',
  detect,
  async collect(subject: Subject, options: CollectOptions): Promise<Artefact> {
    if ('pid' in subject) {
      throw new UserError('callgrind cannot look into a running process', {
        hint: 'give the program after --',
        exitCode: EXIT.cannotCollect,
      });
    }
    const artefact = await collectCallgrind(subject.program, {}, options);
    const kind = programKind(resolveProgram(subject.program[0] ?? ''));
    const node = kind === 'node' || kind === 'node-script';
    return node ? { ...artefact, notes: [...artefact.notes, CALLS_ONLY] } : artefact;
  },
};

async function detect(): Promise<Detection> {
  const path = findTool('valgrind');
  const remedy = 'apt-get install valgrind';
  if (path === undefined) return { ok: false, why: 'valgrind is not installed', remedy };
  const { code, stdout, stderr } = await runTool(path, ['--version']);
  if (code !== 0) return { ok: false, why: stderr.trim().split('\n')[0] || 'valgrind does not start', remedy };
  return { ok: true, version: stdout.trim().replace(/^valgrind-/, ''), path };
}

/**
 * Runs a program, and what it starts, under callgrind: one file of format `callgrind` a process.
 * @throws {UserError} 125 without valgrind or a recording, 126/127 when the program cannot be run, 130 on give-up
 */
export async function collectCallgrind(
  program: readonly string[],
  { cacheSim, branchSim, repeatable }: CallgrindOptions,
  options: Pick<CollectOptions, 'durationSeconds' | 'attend' | 'say' | 'progress'>,
): Promise<CallgrindArtefact> {
  const isNode = programKind(resolveProgram(program[0] ?? '')) === 'node';
  const changed = repeatable === true && isNode;
  const words = changed ? [program[0]!, ...REPEATABLE_NODE, ...program.slice(1)] : program;
  const run = await runValgrind(
    words,
    {
      tool: 'callgrind',
      outFile: '--callgrind-out-file',
      args: [`--cache-sim=${cacheSim ? 'yes' : 'no'}`, `--branch-sim=${branchSim ? 'yes' : 'no'}`],
      followChildren: true,
    },
    { ...options, tick: (elapsed) => options.progress(elapsed, 'in valgrind, 50 times slower and more') },
  );
  // Nothing is sampled: each instruction counts
  return { collector: 'callgrind', format: 'callgrind', ...run, everyEvent: 'instructions', changed };
}
