import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import type { FunctionSampling } from '../preload/settings.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { descendants, executableOf } from '../processes/proc.ts';
import { watchProcess } from '../processes/supervise.ts';
import { AttachedProcess, type SampledThread } from './v8-attached-process.ts';
import type { V8Options, V8Run } from './v8-program.ts';

export interface AttachedOptions extends V8Options {
  /** Also node processes that it has started. */
  readonly all?: boolean;
}

/**
 * Samples in a running node process, which nobody has prepared for it, through its inspector: in its main thread and its
 * worker threads, until the time is over, the person presses Ctrl-C, or it ends.
 * @throws {UserError} as {@link AttachedProcess.attach}; 125 when the process was killed meanwhile; 130
 */
export async function attachV8(pid: number, sampling: FunctionSampling, options: AttachedOptions): Promise<V8Run> {
  const { all = false, durationSeconds, say, progress } = options;
  const children = nodeChildren(pid);
  const several = all && children.length > 0;
  const notes: string[] = [];
  const files: string[] = [];
  const dir = await makePrivateDir();
  const extension = sampling.what === 'cpu' ? 'cpuprofile' : 'heapprofile';
  const extra = sampling.what === 'cpu' ? {} : { live: sampling.live, interval: sampling.interval };
  const keep = (profile: object, { whose }: SampledThread): void => {
    const file = join(dir, `${whose.pid}-${whose.tid}-${files.length}.${extension}`);
    writeFileSync(file, JSON.stringify({ ...profile, pforgeProf: { ...whose, ...extra } }), { mode: 0o600 });
    files.push(file);
  };
  const attached: AttachedProcess[] = [];
  try {
    // First: a cluster's first process has all its workers open their inspector when it opens its own
    for (const child of several ? children : []) {
      try {
        attached.push(await AttachedProcess.attach(child, sampling, { several, keep }));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        notes.push(`a process that it has started is not recorded: ${error.message}`);
      }
    }
    const main = await AttachedProcess.attach(pid, sampling, { several: false, keep });
    attached.push(main);
    const duration = await watchProcess(pid, {
      durationSeconds,
      say,
      tick: (elapsed) => progress(elapsed, describe(attached)),
      until: main.leaving,
    });
    for (const process of attached) notes.push(...(await process.finish()));
    if (files.length === 0) throw lost(pid, main.failure);
    if (!several && children.length > 0) notes.push(noteOnChildren(children, sampling));
    return { files, exit: undefined, stopped: true, duration, notes, dispose: () => removePrivateDir(dir) };
  } catch (error) {
    for (const process of attached) await process.close();
    await removePrivateDir(dir);
    throw error;
  }
}

function describe(attached: readonly AttachedProcess[]): string {
  const threads = attached.reduce((sum, process) => sum + process.threads, 0);
  return `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

/** Node processes that a process has started, and those that they have. */
export function nodeChildren(pid: number): number[] {
  const nodes = descendants(pid).filter((child) => /^node/.test(basename(executableOf(child.pid) ?? '')));
  return nodes.map((child) => child.pid);
}

function noteOnChildren(children: readonly number[], { what }: FunctionSampling): string {
  const remedy = what === 'cpu' ? 'give --pid one of them' : '--all records them';
  return `node processes that it has started are not recorded (${children.join(', ')}): ${remedy}`;
}

function lost(pid: number, cause: unknown): UserError {
  return new UserError(`process ${pid} was ended while it was recorded: nothing was written`, {
    hint: 'start it with pforge-prof: what was recorded until then is kept',
    exitCode: EXIT.cannotCollect,
    cause,
  });
}
