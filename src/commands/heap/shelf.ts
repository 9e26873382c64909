import { chmodSync, copyFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { formatValue } from '../../profile/units.ts';
import type { Progress } from '../../terminal/progress.ts';
import { numbered } from '../record/keep-file.ts';

/** A snapshot that was kept. */
export interface KeptSnapshot {
  readonly file: string;
  readonly bytes: number;
  readonly pid: number;
  /** `pid` for the main thread; negative where only node's number of the thread is known. */
  readonly tid: number;
}

interface Taken {
  /** Where it is now. */
  readonly file: string;
  readonly pid: number;
  readonly tid: number;
}

/** Where snapshots go: `heap.heapsnapshot`, `heap-2.heapsnapshot`, ...; their user alone may read them. */
export class SnapshotShelf {
  readonly path: string;
  readonly kept: KeptSnapshot[] = [];
  private readonly progress: Progress;

  constructor(path: string, progress: Progress) {
    this.path = path;
    this.progress = progress;
  }

  /** The name that the next one gets. */
  next(): string {
    return this.kept.length === 0 ? this.path : numbered(this.path, this.kept.length + 1);
  }

  /** The next one is there. */
  put(pid: number, tid: number): void {
    const file = this.next();
    const bytes = statSync(file).size;
    this.kept.push({ file, bytes, pid, tid });
    const thread = tid === pid ? '' : ', a worker thread';
    this.progress.say(`kept ${file} (${formatValue(bytes, 'bytes')}; process ${pid}${thread})`);
  }

  /**
   * Moves what a program left here, by time: of the process with the largest heap, and of all others after it where they
   * are wanted. A script that starts a program is node too.
   * @returns how many are not wanted
   */
  keepAll(taken: readonly Taken[], all: boolean): number {
    const size = new Map<number, number>();
    for (const { file, pid } of taken) size.set(pid, Math.max(size.get(pid) ?? 0, statSync(file).size));
    const order = [...size].sort((a, b) => b[1] - a[1]).map(([pid]) => pid);
    const wanted = all ? order : order.slice(0, 1);
    const sorted = wanted.flatMap((pid) => {
      const own = taken.filter((one) => one.pid === pid);
      return [...own].sort((a, b) => Number(a.tid !== pid) - Number(b.tid !== pid) || timeOf(a) - timeOf(b));
    });
    for (const { file, pid, tid } of sorted) {
      move(file, this.next());
      this.put(pid, tid);
    }
    return taken.length - sorted.length;
  }
}

function timeOf({ file }: Taken): number {
  return statSync(file).mtimeMs;
}

/** The folder that V8 wrote to is on the same disk, but for what stands below a mount point of a file. */
function move(from: string, to: string): void {
  chmodSync(from, 0o600);
  try {
    renameSync(from, to);
  } catch {
    copyFileSync(from, to);
    chmodSync(to, 0o600);
    rmSync(from);
  }
}
