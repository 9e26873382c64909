import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EXIT, UserError } from '../../errors.ts';
import { attachInspector } from '../../inspector/attach.ts';
import { takeHeapSnapshot } from '../../inspector/heap-snapshot.ts';
import { inspectNodeProcess } from '../../inspector/node-process.ts';
import type { InspectorSession } from '../../inspector/session.ts';
import { portOf } from '../../load/plan.ts';
import { failedRequests } from '../../load/result.ts';
import type { ReadyServer } from '../../load/server.ts';
import type { Workload } from '../../load/workload.ts';
import { plural } from '../../plural.ts';
import { makePrivateDir, removePrivateDir } from '../../processes/private-dir.ts';
import { descendants, isAlive } from '../../processes/proc.ts';
import { runStep } from '../../processes/run-step.ts';
import { listeningSockets } from '../../processes/sockets.ts';
import { supervise } from '../../processes/supervise.ts';
import { startTarget } from '../../processes/target.ts';
import { formatValue, groupDigits } from '../../profile/units.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { Call } from '../command.ts';
import type { HeapLeakOptions } from './leak-options.ts';
import { redactFile } from './redact.ts';
import { checkMemory } from './snapshot-process.ts';

/** What a hunt left. */
export interface HuntedSnapshots {
  /** In the order of time. */
  readonly files: readonly string[];
  /** What reports call them. */
  readonly names: readonly string[];
  /** Where they were kept; undefined where they were not. */
  readonly kept: readonly string[] | undefined;
  /** What was done between two of them. */
  readonly each: 'load' | 'action' | 'interval';
  /** Requests that were answered between them. */
  readonly requests: readonly number[] | undefined;
  /** Removes what is not kept. */
  dispose(): Promise<void>;
}

const ROUNDS = 2;
const INTERVAL_SECONDS = 10;
/** Sockets are closed and timers run out after a load: what waits for them is no leak. */
const SETTLE_MS = 300;
/** A program may start node late: through npm, a shell script. */
const NODE_MS = 10_000;
const GRACE_SECONDS = 5;

/**
 * Has the program do the same again and again, with a snapshot before and after each time. What is done first of all warms
 * it up: caches fill, code is compiled.
 * @throws {UserError} 125: it cannot be attached to, has no memory for snapshots, or answers nothing
 */
export async function huntedSnapshots(
  call: Call,
  options: HeapLeakOptions,
  workload: Workload | undefined,
  progress: Progress,
): Promise<HuntedSnapshots> {
  const { keep, pid } = options;
  if (keep !== undefined) keepFolder(keep);
  const folder = await makePrivateDir();
  const dispose = (): Promise<void> => removePrivateDir(folder);
  try {
    const hunt = new Hunt(options, workload, keep !== undefined && !options.redact ? keep : folder, progress);
    if (pid === undefined) {
      const target = await startTarget(call.program ?? [], {
        env: onAnyPort(process.env),
        stopped: false,
        output: 'stderr',
      });
      await supervise(target, {
        say: progress.say,
        kept: 'nothing is',
        killAfterSeconds: GRACE_SECONDS,
        attend: (root, signal) => hunt.run(root, signal),
      });
    } else await hunt.run(pid, new AbortController().signal);
    const { files, each, requests } = hunt;
    const kept = keep === undefined ? undefined : files.map((file) => join(keep, basename(file)));
    if (options.redact && kept !== undefined) {
      progress.show('redacting');
      // One key: equal texts have equal hashes in all of them
      const key = randomBytes(32);
      for (const [i, file] of files.entries()) await redactFile(file, kept[i]!, call.world, key);
      progress.end();
    }
    const names = files.map((_, i) => (i === 0 ? 'warmed up' : `after ${each} ${i}`));
    return { files, names, kept, each, requests: workload === undefined ? undefined : requests, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Node opens its inspector on a port that is free, should 9229 be taken by another one. */
function onAnyPort(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, NODE_OPTIONS: [env.NODE_OPTIONS, '--inspect-port=0'].filter(Boolean).join(' ') };
}

/** @throws {UserError} it cannot be made */
function keepFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UserError(`cannot make the folder ${path} (${(error as NodeJS.ErrnoException).code})`, {
      hint: 'choose another place with --keep',
      cause: error,
    });
  }
}

/** The same again and again, in one process. */
class Hunt {
  readonly files: string[] = [];
  readonly requests: number[] = [];
  readonly each: HuntedSnapshots['each'];
  private readonly options: HeapLeakOptions;
  private readonly workload: Workload | undefined;
  private readonly folder: string;
  private readonly progress: Progress;

