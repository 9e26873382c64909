import { existsSync, readlinkSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Occasion } from './settings.ts';

/** What samples a thread. */
export interface ThreadSampler {
  /**
   * Writes what was sampled since the last call as one file `PID-TID-SEQ.EXTENSION` and goes on sampling.
   * @returns milliseconds it took; -1 where there is nothing to do
   */
  checkpoint(occasion: Occasion): number;
  /** Ends sampling, writes nothing. */
  stop(): void;
}

/** What to call this thread: `process` is the same in all threads of a process. */
export interface SegmentNames {
  readonly process: string;
  readonly thread: string;
}

// Taken now: programs and test frameworks replace it.
const { stringify } = JSON;

/**
 * Writes profiles of the DevTools protocol, each with a member `pforgeProf` that says whose it is.
 * @returns writes the next file, or the last once more; false where the folder is gone
 */
export function segmentWriter(
  dir: string,
  extension: string,
  names: () => SegmentNames,
): (profile: object, again?: 'again') => boolean {
  const tid = currentTid();
  let sequence = -1;
  return (profile, again) => {
    const path = `${dir}/${process.pid}-${tid}-`;
    if (again === undefined || sequence < 0) {
      sequence++;
      // Process ids come round again, and execve keeps them.
      while (existsSync(`${path}${sequence}.${extension}`)) sequence++;
    }
    const file = `${path}${sequence}.${extension}`;
    try {
      const whose = {
        pid: process.pid,
        tid,
        ...names(),
        ...('pforgeProf' in profile ? (profile.pforgeProf as object) : {}),
      };
      writeFileSync(`${file}.tmp`, stringify({ ...profile, pforgeProf: whose }), { mode: 0o600 });
      renameSync(`${file}.tmp`, file);
      return true;
    } catch (error) {
      // An empty file needs no space on a full disk: the collector reads the loss from its name.
      attempt(() => unlinkSync(`${file}.tmp`));
      attempt(() => writeFileSync(`${path}${(error as NodeJS.ErrnoException).code}.lost`, '', { mode: 0o600 }));
      return existsSync(dir);
    }
  };
}

/** The kernel's id of this thread, as perf and ps show it. */
export function currentTid(): number {
  return Number(basename(readlinkSync('/proc/thread-self')));
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Best effort on a path that reports another failure.
  }
}
