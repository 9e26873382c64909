import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { descendants } from './proc.ts';

/** How a process sees itself, which is not how we see it where it runs in a container. */
export interface Inside {
  /** Its id in its own namespace. */
  readonly pid: number;
  /** User ids: real and effective. */
  readonly users: readonly number[];
  /** Where its /tmp can be reached from here. */
  readonly tmp: string;
}

/** Reads /proc/PID/status and root (proc(5)); undefined when the process is gone. */
export function lookInside(pid: number): Inside | undefined {
  const status = readProc(`/proc/${pid}/status`);
  if (status === undefined) return undefined;
  const numbers = (name: string): number[] =>
    (new RegExp(`^${name}:(.*)$`, 'm').exec(status)?.[1] ?? '').trim().split(/\s+/).map(Number);
  return { pid: numbers('NSpid').at(-1) || pid, users: numbers('Uid').slice(0, 2), tmp: tmpOf(pid) };
}

/** Other mount namespaces are seen through /proc/PID/root; processes of other users do not let us look there. */
function tmpOf(pid: number): string {
  const tmp = `/proc/${pid}/root/tmp`;
  try {
    // A link is followed in our own file system, not in that of the process.
    return lstatSync(tmp).isDirectory() ? tmp : '/tmp';
  } catch {
    return '/tmp';
  }
}

/**
 * Ids of the living children of a process; those of all its threads are among them.
 * @returns undefined when it is gone
 */
export function childrenOf(pid: number): number[] | undefined {
  let tasks: string[];
  try {
    tasks = readdirSync(`/proc/${pid}/task`);
  } catch {
    return undefined;
  }
  const found: number[] = [];
  for (const task of tasks) {
    const list = readProc(`/proc/${pid}/task/${task}/children`);
    // Kernels without CONFIG_PROC_CHILDREN do not have the list.
    if (list === undefined && Number(task) === pid) return listed(pid);
    if (list) found.push(...list.trimEnd().split(' ').map(Number));
  }
  return found;
}

function listed(pid: number): number[] {
  return descendants(pid)
    .filter((process) => process.parent === pid)
    .map((process) => process.pid);
}

/** The id that was given last to a process or thread (proc(5), loadavg): while it stays there is nothing new. */
export function latestId(): string | undefined {
  return readProc('/proc/loadavg')?.split(' ').at(-1);
}

/** `readFileSync` takes 64 kB of new memory for each of these files. */
const room = Buffer.allocUnsafe(1 << 16);

/** Reads a file of /proc, of which the first 64 kB; undefined when it is not there (any more). */
export function readProc(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return room.toString('latin1', 0, readSync(file, room, 0, room.length, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
