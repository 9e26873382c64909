import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { basename } from 'node:path';

const SPACE = 0x20;
const ZERO = 0x30;

/**
 * How long a thread of this process has run, and waited for a processor: the first two numbers of its schedstat (proc(5)). Read many
 * times a second: nothing is made anew, as the garbage of it would be collected at the program's expense.
 */
export class RunDelay {
  /** Nanoseconds on a processor since it began, at the last {@link look}. */
  ran = 0;
  /** Ready, and waiting for one. */
  waited = 0;
  private readonly file: number | undefined;
  private readonly bytes = new Uint8Array(128);

  /** @param tid the kernel's id of the thread */
  constructor(tid: number) {
    try {
      this.file = openSync(`/proc/self/task/${tid}/schedstat`, 'r');
    } catch {
      // A kernel that does not count it: then nothing is known of either
    }
    this.look();
  }

  /** False where the kernel does not count. */
  get isKnown(): boolean {
    return this.file !== undefined;
  }

  look(): void {
    if (this.file === undefined) return;
    try {
      const length = readSync(this.file, this.bytes, 0, this.bytes.length, 0);
      const gap = this.bytes.indexOf(SPACE);
      this.ran = number(this.bytes, 0, gap);
      this.waited = number(this.bytes, gap + 1, length);
    } catch {
      // It is gone
    }
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}

/** The digits from a place on. */
function number(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) break;
    value = 10 * value + digit;
  }
  return value;
}

/** The kernel's id of the thread that calls. */
export function kernelId(): number {
  try {
    return Number(basename(readlinkSync('/proc/thread-self')));
  } catch {
    return process.pid;
  }
}
