import { closeSync, openSync, readSync } from 'node:fs';

/** How long a thread of this process has waited for a processor since it began: the second number of its schedstat (proc(5)). */
export class RunDelay {
  private readonly file: number | undefined;
  private readonly bytes = Buffer.alloc(128);

  /** @param tid the kernel's id of the thread */
  constructor(tid: number) {
    try {
      this.file = openSync(`/proc/self/task/${tid}/schedstat`, 'r');
    } catch {
      // A kernel that does not count it: then nothing is known to have been waited
    }
  }

  /** Nanoseconds. */
  now(): number {
    if (this.file === undefined) return 0;
    try {
      const length = readSync(this.file, this.bytes, 0, this.bytes.length, 0);
      return Number(this.bytes.toString('latin1', 0, length).split(' ')[1] ?? 0);
    } catch {
      return 0;
    }
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}
