import { closeSync, fstatSync, readSync } from 'node:fs';
import { MAP_LIMIT, openRegular } from '../symbols/perf-map-file.ts';

const CHUNK = 1 << 20;
const NEWLINE = 10;
/** One for all: it is empty again when `poll` returns. */
const chunk = Buffer.allocUnsafe(CHUNK + 1);

/** Nanoseconds of CLOCK_MONOTONIC, which is what perf is told to use. */
export const monotonic = (): number => Number(process.hrtime.bigint());

/** The end of one perf map that a program is writing. */
export class JitMapTail {
  /** Why it is not read any further, in one line. */
  problem: string | undefined;
  private readonly file: number;
  /** How much of it was read; whole lines. */
  private position = 0;
  /** Nanoseconds (CLOCK_MONOTONIC): what has not been read was not there then. */
  private seen: number;

  private constructor(file: number, seen: number) {
    this.file = file;
    this.seen = seen;
  }

  /**
   * Opens a map if there is one that may be read.
   * @param before nanoseconds: nothing of it was there then; 0: it may be old
   */
  static open(path: string, owners: readonly number[], before: number): JitMapTail | undefined {
    const opened = openRegular(path, owners);
    return opened === undefined || 'why' in opened ? undefined : new JitMapTail(opened.file, before);
  }

  /**
   * Takes the whole lines that have come since the last time. Nothing new costs one read of one byte.
   * @param take gets lines and the time when they were not there yet
   * @returns whether there were any
   */
  poll(take: (lines: Buffer, date: number) => void): boolean {
    const now = monotonic();
    let any = false;
    while (this.problem === undefined) {
      const lines = this.next();
      if (lines === undefined) break;
      any = true;
      take(lines, this.seen);
      if (lines.length < CHUNK / 2) break;
    }
    this.seen = now;
    return any;
  }

  /** True when the file that we read is not at its place any more. */
  isGone(): boolean {
    return fstatSync(this.file).nlink === 0;
  }

  close(): void {
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
