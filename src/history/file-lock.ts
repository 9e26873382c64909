import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, UserError } from '../errors.ts';

/** A lock that nobody has renewed for so long is nobody's: what is done under it takes milliseconds. */
const STALE_MS = 30_000;
const WAIT_MS = 60_000;
const RETRY_MS = 20;

/**
 * Does something that nobody else may do at the same time. The lock is a file that only one can create; one whose owner
 * was killed is taken over.
 * @param path of the lock
 * @throws {UserError} 125: it cannot be created, or somebody keeps it
 */
export async function locked<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + WAIT_MS;
  const own = `${hostname()} ${process.pid} ${process.hrtime.bigint()}\n`;
  while (!taken(path, own)) {
    takeOver(path, own);
    if (performance.now() > deadline) {
      throw new UserError(`${path} has been locked for a minute`, {
        hint: 'if no other pforge-prof runs, delete it',
        exitCode: EXIT.cannotCollect,
      });
    }
    await sleep(RETRY_MS * (0.5 + Math.random()));
  }
  // Nobody takes over what is ours, so that one who was killed while taking over can only have left this behind
  removeAbandoned(guardOf(path));
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @returns false: somebody has it */
function taken(path: string, own: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o644);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new UserError(`cannot create ${path}: ${code}`, { exitCode: EXIT.cannotCollect, cause: error });
  }
  try {
    writeSync(file, own);
  } catch {
    // On a full disk the lock is empty, and holds all the same
  } finally {
    closeSync(file);
  }
  return true;
}

/** Takes away a lock whose owner is gone. Only one does that at a time: else the second would take the first one's lock. */
function takeOver(path: string, own: string): void {
  if (!isAbandoned(path)) return;
  const guard = guardOf(path);
  if (!taken(guard, own)) {
    removeAbandoned(guard);
    return;
  }
  try {
    removeAbandoned(path);
  } finally {
    rmSync(guard, { force: true });
  }
}

function guardOf(path: string): string {
  return `${path}.takeover`;
}

function removeAbandoned(path: string): void {
  if (isAbandoned(path)) rmSync(path, { force: true });
}

/** Whether its owner is gone: a process of this machine that is no longer, or one that has been silent for too long. */
function isAbandoned(path: string): boolean {
  try {
    const { mtimeMs } = statSync(path);
    const [host, pid] = readFileSync(path, 'utf8').split(' ');
    if (host === hostname() && Number(pid) > 0 && !isRunning(Number(pid))) return true;
    return Date.now() - mtimeMs > STALE_MS;
  } catch {
    // Released meanwhile
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
