import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What /proc/PID/stat says of a process (proc(5)). */
export interface ProcessState {
  readonly pid: number;
  readonly comm: string;
  /** R running, S sleeping, T stopped, Z zombie... */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Seconds of CPU time, user and kernel. */
  readonly cpuSeconds: number;
}

/** The kernel counts CPU time for user space in these, on every architecture that node runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Reads one process; undefined when it is gone. */
export function readProcess(pid: number): ProcessState | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name may itself hold blanks and parentheses: the fields begin after the last ')'.
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  return {
    pid,
    comm: text.slice(text.indexOf('(') + 1, close),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
  };
}

/** True while the process exists and is no zombie. */
export function isAlive(pid: number): boolean {
  const state = readProcess(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** All living descendants of a process by their parents, nearest first; the process itself is not among them. */
export function descendants(root: number): ProcessState[] {
  const children = new Map<number, ProcessState[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const state = readProcess(Number(name));
    if (state === undefined || state.state === 'Z') continue;
    const siblings = children.get(state.parent);
    if (siblings) siblings.push(state);
    else children.set(state.parent, [state]);
  }
  const found: ProcessState[] = [];
  const queue = [root];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const child of children.get(next) ?? []) {
      found.push(child);
      queue.push(child.pid);
    }
  }
  return found;
}

/** Sends a signal; false when the process is gone or not ours. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** The file that a process runs; undefined when it is gone, or is not ours to look at. */
export function executableOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}
