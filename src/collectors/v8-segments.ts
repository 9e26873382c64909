import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the preload has written so far (src/preload/segment-writer.ts). */
export interface V8Segments {
  /** Absolute paths of `PID-TID-SEQ.cpuprofile` or `.heapprofile`, by process, thread, time. */
  readonly files: readonly string[];
  readonly threads: number;
  /** Threads that could not write, and why: `ENOSPC`. */
  readonly lost: readonly { readonly pid: number; readonly code: string }[];
}

const NAME = /^(\d+)-(\d+)-(?:(\d+)\.(?:cpu|heap)profile|([A-Za-z]\w*)\.lost)$/;

/** Lists a folder of segments; an unreadable folder holds none. */
export function listSegments(dir: string): V8Segments {
  const segments: { name: string; pid: number; tid: number; sequence: number }[] = [];
  const lost: { pid: number; code: string }[] = [];
  for (const name of namesIn(dir)) {
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
