import { spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { deathSignalPrefix } from './death-signal.ts';
import { descendants, sendSignal } from './proc.ts';
import type { TargetExit } from './target.ts';

/** Of what a program prints this much is kept; the rest is counted. */
const KEPT = 64 * 1024;
/** Once it has ended this long is enough to take what it has printed; a daemon of it may hold its output open for ever. */
const LAST_WORDS_MS = 500;

/** How a program ended that we talked with. */
export interface ConversationEnd {
  readonly exit: TargetExit;
  /** True when it was killed because its time was over. */
  readonly timedOut: boolean;
  /** The first 64 KiB of what it printed to standard output and standard error together, and how much it printed. */
  readonly printed: string;
  readonly printedBytes: number;
}

export interface ConversationOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** How much of its output is kept. Default 64 KiB. */
  readonly keep?: number;
  /**
   * Called with each line that it writes to file descriptor 3; what it returns is written back as a line. While a promise
   * of that is open the program's time stands still.
   */
  readonly hear: (line: string) => string | undefined | Promise<string | undefined>;
}

/** Programs that we talk with, to be killed when we are told to stop. */
const talking = new Set<number>();

/**
 * Starts a program and talks with it in lines over its file descriptor 3, while its output is taken and its input is
 * empty. It leads a process group of its own: when its time is over, or it ends, nothing of it stays behind.
 * @param first the first line that it is told
 */
export function converse(
  program: readonly string[],
  first: string,
  { cwd, env, timeoutMs, keep = KEPT, hear }: ConversationOptions,
): Promise<ConversationEnd> {
  const [file, ...args] = [...deathSignalPrefix('KILL'), ...program];
  const child = spawn(file!, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const pieces: Buffer[] = [];
  let printedBytes = 0;
  let timedOut = false;
  const [, stdout, stderr, wire] = child.stdio as unknown as [null, Readable, Readable, Duplex];
  for (const stream of [stdout, stderr]) {
    stream.on('data', (bytes: Buffer) => {
      if (printedBytes < keep) pieces.push(bytes.subarray(0, keep - printedBytes));
      printedBytes += bytes.length;
    });
  }
  let unread = '';
  wire.setEncoding('utf8');
  wire.on('error', () => {});
  wire.on('data', (text: string) => {
    unread += text;
    for (let end = unread.indexOf('\n'); end >= 0; end = unread.indexOf('\n')) {
      const reply = hear(unread.slice(0, end));
      unread = unread.slice(end + 1);
      if (reply instanceof Promise) void later(reply);
      else if (reply !== undefined) wire.write(`${reply}\n`);
    }
  });
  wire.write(`${first}\n`);
  const { pid } = child;
  if (talking.size === 0) process.once('exit', endConversations);
  if (pid !== undefined) talking.add(pid);
  const time = new Allowance(timeoutMs, () => {
    timedOut = true;
    end(pid);
  });
  const later = async (reply: Promise<string | undefined>): Promise<void> => {
    time.stop();
    const line = await reply;
    time.start();
    if (line !== undefined && !wire.destroyed) wire.write(`${line}\n`);
  };
  let silence: NodeJS.Timeout | undefined;
  return new Promise((done, fail) => {
    const over = (): void => {
      time.end();
      if (pid !== undefined) talking.delete(pid);
      if (talking.size === 0) process.removeListener('exit', endConversations);
    };
    child.once('error', (error) => {
      over();
      fail(error);
    });
    // What it has started may hold its output open
    child.once('exit', () => {
      end(pid);
      silence = setTimeout(() => {
        for (const stream of [stdout, stderr, wire]) stream.destroy();
      }, LAST_WORDS_MS);
    });
    child.once('close', (code, signal) => {
      clearTimeout(silence);
      over();
      const printed = Buffer.concat(pieces).toString('utf8');
      done({ exit: { code: code ?? undefined, signal: signal ?? undefined }, timedOut, printed, printedBytes });
    });
  });
}

/** Time that is spent while it is not stopped. */
class Allowance {
  private left: number;
  private readonly spent: () => void;
  private since = 0;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(ms: number, spent: () => void) {
    this.left = ms;
    this.spent = spent;
    this.start();
  }

  start(): void {
    if (this.ended) return;
    this.since = performance.now();
    this.timer = setTimeout(this.spent, Math.max(0, this.left));
  }

  stop(): void {
    clearTimeout(this.timer);
    this.left -= performance.now() - this.since;
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }
}

function endConversations(): void {
  for (const pid of talking) end(pid);
}

/** Kills a program with all of its process group, and what it has started in other ones while it runs. */
function end(pid: number | undefined): void {
  if (pid === undefined) return;
  for (const { pid: own } of descendants(pid)) sendSignal(own, 'SIGKILL');
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left
  }
}
