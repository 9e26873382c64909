import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { attachInspector } from '../inspector/attach.ts';
import type { InspectorTarget } from '../inspector/protocol.ts';
import { profileCpu, sampleHeap, type ThreadSampling } from '../inspector/sampling.ts';
import { evaluate, type InspectorSession } from '../inspector/session.ts';
import { followWorkers } from '../inspector/workers.ts';
import type { FunctionSampling } from '../preload/settings.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { descendants, executableOf } from '../processes/proc.ts';
import { watchProcess } from '../processes/supervise.ts';
import type { V8Options, V8Run } from './v8-program.ts';

/** Each makes V8 collect garbage, and what was sampled before it is safe. */
const PART_MS = 30_000;

interface SampledThread {
  readonly sampling: ThreadSampling;
  readonly whose: { readonly pid: number; readonly tid: number; readonly process: string; readonly thread: string };
}

/**
 * Samples in a running node process, which nobody has prepared for it, through its inspector: in its main thread and its
 * worker threads, until the time is over, the person presses Ctrl-C, or it ends.
 * @throws {UserError} as {@link attachInspector}; 125 when the process was killed meanwhile; 130
 */
export async function attachV8(pid: number, sampling: FunctionSampling, options: V8Options): Promise<V8Run> {
  const session = await attachInspector(pid);
  const notes: string[] = [];
  const files: string[] = [];
  const dir = await makePrivateDir();
  try {
    const threads = new Set<SampledThread>();
    const extension = sampling.what === 'cpu' ? 'cpuprofile' : 'heapprofile';
    const extra = sampling.what === 'cpu' ? {} : { live: sampling.live, interval: sampling.interval };
    const keep = (profile: object, { whose }: SampledThread): void => {
      const file = join(dir, `${whose.pid}-${whose.tid}-${files.length}.${extension}`);
      writeFileSync(file, JSON.stringify({ ...profile, pforgeProf: { ...whose, ...extra } }), { mode: 0o600 });
      files.push(file);
    };
    const main = { sampling: await startSampling(session, sampling), whose: await whoseMain(session) };
    threads.add(main);
    await followWorkers(session, (worker) => {
      void startSampling(worker, sampling)
        .then(async (started) => {
          const tid = await threadOf(worker);
          const thread = `worker ${worker.threadId}${worker.name === '' ? '' : ` (${worker.name})`}`;
          threads.add({ sampling: started, whose: { ...main.whose, tid, thread } });
        })
        // A thread that ends just now
        .catch(() => {});
    });
    const saving = saveParts(threads, sampling, keep);
    const duration = await watch(
      session,
      options,
      () => `${threads.size} ${threads.size === 1 ? 'thread' : 'threads'}`,
    );
    await saving.end();
    for (const thread of threads) {
      try {
        keep(await thread.sampling.stop(), thread);
      } catch (error) {
        // What was saved in parts is there
        if (thread === main && files.length === 0) throw lost(pid, error);
        notes.push(`the end of the recording is lost in thread ${thread.whose.thread}: ${(error as Error).message}`);
      }
    }
    notes.push(...(await release(session)), ...noteOnChildren(pid));
    return { files, exit: undefined, stopped: true, duration, notes, dispose: () => removePrivateDir(dir) };
  } catch (error) {
    await session.close();
    await removePrivateDir(dir);
    throw error;
  }
}

function startSampling(target: InspectorTarget, sampling: FunctionSampling): Promise<ThreadSampling> {
  return sampling.what === 'cpu'
    ? profileCpu(target, { frequency: 1e6 / sampling.intervalMicros })
    : sampleHeap(target, sampling);
}

/** Saves what can be had before the end, now and then. */
function saveParts(
  threads: ReadonlySet<SampledThread>,
  sampling: FunctionSampling,
  keep: (profile: object, thread: SampledThread) => void,
): { end(): Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  // What is alive is told whole each time: the last one counts
  if (sampling.what === 'allocations' && sampling.live) return { end: () => last };
  const save = async (): Promise<void> => {
    for (const thread of threads) {
      const part = await thread.sampling.part?.().catch(() => undefined);
      if (part !== undefined) keep(part, thread);
    }
  };
  const timer = setInterval(() => {
    last = last.then(save);
  }, PART_MS);
  return {
    end() {
      clearInterval(timer);
      return last;
    },
  };
}

/** Waits as {@link watchProcess}, and no longer than the process has something to do. */
async function watch(session: InspectorSession, options: V8Options, detail: () => string): Promise<number> {
  const { durationSeconds, say, progress } = options;
  return watchProcess(session.pid, {
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    say,
    tick: (elapsed) => progress(elapsed, detail()),
    until: session.leaving,
  });
}

/** @returns what the person must know: something stays open */
async function release(session: InspectorSession): Promise<string[]> {
  if (await session.close()) return [];
  return [`the inspector of process ${session.pid} is still open on 127.0.0.1:${session.port}: somebody else uses it`];
}

async function whoseMain(session: InspectorSession): Promise<SampledThread['whose']> {
  const script = await evaluate<string>(session, "process.argv[1] ?? ''");
  const name = script === '' ? 'node' : basename(script);
  return { pid: session.pid, tid: session.pid, process: name, thread: name };
}

/** The kernel's id of a thread, as perf and ps show it. */
async function threadOf(target: InspectorTarget): Promise<number> {
  const link = "(process.getBuiltinModule?.('fs') ?? require('fs')).readlinkSync('/proc/thread-self')";
  return Number(basename(await evaluate<string>(target, link)));
}

/** An inspector reaches one process. */
function noteOnChildren(pid: number): string[] {
  const children = descendants(pid).filter((child) => /^node/.test(basename(executableOf(child.pid) ?? '')));
  if (children.length === 0) return [];
  const which = children.map((child) => child.pid).join(', ');
  return [`node processes that it has started are not recorded: --pid ${which}`];
}

function lost(pid: number, cause: unknown): UserError {
  return new UserError(`process ${pid} was ended while it was recorded: nothing was written`, {
    hint: 'start it with pforge-prof: what was recorded until then is kept',
    exitCode: EXIT.cannotCollect,
    cause,
  });
}
