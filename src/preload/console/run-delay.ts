import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { basename } from 'node:path';

/** Times of a thread since it began: nanoseconds. */
export interface RunTimes {
  /** On a processor. */
  readonly ran: number;
  /** Ready, and waiting for one. */
  readonly waited: number;
}

const NOTHING: RunTimes = { ran: 0, waited: 0 };

/** How long a thread of this process has run, and waited for a processor: the first two numbers of its schedstat (proc(5)). */
export class RunDelay {
  private readonly file: number | undefined;
  private readonly bytes = Buffer.alloc(128);

  /** @param tid the kernel's id of the thread */
  constructor(tid: number) {
    try {
      this.file = openSync(`/proc/self/task/${tid}/schedstat`, 'r');
    } catch {
      // A kernel that does not count it: then nothing is known of either
    }
  }

  /** False where the kernel does not count. */
  get isKnown(): boolean {
    return this.file !== undefined;
  }

  now(): RunTimes {
    if (this.file === undefined) return NOTHING;
    try {
      const length = readSync(this.file, this.bytes, 0, this.bytes.length, 0);
      const [ran, waited] = this.bytes.toString('latin1', 0, length).split(' ');
      return { ran: Number(ran), waited: Number(waited ?? 0) };
    } catch {
      return NOTHING;
    }
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}

/** The kernel's id of the thread that calls. */
export function kernelId(): number {
  try {
    return Number(basename(readlinkSync('/proc/thread-self')));
  } catch {
    return process.pid;
  }
}
