import { closeSync, fstatSync, readSync } from 'node:fs';
import { MAP_LIMIT, openRegular } from '../symbols/perf-map-file.ts';

const CHUNK = 1 << 20;
const NEWLINE = 10;
/** One for all: it is empty again when `poll` returns. */
const chunk = Buffer.allocUnsafe(CHUNK + 1);

/** The end of one perf map that a program is writing. */
export class JitMapTail {
  /** Why it is not read any further, in one line. */
  problem: string | undefined;
  /** The file that we read is not at its place any more. */
  gone = false;
  private readonly file: number;
  /** How much of it was read; whole lines. */
  private position = 0;
  /** Nanoseconds (CLOCK_MONOTONIC): what has not been read was not there then. 0: at some time before. */
  private seen = 0;

  private constructor(file: number) {
    this.file = file;
  }

  /** Opens a map if there is one that may be read. */
  static open(path: string, owners: readonly number[]): JitMapTail | undefined {
    const opened = openRegular(path, owners);
    return opened === undefined || 'why' in opened ? undefined : new JitMapTail(opened.file);
  }

  /**
   * Takes the whole lines that have come since the last time.
   * @param take gets lines and the time when they were not there yet
   */
  poll(take: (lines: Buffer, date: number) => void): void {
    if (this.problem !== undefined) return;
    const now = Number(process.hrtime.bigint());
    const { size, nlink } = fstatSync(this.file);
    this.gone = nlink === 0;
    // The process has become another program, which writes the file anew.
    if (size < this.position) this.position = 0;
    while (size > this.position && this.problem === undefined) if (!this.readOn(size, take)) break;
    this.seen = now;
  }

  close(): void {
    closeSync(this.file);
  }

  /** Reads up to a chunk; false when there is no whole line. */
  private readOn(size: number, take: (lines: Buffer, date: number) => void): boolean {
    // With the byte before: while that is the end of a line, the file is still the one that was read.
    const before = this.position > 0 ? 1 : 0;
    const wanted = Math.min(CHUNK, size - this.position) + before;
    const length = readSync(this.file, chunk, 0, wanted, this.position - before);
    if (before === 1 && length > 0 && chunk[0] !== NEWLINE) {
      this.position = 0;
      return true;
    }
    const end = chunk.lastIndexOf(NEWLINE, length - 1) + 1;
    if (end <= before) {
      if (length - before === CHUNK) this.problem = 'a line of it does not end';
      return false;
    }
    take(chunk.subarray(before, end), this.seen);
    this.position += end - before;
    if (this.position > MAP_LIMIT) this.problem = `it is larger than ${MAP_LIMIT} bytes`;
    return true;
  }
}
