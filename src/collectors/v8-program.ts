import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { appendOption, diagnosticDirOption, requireOption } from '../preload/node-options.ts';
import { NO_MEMORY, type Sampling, SETTINGS_VARIABLE, type Settings, SNAPSHOT_MS } from '../preload/settings.ts';
import { programKind, resolveProgram } from '../processes/executables.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { supervise } from '../processes/supervise.ts';
import { startTarget } from '../processes/target.ts';
import type { Artefact, CollectOptions } from './collector.ts';
import { type ControlLine, openControlLine } from './v8-control.ts';
import { listSegments, sizeOf, type V8Segments } from './v8-segments.ts';

/** First checkpoint of a process; what a SIGKILL may cost a short run. */
const CHECKPOINT_MS = 3_000;
/** How long processes that outlive the program may take to write, and to end. */
const ANSWER_MS = 500;
const DRAIN_MS = 1_000;

/** What recording asks of a collector of V8's profiles. */
export interface V8Options extends Pick<CollectOptions, 'durationSeconds' | 'attend' | 'say' | 'progress'> {
  /** The program runs. */
  readonly running?: (pid: number) => void;
  /** The folder where the results will be, where they are large. */
  readonly beside?: string;
}

/** What V8 wrote, and how the program ended. */
export type V8Run = Omit<Artefact, 'collector' | 'format'>;

/**
 * Runs a program and samples in every node process that it is or starts: a preload (src/preload/v8-cpu.entry.ts) in
 * NODE_OPTIONS writes files of the DevTools protocol into a private folder as it goes.
 * @throws {UserError} 126/127 when the program cannot be started, 130 on give-up
 */
export async function recordV8Program(
  program: readonly string[],
  sampling: Sampling,
  options: V8Options,
): Promise<V8Run> {
  // Before anything is made: a missing program is the commonest failure.
  const kind = programKind(resolveProgram(program[0] ?? ''));
  const dir = await makePrivateDir(options.beside);
  const ofHeap = sampling.what === 'snapshots';
  let line: ControlLine | undefined;
  try {
    line = await openControlLine(dir);
    const env = profiledEnvironment(process.env, { dir, line: line.path, sampling });
    const target = await startTarget(program, { env, stopped: false });
    options.running?.(target.pid);
    const { exit, stopped, duration } = await supervise(target, {
      durationSeconds: options.durationSeconds,
      attend: options.attend,
      ...(ofHeap ? { killAfterSeconds: SNAPSHOT_MS / 1000, kept: 'the snapshots are' } : {}),
      say: options.say,
      onStop: () => line!.flush(ANSWER_MS),
      tick: (elapsed) => options.progress(elapsed, describe(line!, dir)),
    });
    await line.flush(ANSWER_MS);
    await line.drain(DRAIN_MS);
    const survivors = line.pids();
    const { seen } = line;
    await line.close();
    const segments = listSegments(dir);
    const notes = [...notesOn(segments), ...noteOnSurvivors(survivors)];
    if (segments.files.length === 0) notes.push(whyNothing(ofHeap, seen > 0, kind, exit.signal));
    return {
      files: segments.files,
      exit,
      preload: preloadPath(),
      stopped,
      duration,
      notes,
      dispose: () => removePrivateDir(dir),
    };
  } catch (error) {
    await line?.close().catch(() => {});
    await removePrivateDir(dir);
    throw error;
  }
}

function preloadPath(): string {
  return join(packageRoot(), 'dist/preload/v8-cpu.cjs');
}

/** The user's environment plus ours: NODE_OPTIONS is appended to, never replaced. */
function profiledEnvironment(
  base: NodeJS.ProcessEnv,
  { dir, line, sampling }: Pick<Settings, 'dir' | 'line' | 'sampling'>,
): NodeJS.ProcessEnv {
  const preload = preloadPath();
  if (!existsSync(preload)) throw new Error(`${preload} is missing: the package is not built`);
  const settings: Settings = {
    dir,
    line,
    sampling,
    checkpointMs: CHECKPOINT_MS,
    nodeOption: [requireOption(preload), ...(writesItself(sampling) ? [diagnosticDirOption(dir)] : [])].join(' '),
  };
  return {
    ...base,
    NODE_OPTIONS: appendOption(base.NODE_OPTIONS, settings.nodeOption),
    [SETTINGS_VARIABLE]: JSON.stringify(settings),
  };
}

/** Snapshots near the limit of the heap are named by node, and put where its diagnostics go. */
function writesItself(sampling: Sampling): boolean {
  return sampling.what === 'snapshots' && sampling.nearLimit !== undefined;
}

/** `2 threads, 1.2 MB`; before the first checkpoint, how many processes. */
function describe(line: ControlLine, dir: string): string {
  const { files, threads } = listSegments(dir);
  if (threads === 0) return count(line.pids().length, 'process', 'processes');
  return `${count(threads, 'thread', 'threads')}, ${(sizeOf(files) / 1e6).toFixed(1)} MB`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function notesOn({ lost }: V8Segments): string[] {
  return lost.map(({ pid, code }) => {
    if (code === NO_MEMORY) {
      return `a snapshot of process ${pid} was not taken: it needs ten times the used heap in memory, more than is left; --force takes it`;
    }
    const why = code === 'ENOSPC' ? 'the disk is full' : `it could not write to the temporary folder (${code})`;
    return `part of the recording of process ${pid} is lost: ${why}`;
  });
}

function noteOnSurvivors(pids: readonly number[]): string[] {
  if (pids.length === 0) return [];
  const which = pids.length === 1 ? `process ${pids[0]} is` : `${pids.length} processes are (${pids.join(', ')})`;
  return [`${which} still running: recorded until now, and no longer profiled`];
}

function whyNothing(ofHeap: boolean, nodeRan: boolean, kind: string, signal: NodeJS.Signals | undefined): string {
  if (ofHeap) {
    if (nodeRan) return 'the program ended before a snapshot was due';
    if (kind === 'native') return 'the program is not node, and started no node process';
    // Who ends at once has told us nothing yet
    const begins = kind.startsWith('node') ? 'the program' : 'the program started no node process, or one that';
    return `${begins} ended before a snapshot was due, or refuses a preload or the inspector`;
  }
  if (nodeRan) return `no profile was written: the program was ended (${signal ?? 'exit'}) before its first checkpoint`;
  if (kind === 'native') return 'no profile was written: the program is not node, and started no node process';
  return 'no profile was written: the program started no node process, or one that refuses a preload or the inspector';
}
