import { fstatSync, readSync } from 'node:fs';
import { JitTable } from './jit-table.ts';
import { MAP_LIMIT, type Refused, readRegular } from './perf-map-file.ts';
import { readDatedLines, readMapLines } from './perf-map-lines.ts';

/** Lines are about 70 bytes long; few maps have shorter ones. */
const SHORT_LINE = 40;

export interface PerfMapOptions {
  /** Where the map is. Default: `/tmp/perf-PID.map`. */
  readonly path?: string;
  /** User id of the process. Default: ours. Maps of root are read too. */
  readonly owner?: number;
}

/**
 * Reads the names that a just-in-time compiler wrote down for perf: lines `START SIZE NAME` in hexadecimal, in the order
 * in which the code was made (Linux, tools/perf/Documentation/jit-interface.txt).
 * @returns undefined where there is none
 */
export function openPerfMap(pid: number, options: PerfMapOptions = {}): JitTable | Refused | undefined {
  const bytes = readRegular(options.path ?? `/tmp/perf-${pid}.map`, ownersOf(options), MAP_LIMIT);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const table = new JitTable(bytes, Math.max(64, Math.ceil(bytes.length / SHORT_LINE)));
  table.others = readMapLines(bytes, table);
  table.finish();
  return table;
}

/** First line of a sidecar. */
export const SIDECAR_HEAD = 'pforge-prof jit 1\n';

/**
 * Reads what the collector has written beside a recording (FILE.jit): the perf maps of all its processes, with a time for
 * every line. After the first line come lines `PID TIME START SIZE NAME`; TIME is decimal, in nanoseconds of the
 * recording's clock (CLOCK_MONOTONIC), and says when the line was not there yet; the rest is the line of the map.
 * @param path any: whoever names it answers for it, it must be a regular file only
 * @returns undefined where there is no such file
 */
export function openSidecar(path: string, owners: readonly number[]): Sidecar | Refused | undefined {
  const bytes = readRegular(path, owners, MAP_LIMIT);
  if (!(bytes instanceof Uint8Array)) return bytes;
  if (bytes.toString('latin1', 0, SIDECAR_HEAD.length) !== SIDECAR_HEAD) return { why: 'it is no list of dated names' };
  return new Sidecar(bytes);
}

/** The names in such a file. */
export class Sidecar {
  /** By process. */
  readonly tables = new Map<number, JitTable>();
  /** Lines that are none: parts of names with line breaks, mostly. */
  others = 0;
  private bytes: Buffer;
  /** Bytes that were read; whole lines, while the file grows. */
  private length: number;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.read(SIDECAR_HEAD.length);
    for (const table of this.tables.values()) table.finish();
  }

  /**
   * Reads what was written behind the lines that are known.
   * @param file descriptor
   * @returns false where it does not fit what is known: older code, code without a size
   */
  more(file: number): boolean {
    const { size } = fstatSync(file);
    if (size === this.length) return true;
    const from = this.length;
    const known = new Map([...this.tables].map(([pid, { count }]) => [pid, count]));
    this.makeRoom(size);
    while (this.length < size) {
      const count = readSync(file, this.bytes, this.length, size - this.length, this.length);
      if (count === 0) return false;
      this.length += count;
    }
    this.read(from);
    return [...this.tables].every(([pid, table]) => table.extend(known.get(pid) ?? 0));
  }

  private makeRoom(size: number): void {
    if (size <= this.bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(size, 2 * this.bytes.length));
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
    for (const table of this.tables.values()) table.moveText(bytes);
  }

  private read(from: number): void {
    let latest: JitTable | undefined;
    let latestPid = Number.NaN;
    this.others += readDatedLines(this.bytes.subarray(0, this.length), from, (pid) => {
      if (pid === latestPid) return latest!;
      latestPid = pid;
      latest = this.tables.get(pid);
      if (latest === undefined) {
        latest = new JitTable(this.bytes);
        this.tables.set(pid, latest);
      }
      return latest;
    });
  }
}

function ownersOf(options: PerfMapOptions): number[] {
  return [options.owner ?? process.geteuid?.() ?? 0, 0];
}
