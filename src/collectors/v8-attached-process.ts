import { basename } from 'node:path';
import { attachInspector } from '../inspector/attach.ts';
import type { InspectorTarget } from '../inspector/protocol.ts';
import { profileCpu, sampleHeap, type ThreadSampling } from '../inspector/sampling.ts';
import { evaluate, type InspectorSession, stillOpen } from '../inspector/session.ts';
import { followWorkers, type WorkerTarget } from '../inspector/workers.ts';
import type { FunctionSampling } from '../preload/settings.ts';

/** Each makes V8 collect garbage, and what was sampled before it is safe. */
const PART_MS = 30_000;

export interface SampledThread {
  readonly sampling: ThreadSampling;
  readonly whose: { readonly pid: number; readonly tid: number; readonly process: string; readonly thread: string };
}

interface ProcessOptions {
  /** Others will be attached to at the same time. */
  readonly several: boolean;
  /** Takes what was sampled: the JSON of a file of the sampler's format. */
  readonly keep: (profile: object, thread: SampledThread) => void;
}

/** A running node process whose threads are sampled through its inspector. */
export class AttachedProcess {
  /** Why the samples of the main thread could not be had. */
  failure: unknown;
  private readonly session: InspectorSession;
  private readonly keep: ProcessOptions['keep'];
  private readonly sampled = new Set<SampledThread>();
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  private finishing: Promise<string[]> | undefined;

  private constructor(session: InspectorSession, { keep }: ProcessOptions) {
    this.session = session;
    this.keep = keep;
  }

  /** @throws {UserError} as {@link attachInspector} */
  static async attach(pid: number, sampling: FunctionSampling, options: ProcessOptions): Promise<AttachedProcess> {
    const session = await attachInspector(pid, { several: options.several });
    const process = new AttachedProcess(session, options);
    try {
      await process.start(sampling);
      // It waits for us before it ends
      void session.leaving.then(() => process.finish());
      return process;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Resolves when the process ends. */
  get leaving(): Promise<void> {
    return this.session.leaving;
  }

  /** How many are sampled. */
  get threads(): number {
    return this.sampled.size;
  }

  private async start(sampling: FunctionSampling): Promise<void> {
    const { session } = this;
    const { pid } = session;
    const script = await evaluate<string>(session, "process.argv[1] ?? ''");
    const name = script === '' ? 'node' : basename(script);
    const whose = { pid, tid: pid, process: name, thread: name };
    this.sampled.add({ sampling: await startSampling(session, sampling), whose });
    await followWorkers(session, (worker) => {
      // Unless the thread ends just now
      void this.startWorker(worker, sampling, whose).catch(() => {});
    });
    // What is alive is told whole each time: the last one counts
    if (sampling.what === 'cpu' || sampling.live) return;
    this.timer = setInterval(() => {
      this.saving = this.saving.then(() => this.save());
    }, PART_MS);
  }

  private async startWorker(
    worker: WorkerTarget,
    sampling: FunctionSampling,
    main: SampledThread['whose'],
  ): Promise<void> {
    const started = await startSampling(worker, sampling);
    const tid = await threadOf(worker);
    const thread = `worker ${worker.threadId}${worker.name === '' ? '' : ` (${worker.name})`}`;
    this.sampled.add({ sampling: started, whose: { ...main, tid, thread } });
  }

  /** Saves what can be had before the end. */
  private async save(): Promise<void> {
    for (const thread of this.sampled) {
      const part = await thread.sampling.part?.().catch(() => undefined);
      if (part !== undefined) this.keep(part, thread);
    }
  }

  /**
   * Ends sampling, and lets go of the process. May be called again.
   * @returns what the person must know
   */
  finish(): Promise<string[]> {
    this.finishing ??= this.end();
    return this.finishing;
  }

  private async end(): Promise<string[]> {
    clearInterval(this.timer);
    await this.saving;
    const lost: string[] = [];
    let why = '';
    for (const thread of this.sampled) {
      const { whose } = thread;
      try {
        this.keep(await thread.sampling.stop(), thread);
      } catch (error) {
        if (whose.tid === whose.pid) this.failure = error;
        lost.push(whose.thread);
        why = (error as Error).message;
      }
    }
    const notes: string[] = [];
    // A program may start a worker thread for every piece of work
    const which = lost.length > 1 ? `${lost.length} threads` : `thread ${lost[0]}`;
    if (lost.length > 0) notes.push(`the end of ${which} of process ${this.session.pid} is lost: ${why}`);
    if (!(await this.close())) notes.push(stillOpen(this.session));
    return notes;
  }

  /** Lets go of the process. @returns false where its inspector stays open although we opened it */
  close(): Promise<boolean> {
    clearInterval(this.timer);
    return this.session.close();
  }
}

function startSampling(target: InspectorTarget, sampling: FunctionSampling): Promise<ThreadSampling> {
  return sampling.what === 'cpu'
    ? profileCpu(target, { frequency: 1e6 / sampling.intervalMicros })
    : sampleHeap(target, sampling);
}

/** The kernel's id of a thread, as perf and ps show it. */
async function threadOf(target: InspectorTarget): Promise<number> {
  const link = "(process.getBuiltinModule?.('fs') ?? require('fs')).readlinkSync('/proc/thread-self')";
  return Number(basename(await evaluate<string>(target, link)));
}
