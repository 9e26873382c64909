import { readFileSync } from 'node:fs';

/** Resident memory of a process in bytes (proc(5), status). */
export interface ResidentMemory {
  readonly anonymous: number;
  /** Pages of mapped files: programs and libraries. */
  readonly file: number;
  readonly shared: number;
}

/** Reads one process, which takes well under a millisecond; undefined when it is gone. */
export function residentMemory(pid: number): ResidentMemory | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return undefined;
  }
  const bytes = (name: string): number =>
    1024 * Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return { anonymous: bytes('RssAnon'), file: bytes('RssFile'), shared: bytes('RssShmem') };
}
