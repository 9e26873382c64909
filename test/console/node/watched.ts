import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { attachConsole } from '../../../src/console/node/attach.ts';
import type { WatchOptions } from '../../../src/console/node/settings.ts';
import { startConsole } from '../../../src/console/node/start.ts';
import type { ConsoleSnapshot } from '../../../src/console/snapshot.ts';
import type { ConsoleSource } from '../../../src/console/source.ts';

const running: ChildProcess[] = [];
const sources: ConsoleSource[] = [];
afterAll(async () => {
  await Promise.all(sources.map((source) => source.close()));
  for (const child of running) child.kill('SIGKILL');
});

/** A program that is watched, and what was seen of it. */
export interface Watched {
  readonly source: ConsoleSource;
  readonly pid: number;
  /** Standard output and error of it so far. */
  printed(): string;
  /** Waits for a snapshot of which something is true. */
  until(what: string, isTrue: (snapshot: ConsoleSnapshot) => boolean, limitMs?: number): Promise<ConsoleSnapshot>;
  readonly seen: readonly ConsoleSnapshot[];
}

export function writeProgram(folder: string, name: string, source: string): string {
  const file = join(folder, name);
  writeFileSync(file, source);
  return file;
}

/** Starts a program with the agent in it. */
export async function startWatched(words: readonly string[], options: WatchOptions = {}): Promise<Watched> {
  let text = '';
  const program = [process.execPath, ...words];
  const output = (bytes: Buffer): void => {
    text += bytes.toString();
  };
  return watch(await startConsole({ program, output, everyMs: 300, ...options }), () => text);
}

/** A program that runs without a word of us. */
export interface Plain {
  readonly pid: number;
  readonly child: ChildProcess;
  printed(): string;
}

/** Starts a program and waits until it has printed `ready`. */
export async function startPlain(words: readonly string[], node = process.execPath): Promise<Plain> {
  // Any number of tests on this machine can run at once with it
  const child = spawn(node, ['--inspect-port=0', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (bytes: Buffer) => {
      text += bytes.toString();
    });
  }
  while (!text.includes('ready')) {
    if (child.exitCode !== null) throw new Error(`ended before it was ready: ${text}`);
    await new Promise((done) => setTimeout(done, 10));
  }
  return { pid: child.pid!, child, printed: () => text };
}

/** Puts the agent into a program that runs. */
export async function attachWatched({ pid, printed }: Plain, options: WatchOptions = {}): Promise<Watched> {
  return watch(await attachConsole(pid, { everyMs: 300, ...options }), printed);
}

async function watch(source: ConsoleSource, printed: () => string): Promise<Watched> {
  sources.push(source);
  const seen: ConsoleSnapshot[] = [];
  source.onSnapshot((snapshot) => seen.push(snapshot));
  const until: Watched['until'] = async (what, isTrue, limitMs = 30_000) => {
    const deadline = Date.now() + limitMs;
    let from = 0;
    while (Date.now() < deadline) {
      const found = seen.slice(from).find(isTrue);
      if (found !== undefined) return found;
      from = seen.length;
      await new Promise((done) => setTimeout(done, 20));
    }
    throw new Error(`not seen: ${what}; the last: ${JSON.stringify(seen.at(-1))?.slice(0, 3000)}; ${printed()}`);
  };
  const first = await until('anything', ({ target }) => target.pid !== undefined);
  return { source, pid: first.target.pid!, printed, until, seen };
}
