import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { deathSignalPrefix } from './death-signal.ts';

/** A profiler that runs beside the program, in a session of its own. */
export interface BackgroundTool {
  /** The tool's file descriptor 3, for what we tell it, and 4, for what it answers. */
  readonly control: Duplex;
  readonly answers: Duplex;
  /** Resolves when the tool has ended, however it did. */
  readonly ended: Promise<void>;
  /** What it has printed so far. */
  printed(): string;
  interrupt(): void;
  /** Interrupts it, waits until it has ended, kills it after `limitMs`. Safe to call when it has ended by itself. */
  stop(limitMs: number): Promise<void>;
}

/**
 * Starts a profiler in a session of its own, so that a terminal's Ctrl-C never reaches it. It prints to `logFile`
 * rather than to a pipe that would break with us, and gets SIGINT when we die, to finish its file.
 */
export function startBackgroundTool(
  path: string,
  args: readonly string[],
  logFile: string,
  env: NodeJS.ProcessEnv = process.env,
): BackgroundTool {
  const [file, ...rest] = [...deathSignalPrefix('INT'), path, ...args];
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(file!, rest, { detached: true, env, stdio: ['ignore', log, log, 'pipe', 'pipe'] });
  closeSync(log);
  const [, , , control, answers] = child.stdio as [null, null, null, Duplex, Duplex];
  for (const stream of [control, answers]) stream.on('error', () => {});
  const ended = new Promise<void>((done) => {
    child.once('close', () => done());
    child.once('error', () => done());
  });
  const interrupt = (): void => {
    child.kill('SIGINT');
  };
  process.once('exit', interrupt);
  return {
    control,
    answers,
    ended,
    printed: () => readFileSync(logFile, 'utf8'),
    interrupt,
    async stop(limitMs) {
      process.removeListener('exit', interrupt);
      interrupt();
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
      await Promise.race([ended, new Promise<void>((done) => child.once('exit', () => done()))]);
      clearTimeout(timer);
      control.destroy();
      answers.destroy();
    },
  };
}
