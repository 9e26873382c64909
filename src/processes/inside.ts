import { lstatSync, readdirSync, readFileSync } from 'node:fs';
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
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return undefined;
  }
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

/** Ids of the living children of a process; those of threads are among them. Empty when it is gone. */
export function childrenOf(pid: number): number[] {
  let tasks: string[];
  try {
    tasks = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  const found: number[] = [];
  for (const task of tasks) {
    try {
      const list = readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim();
      if (list !== '') found.push(...list.split(' ').map(Number));
    } catch (error) {
      // Kernels without CONFIG_PROC_CHILDREN do not have the list; the thread may also have ended.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && tasks.length === 1) return listed(pid);
    }
  }
  return found;
}

function listed(pid: number): number[] {
  return descendants(pid)
    .filter((process) => process.parent === pid)
    .map((process) => process.pid);
}
