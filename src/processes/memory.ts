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

/** What the kernel tells of a process's memory as a whole, in bytes (proc(5), smaps_rollup). */
export interface MemoryRollup {
  /** Resident, each page divided by how many processes share it: sums over processes count no page twice. */
  readonly proportional: number;
  readonly swapped: number;
  /** In pages of 2 MiB and more. */
  readonly huge: number;
}

/** Reads one process, which takes milliseconds for large ones; undefined when it is gone or another user's. */
export function memoryRollup(pid: number): MemoryRollup | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  } catch {
    return undefined;
  }
  const bytes = (name: string): number =>
    1024 * Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return { proportional: bytes('Pss'), swapped: bytes('SwapPss'), huge: bytes('AnonHugePages') };
}
