import { nodeChildren } from '../../collectors/v8-attach.ts';
import { EXIT, UserError } from '../../errors.ts';
import { attachInspector } from '../../inspector/attach.ts';
import { takeHeapSnapshot } from '../../inspector/heap-snapshot.ts';
import type { InspectorTarget } from '../../inspector/protocol.ts';
import { type InspectorSession, stillOpen } from '../../inspector/session.ts';
import { followWorkers, type WorkerTarget } from '../../inspector/workers.ts';
import { availableMemory } from '../../processes/available-memory.ts';
import { watchProcess } from '../../processes/supervise.ts';
import { formatValue } from '../../profile/units.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { HeapCommandOptions } from './options.ts';
import type { SnapshotShelf } from './shelf.ts';

/**
 * What a process needs while its snapshot goes through its inspector, as a multiple of the used heap (measured: 14; to a
 * file of its own, 10).
 */
const SNAPSHOT_FACTOR = 15;

/**
 * Snapshots of a running process: one at once, and with `--snapshot-every` one after the other until the time is over, it
 * ends, or the person presses Ctrl-C.
 * @returns the exit code
 * @throws {UserError} 125: it cannot be attached to, has too little memory, or has ended
 */
export async function snapshotProcess(
  pid: number,
  { all = false, force = false, snapshotEvery, duration }: HeapCommandOptions,
  shelf: SnapshotShelf,
  progress: Progress,
): Promise<number> {
  const children = new Set<InspectorSession>();
  let session: InspectorSession | undefined;
  try {
    // First: a cluster's first process has all its workers open their inspector when it opens its own
    for (const child of all ? nodeChildren(pid) : []) await attachChild(child, children, progress);
    const main = await attachInspector(pid);
    session = main;
    const workers: WorkerTarget[] = [];
    if (all) await followWorkers(main, (worker) => workers.push(worker));
    const take = async (): Promise<void> => {
      await checkMemory(main, pid, force, progress);
      await takeOne(main, { pid, tid: pid }, shelf, progress);
      for (const worker of workers) await takeWorker(worker, pid, shelf, progress);
      for (const child of children) await takeChild(child, force, shelf, progress);
    };
    await take();
    if (snapshotEvery === undefined) return EXIT.ok;
    const end = performance.now() + (duration ?? Number.POSITIVE_INFINITY) * 1e3;
    for (;;) {
      const began = performance.now();
      const wait = Math.min(snapshotEvery * 1e3, end - began);
      await watchProcess(pid, {
        durationSeconds: wait / 1e3,
        say: progress.say,
        tick: (elapsed) => progress.show(`the next in ${Math.ceil(wait / 1e3 - elapsed)} s; Ctrl-C ends it`),
        until: main.leaving,
      });
      progress.end();
      // Ctrl-C, or the process ends
      if (performance.now() - began < wait - 100 || performance.now() >= end) return EXIT.ok;
      await take();
    }
  } finally {
    for (const one of [...children, ...(session === undefined ? [] : [session])]) await leave(one, progress);
  }
}

/** A process that cannot be attached to is told and left out, one that ends is let go. */
async function attachChild(pid: number, children: Set<InspectorSession>, progress: Progress): Promise<void> {
  try {
    const session = await attachInspector(pid, { several: true });
    children.add(session);
    void session.leaving.then(() => session.close());
    void session.ended.then(() => children.delete(session));
  } catch (error) {
    noteOnChild(error, progress);
  }
}

/** A thread that has ended, or ends meanwhile, is left out. */
async function takeWorker(worker: WorkerTarget, pid: number, shelf: SnapshotShelf, progress: Progress): Promise<void> {
  if (worker.ended) return;
  try {
    await takeOne(worker, { pid, tid: -worker.threadId }, shelf, progress);
  } catch (error) {
    if (!worker.ended) throw error;
  }
}

async function leave(session: InspectorSession, progress: Progress): Promise<void> {
  if (!(await session.close())) progress.say(`note: ${stillOpen(session)}`);
}

/** A process that has ended meanwhile is told and left out. */
async function takeChild(
  session: InspectorSession,
  force: boolean,
  shelf: SnapshotShelf,
  progress: Progress,
): Promise<void> {
  const { pid } = session;
  try {
    await checkMemory(session, pid, force, progress);
    await takeOne(session, { pid, tid: pid }, shelf, progress);
  } catch (error) {
    noteOnChild(error, progress);
  }
}

function noteOnChild(error: unknown, progress: Progress): void {
  if (!(error instanceof UserError)) throw error;
  progress.say(`note: no snapshot of a process that it has started: ${error.message}`);
}

async function takeOne(
  target: InspectorTarget,
  { pid, tid }: { readonly pid: number; readonly tid: number },
  shelf: SnapshotShelf,
  progress: Progress,
): Promise<void> {
  await takeHeapSnapshot(target, shelf.next(), ({ done, total, bytes }) => {
    progress.show(bytes > 0 ? `written: ${formatValue(bytes, 'bytes')}` : `objects: ${done} of ${total}`);
  });
  progress.end();
  shelf.put(pid, tid);
}

/**
 * A process that dies of its snapshot is worse than none.
 * @throws {UserError} 125: the memory will not suffice
 */
export async function checkMemory(
  target: InspectorTarget,
  pid: number,
  force: boolean,
  progress: Progress,
): Promise<void> {
  const { usedSize } = await target.send<{ usedSize: number }>('Runtime.getHeapUsage');
  const needed = usedSize * SNAPSHOT_FACTOR;
  const available = availableMemory(pid);
  const size = (bytes: number): string => formatValue(bytes, 'bytes');
  const words = `a snapshot of ${size(usedSize)} of heap needs about ${size(needed)} of memory, and the process stands still`;
  if (needed > available && !force) {
    throw new UserError(`${words}: only ${size(available)} are left`, {
      hint: '--force takes it all the same; heap --live samples, and needs next to nothing',
      exitCode: EXIT.cannotCollect,
    });
  }
  progress.say(`${words}; ${size(available)} are left`);
}
