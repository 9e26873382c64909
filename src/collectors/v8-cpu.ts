import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { appendOption, requireOption } from '../preload/node-options.ts';
import { SETTINGS_VARIABLE, type Settings } from '../preload/settings.ts';
import { programKind, resolveProgram } from '../processes/executables.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { supervise } from '../processes/supervise.ts';
import { startTarget } from '../processes/target.ts';
import type { Artefact, CollectOptions, Collector, Subject } from './collector.ts';
import { type ControlLine, openControlLine } from './v8-control.ts';
import { listSegments, sizeOf, type V8Segments } from './v8-segments.ts';

/** First checkpoint of a process; what a SIGKILL may cost a short run. */
const CHECKPOINT_MS = 3_000;
/** How long processes that outlive the program may take to write, and to end. */
const ANSWER_MS = 500;
const DRAIN_MS = 1_000;

/**
 * V8's own CPU profiler, in every node process that the program is or starts. Needs nothing but node: a preload
 * (src/preload/v8-cpu.entry.ts) in NODE_OPTIONS samples, and writes files into a private folder as it goes.
 */
export const v8Cpu: Collector = {
  id: 'v8',
  title: "V8's CPU profiler",
  async detect() {
    return { ok: true, version: process.version, path: process.execPath };
  },
  collect,
};

async function collect(subject: Subject, options: CollectOptions): Promise<Artefact> {
  if ('pid' in subject) {
    throw new UserError(`V8's profiler cannot be attached to a running process (pid ${subject.pid})`, {
      hint: 'use --collector perf, or start the program with pforge-prof',
      exitCode: EXIT.cannotCollect,
    });
  }
  // Before anything is made: a missing program is the commonest failure.
  const kind = programKind(resolveProgram(subject.program[0] ?? ''));
  const dir = await makePrivateDir();
  let line: ControlLine | undefined;
  try {
    line = await openControlLine(dir);
    const env = profiledEnvironment(process.env, { dir, line: line.path, frequency: options.frequency });
    const target = await startTarget(subject.program, { env, stopped: false });
    const { exit, stopped, duration } = await supervise(target, {
      ...(options.durationSeconds === undefined ? {} : { durationSeconds: options.durationSeconds }),
      ...(options.attend === undefined ? {} : { attend: options.attend }),
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
    if (segments.files.length === 0) notes.push(whyNothing(seen > 0, kind === 'native', exit.signal));
    return {
      collector: v8Cpu.id,
      format: 'cpuprofile',
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
  { dir, line, frequency }: { dir: string; line: string; frequency: number },
): NodeJS.ProcessEnv {
  const preload = preloadPath();
  if (!existsSync(preload)) throw new Error(`${preload} is missing: the package is not built`);
  const settings: Settings = {
    dir,
    line,
    intervalMicros: Math.max(1, Math.round(1e6 / frequency)),
    checkpointMs: CHECKPOINT_MS,
    nodeOption: requireOption(preload),
  };
  return {
    ...base,
    NODE_OPTIONS: appendOption(base.NODE_OPTIONS, settings.nodeOption),
    [SETTINGS_VARIABLE]: JSON.stringify(settings),
  };
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
  return lost.map(({ pid, code }) =>
    code === 'ENOSPC'
      ? `part of the profile of process ${pid} is lost: the disk of the temporary folder is full`
      : `part of the profile of process ${pid} is lost: it could not write to the temporary folder (${code})`,
  );
}

function noteOnSurvivors(pids: readonly number[]): string[] {
  if (pids.length === 0) return [];
  const which = pids.length === 1 ? `process ${pids[0]} is` : `${pids.length} processes are (${pids.join(', ')})`;
  return [`${which} still running: recorded until now, and no longer profiled`];
}

function whyNothing(nodeRan: boolean, native: boolean, signal: NodeJS.Signals | undefined): string {
  if (nodeRan) return `no profile was written: the program was ended (${signal ?? 'exit'}) before its first checkpoint`;
  if (native) return 'no profile was written: the program is not node, and started no node process';
  return 'no profile was written: the program started no node process, or one that refuses a preload or the inspector';
}