  constructor(options: HeapLeakOptions, workload: Workload | undefined, folder: string, progress: Progress) {
    this.options = options;
    this.workload = workload;
    this.folder = folder;
    this.progress = progress;
    this.each = workload !== undefined ? 'load' : options.action !== undefined ? 'action' : 'interval';
  }

  /**
   * @param root the program, which may have started node as a child
   * @param signal tells that the program has ended
   */
  async run(root: number, signal: AbortSignal): Promise<void> {
    const { rounds = ROUNDS, force, allocationStacks } = this.options;
    const server = await this.workload?.ready(root, signal);
    const session = await attachToNode(root, server, signal);
    // A program that has nothing left to do waits for us, who are attached, before it ends
    const over = new AbortController();
    const end = (): void => over.abort();
    signal.addEventListener('abort', end);
    void session.leaving.then(end);
    try {
      await checkMemory(session, session.pid, force === true, this.progress);
      if (allocationStacks) await session.send('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true });
      await this.rounds(session, server, over.signal, rounds);
    } finally {
      signal.removeEventListener('abort', end);
      await session.close();
    }
  }

  private async rounds(
    session: InspectorSession,
    server: ReadyServer | undefined,
    signal: AbortSignal,
    rounds: number,
  ): Promise<void> {
    this.progress.say(`warming up: ${this.each} 0 of ${rounds}`);
    await this.round(server, signal);
    for (let i = 0; ; i++) {
      await this.snapshot(session, i, signal);
      if (i === rounds) break;
      this.progress.say(`${this.each} ${i + 1} of ${rounds}`);
      this.requests.push(await this.round(server, signal));
    }
  }

  /** @returns requests that were answered */
  private async round(server: ReadyServer | undefined, signal: AbortSignal): Promise<number> {
    const { action, interval = INTERVAL_SECONDS } = this.options;
    let requests = 0;
    if (server !== undefined) {
      const result = await this.workload!.load(server, signal);
      const failed = failedRequests(result.errors);
      requests = result.requests;
      checkRunning(signal);
      if (requests === 0) {
        const [why = ''] = result.examples.values();
        throw refusal(`no request to ${server.url} was answered${why === '' ? '' : `: ${why}`}`, 'check the URL');
      }
      if (failed > 0) {
        const what = `${groupDigits(failed)} ${plural(failed, 'request')} failed`;
        this.progress.say(`note: ${what}; ${plural(failed, 'it counts', 'they count')} as what was done`);
      }
    } else if (action !== undefined) await runStep(action, '--action');
    else await pauseUnless(interval * 1000, signal);
    await pauseUnless(SETTLE_MS, signal);
    checkRunning(signal);
    return requests;
  }

  private async snapshot(session: InspectorSession, number: number, signal: AbortSignal): Promise<void> {
    checkRunning(signal);
    const file = join(this.folder, `leak-${number + 1}.heapsnapshot`);
    await takeHeapSnapshot(session, file, ({ bytes }) => {
      this.progress.show(`snapshot ${number + 1}: ${formatValue(bytes, 'bytes')}`);
    });
    this.files.push(file);
    this.progress.end();
  }
}

/**
 * Attaches to the process that serves, else to the first that is node: the program itself or what it has started.
 * @throws {UserError} 125: there is none, or it cannot be attached to
 */
async function attachToNode(
  root: number,
  server: ReadyServer | undefined,
  signal: AbortSignal,
): Promise<InspectorSession> {
  const deadline = performance.now() + NODE_MS;
  for (;;) {
    const serving = server === undefined ? undefined : servingProcess(root, server);
    const pid = serving ?? [root, ...descendants(root).map((one) => one.pid)].find(isNode) ?? root;
    try {
      return await attachInspector(pid);
    } catch (error) {
      // A program that has just been started is not node yet, or does not listen to the signal yet
      if (signal.aborted || !isAlive(root)) {
        throw refusal('the program ended before it could be attached to', 'a hunt needs a node program that goes on');
      }
      if (server !== undefined || performance.now() > deadline) throw error;
    }
    await pauseUnless(50, signal);
  }
}

function servingProcess(root: number, { url }: ReadyServer): number | undefined {
  return listeningSockets(root).find(({ port }) => port === portOf(url))?.pid;
}

function isNode(pid: number): boolean {
  try {
    inspectNodeProcess(pid);
    return true;
  } catch {
    return false;
  }
}

async function pauseUnless(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {});
}

/** @throws {UserError} 125: the program has ended */
function checkRunning(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw refusal('the program ended before the last snapshot', 'a hunt needs a program that goes on, as a server does');
}

function refusal(message: string, hint: string): UserError {
  return new UserError(message, { hint, exitCode: EXIT.cannotCollect });
}
