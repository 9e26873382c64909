import { type BigIntStats, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often files are looked at. Looking works everywhere and sees a file that was replaced, unlike notifications. */
const LOOK_MS = 200;
/** A file that has not changed for so long is taken for written. */
const REST_MS = 300;
/** A file that never rests is read after so long all the same. */
const NEVER_RESTS_MS = 3_000;
/** What cannot be read may be half written by a writer that pauses: it is told as a mistake after so many more looks. */
const PATIENCE = 4;
/** Folders of recordings are small, and at most this deep (`.clinic/PID.clinic-flame/`). */
const FOLDER_DEPTH = 2;
const MOST_ENTRIES = 1000;

export interface Following {
  /** Reads the files and shows what they hold. */
  readonly renew: () => Promise<void>;
  /** Gets what is wrong once it is sure that it is no half-written file. */
  readonly failed: (error: unknown) => void;
  /** Ends the following. */
  readonly signal: AbortSignal;
}

/**
 * Renews whenever files have changed and come to rest, until the signal ends it. Changes that come while a file is
 * being read make it be read again.
 * @param since as {@link stateOf} gave it before the files were first read
 */
export async function followFiles(
  paths: readonly string[],
  since: string,
  { renew, failed, signal }: Following,
): Promise<void> {
  let seen = since;
  let tries = 0;
  const wait = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal }).catch(() => undefined);
  while (!signal.aborted) {
    await wait(LOOK_MS);
    if (stateOf(paths) === seen && tries === 0) continue;
    const rested = await restedState(paths, wait, signal);
    if (signal.aborted) return;
    try {
      await renew();
      tries = 0;
    } catch (error) {
      // While it changes it may be half of a file: no mistake of anyone.
      tries = stateOf(paths) === rested ? tries + 1 : 1;
      if (tries > PATIENCE) {
        failed(error);
        tries = 0;
      }
    }
    seen = rested;
  }
}

async function restedState(
  paths: readonly string[],
  wait: (ms: number) => Promise<unknown>,
  signal: AbortSignal,
): Promise<string> {
  const deadline = performance.now() + NEVER_RESTS_MS;
  let state = stateOf(paths);
  while (!signal.aborted) {
    await wait(REST_MS);
    const now = stateOf(paths);
    if (now === state || performance.now() > deadline) return now;
    state = now;
  }
  return state;
}

/** Differs when a file, or what a folder holds, has been written to, replaced, removed or put back. */
export function stateOf(paths: readonly string[]): string {
  const states: string[] = [];
  const look = (path: string, depth: number): void => {
    const state = stat(path);
    states.push(state === undefined ? '-' : `${state.dev}.${state.ino}.${state.size}.${state.mtimeNs}`);
    if (!state?.isDirectory() || depth === FOLDER_DEPTH) return;
    for (const name of entries(path)) look(join(path, name), depth + 1);
  };
  for (const path of paths) look(path, 0);
  return states.join(' ');
}

function stat(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort().slice(0, MOST_ENTRIES);
  } catch {
    return [];
  }
}
