import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import type { InspectorTarget } from './protocol.ts';

/** V8 counts the objects of the heap, and then goes through them. */
export interface SnapshotProgress {
  /** Objects done, and to do; 0 before they are known. */
  readonly done: number;
  readonly total: number;
  /** Bytes on the disk so far. */
  readonly bytes: number;
}

/**
 * Has a thread write a heap snapshot (`.heapsnapshot`) and streams it to a file that its user alone may read, as it holds
 * every string of the program. The file appears whole or not at all. The thread stands still meanwhile. What it has logged
 * while we were attached is no part of it: V8 keeps that for a console that nobody looks at.
 * @returns bytes of the file
 * @throws {UserError} 125: the process ended, or the disk is full
 */
export async function takeHeapSnapshot(
  target: InspectorTarget,
  file: string,
  onProgress: (progress: SnapshotProgress) => void = () => {},
): Promise<number> {
  const path = resolve(file);
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${process.pid}.tmp`);
  const remove = (): void => rmSync(temporary, { force: true });
  process.once('exit', remove);
  let bytes = 0;
  let failed: Error | undefined;
  let last = { done: 0, total: 0 };
  const handle = openFile(temporary, file);
  const releases = [
    target.on<{ chunk: string }>('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
      if (failed !== undefined) return;
      try {
        const piece = Buffer.from(chunk);
        for (let at = 0; at < piece.length; ) at += writeSync(handle, piece, at);
        bytes += piece.length;
      } catch (error) {
        failed = error as Error;
      }
      onProgress({ ...last, bytes });
    }),
    target.on<{ done: number; total: number }>('HeapProfiler.reportHeapSnapshotProgress', ({ done, total }) => {
      last = { done, total };
      onProgress({ ...last, bytes });
    }),
  ];
  try {
    await target.send('Runtime.discardConsoleEntries');
    await target.send('HeapProfiler.takeHeapSnapshot', { reportProgress: true });
    if (failed !== undefined) throw writeError(file, failed);
    renameSync(temporary, path);
    return bytes;
  } finally {
    for (const release of releases) release();
    closeSync(handle);
    remove();
    process.removeListener('exit', remove);
  }
}

/** Opened with O_EXCL: a name that someone else has taken is refused, never followed. */
function openFile(temporary: string, file: string): number {
  try {
    return openSync(temporary, 'wx', 0o600);
  } catch (error) {
    throw writeError(file, error as Error);
  }
}

function writeError(file: string, error: NodeJS.ErrnoException): UserError {
  const words = error.code === 'ENOSPC' ? 'no space left on the disk' : (error.code ?? error.message);
  return new UserError(`cannot write ${file}: ${words}`, {
    hint: 'choose another place with -o',
    exitCode: EXIT.cannotCollect,
    cause: error,
  });
}
