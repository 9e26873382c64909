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

export interface Sidecar {
  /** By process. */
  readonly tables: ReadonlyMap<number, JitTable>;
  /** Lines that are none: parts of names with line breaks, mostly. */
  readonly others: number;
}

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
  const tables = new Map<number, JitTable>();
  let latest: JitTable | undefined;
  let latestPid = Number.NaN;
  const others = readDatedLines(bytes, SIDECAR_HEAD.length, (pid) => {
    if (pid === latestPid) return latest!;
    latestPid = pid;
    latest = tables.get(pid);
    if (latest === undefined) {
      latest = new JitTable(bytes);
      tables.set(pid, latest);
    }
    return latest;
  });
  for (const table of tables.values()) table.finish();
  return { tables, others };
}

function ownersOf(options: PerfMapOptions): number[] {
  return [options.owner ?? process.geteuid?.() ?? 0, 0];
}
