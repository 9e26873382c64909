import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What the preload has written so far (src/preload/segment-writer.ts). */
export interface V8Segments {
  /** Absolute paths of `PID-TID-SEQ.cpuprofile`, `.heapprofile` or `.heapsnapshot`, by process, thread, time. */
  readonly files: readonly string[];
  readonly threads: number;
  /** Threads that could not write, and why: `ENOSPC`. */
  readonly lost: readonly { readonly pid: number; readonly code: string }[];
}

/** Whose a segment is. */
export interface SegmentOwner {
  readonly pid: number;
  /** The kernel's id of the thread, `pid` for the main thread; negative where only node's number is known. */
  readonly tid: number;
}

/** @param file path or name of a segment */
export function segmentOwner(file: string): SegmentOwner {
  const name = basename(file);
  const own = NAME.exec(name);
  if (own !== null) return { pid: Number(own[1]), tid: Number(own[2]) };
  const [, pid, thread] = (NODE_NAME.exec(name) ?? []).map(Number);
  return { pid: pid ?? 0, tid: thread === 0 ? (pid ?? 0) : -(thread ?? 0) };
}

const NAME = /^(\d+)-(\d+)-(?:(\d+)\.(?:cpuprofile|heapprofile|heapsnapshot)|([A-Za-z]\w*)\.lost)$/;
/** Snapshots that node writes itself: date, time, process, node's number of the thread (0 = main), sequence. */
const NODE_NAME = /^Heap\.\d+\.\d+\.(\d+)\.(\d+)\.(\d+)\.heapsnapshot$/;

/** Lists a folder of segments; an unreadable folder holds none. */
export function listSegments(dir: string): V8Segments {
  const segments: { name: string; pid: number; tid: number; sequence: number }[] = [];
  const lost: { pid: number; code: string }[] = [];
  for (const name of namesIn(dir)) {
    const byNode = NODE_NAME.exec(name);
    if (byNode !== null) segments.push({ name, ...segmentOwner(name), sequence: Number(byNode[3]) });
    const match = NAME.exec(name);
    if (match === null) continue;
    const [, pid, tid, sequence, code] = match;
    if (code !== undefined) lost.push({ pid: Number(pid), code });
    else segments.push({ name, pid: Number(pid), tid: Number(tid), sequence: Number(sequence) });
  }
  segments.sort((a, b) => a.pid - b.pid || a.tid - b.tid || a.sequence - b.sequence);
  return {
    files: segments.map(({ name }) => join(dir, name)),
    threads: new Set(segments.map(({ pid, tid }) => `${pid}-${tid}`)).size,
    lost,
  };
}

/** Bytes in the files. */
export function sizeOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
