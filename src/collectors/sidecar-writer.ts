import { closeSync, openSync, writeSync } from 'node:fs';
import { SIDECAR_HEAD } from '../symbols/perf-map.ts';

/** Bytes kept before they are written: lines come a few at a time, and it is cheaper to write many at once. */
const KEPT = 1 << 18;

/** Writes the file that `openSidecar` reads. It is made when there is something to write. */
export class SidecarWriter {
  private readonly path: string;
  private file: number | undefined;
  /** Made once: new memory is what costs most in a few lines. */
  private readonly room = Buffer.allocUnsafe(KEPT);
  private kept: { readonly pid: number; readonly date: number; readonly start: number; readonly end: number }[] = [];
  private size = 0;

  /** @param path must not exist */
  constructor(path: string) {
    this.path = path;
  }

  /**
   * Appends whole lines of the map of a process.
   * @param date nanoseconds of CLOCK_MONOTONIC, when the lines were not there yet
   * @throws {Error} the disk is full
   */
  write(pid: number, date: number, lines: Buffer): void {
    if (this.size + lines.length > KEPT) this.flush();
    if (lines.length > KEPT) {
      this.append(dated(pid, date, lines));
      return;
    }
    const start = this.size;
    this.size += lines.copy(this.room, start);
    this.kept.push({ pid, date, start, end: this.size });
  }

  /** @throws {Error} the disk is full */
  close(): void {
    try {
      this.flush();
    } finally {
      if (this.file !== undefined) closeSync(this.file);
      this.file = undefined;
    }
  }

  /** @throws {Error} the disk is full */
  flush(): void {
    const parts = this.kept.map(({ pid, date, start, end }) => dated(pid, date, this.room.subarray(start, end)));
    this.kept = [];
    this.size = 0;
    if (parts.length > 0) this.append(parts.join(''));
  }

  private append(text: string): void {
    let all = text;
    if (this.file === undefined) {
      this.file = openSync(this.path, 'wx', 0o600);
      all = SIDECAR_HEAD + text;
    }
    const bytes = Buffer.from(all, 'latin1');
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at);
  }
}

/** Whole lines with process and time before each. As latin1 every byte is a character, and stays what it was. */
function dated(pid: number, date: number, lines: Buffer): string {
  const head = `${pid} ${date} `;
  return `${head}${lines.toString('latin1', 0, lines.length - 1).replaceAll('\n', `\n${head}`)}\n`;
}
