import { closeSync, type FSWatcher, fstatSync, readSync, watch } from 'node:fs';
import { MAP_LIMIT, openRegular, type Refused } from '../symbols/perf-map-file.ts';

const CHUNK = 1 << 20;
const NEWLINE = 10;
/** What is written until we are told of the first of it takes no longer than this, clocks' grain included. */
const BURST_NS = 15e6;
/** One for all: it is empty again when `poll` returns. */
const chunk = Buffer.allocUnsafe(CHUNK + 1);

/** Nanoseconds of CLOCK_MONOTONIC, which is what perf is told to use. */
export const monotonic = (): number => Number(process.hrtime.bigint());

/** The end of one perf map that a program is writing. */
export class JitMapTail {
  /** Why it is not read any further, in one line. */
  problem: string | undefined;
  private readonly file: number;
  private watcher: FSWatcher | undefined;
  /** How much of it was read; whole lines. */
  private position = 0;
  /** Nanoseconds (CLOCK_MONOTONIC): what has not been read was not there then. */
  private seen: number;

  private constructor(file: number, seen: number) {
    this.file = file;
    this.seen = seen;
  }

  /**
   * Opens a map.
   * @param before nanoseconds: nothing of it was there then; 0: it may be old
   * @returns undefined: there is none; `why`: it must not be read
   */
  static open(path: string, owners: readonly number[], before: number): JitMapTail | Refused | undefined {
    const opened = openRegular(path, owners);
    return opened === undefined || 'why' in opened ? opened : new JitMapTail(opened.file, before);
  }

  /**
   * Takes the whole lines that have come since the last time. Nothing new costs one read of one byte.
   * @param take gets lines and the time when they were not there yet
   * @param since nanoseconds: nothing has come before then, that is known from elsewhere
   * @returns whether there were any
   */
  poll(take: (lines: Buffer, date: number) => void, since = 0): boolean {
    const now = monotonic();
    const date = Math.max(this.seen, since);
    let any = false;
    while (this.problem === undefined) {
      const lines = this.next();
      if (lines === undefined) break;
      any = true;
      take(lines, date);
      if (lines.length < CHUNK / 2) break;
    }
    this.seen = now;
    return any;
  }

  /**
   * Calls back once, as soon as something is written, instead of being asked for news again and again.
   * @param changed gets the time (nanoseconds) before which nothing was
   * @returns false where the kernel cannot tell
   */
  await(changed: (since: number) => void): boolean {
    try {
      // The file that we have open, whatever is at its place by now
      this.watcher = watch(`/proc/self/fd/${this.file}`, { persistent: false }, () => {
        this.stopWaiting();
        changed(this.lastWrite() - BURST_NS);
      });
      this.watcher.once('error', () => this.stopWaiting());
      return true;
    } catch {
      return false;
    }
  }

  private stopWaiting(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }

  /** Nanoseconds of CLOCK_MONOTONIC; as exact as the clock of the file system, 10 ms at worst. */
  private lastWrite(): number {
    const now = monotonic();
    const age = Math.max(0, Date.now() - fstatSync(this.file).mtimeMs);
    return now - Math.ceil(age * 1e6);
  }

  /** True when the file that we read is not at its place any more. */
  isGone(): boolean {
    return fstatSync(this.file).nlink === 0;
  }

  close(): void {
    this.stopWaiting();
    closeSync(this.file);
  }

  /** Whole lines, a chunk at most; undefined where there are none. */
  private next(): Buffer | undefined {
    // With the byte before: that is the end of a line, or the process has become another program, which writes anew.
    const before = this.position > 0 ? 1 : 0;
    const length = readSync(this.file, chunk, 0, CHUNK + before, this.position - before);
    if (before === 1 && (length === 0 || chunk[0] !== NEWLINE)) {
      this.position = 0;
      return this.next();
    }
    const end = length === 0 ? 0 : chunk.lastIndexOf(NEWLINE, length - 1) + 1;
    if (end <= before) {
      if (length - before === CHUNK) this.problem = 'a line of it does not end';
      return undefined;
    }
    this.position += end - before;
    if (this.position > MAP_LIMIT) this.problem = `it is larger than ${MAP_LIMIT} bytes`;
    return chunk.subarray(before, end);
  }
}
