import { closeSync, constants, openSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** The line from the collector to the control threads of the processes being profiled (src/preload). */
export interface ControlLine {
  /** Path of the socket. */
  readonly path: string;
  /** How many processes have ever been on the line. */
  readonly seen: number;
  /** Ids of the processes on the line. */
  pids(): number[];
  /** Asks all processes to write what they have; resolves when all have answered or ended, or the time is over. */
  flush(limitMs: number): Promise<void>;
  /** Resolves when all processes have ended, or the time is over. */
  drain(limitMs: number): Promise<void>;
  /** Hangs up: whatever process is left stops sampling. */
  close(): Promise<void>;
}

interface Caller {
  pid: number | undefined;
  answer: (() => void) | undefined;
}

/** sun_path of a unix socket holds 108 bytes with the final zero. */
const LONGEST_PATH = 107;

/**
 * Listens on the unix socket `c` in a private folder (mode 0700: nobody else can connect). Each process sends its id
 * and a newline, is sent `flush\n`, and answers `done\n`.
 */
export async function openControlLine(dir: string): Promise<ControlLine> {
  const callers = new Map<Socket, Caller>();
  const waiting = new Set<() => void>();
  let seen = 0;
  const server = createServer((socket) => {
    const caller: Caller = { pid: undefined, answer: undefined };
    callers.set(socket, caller);
    seen++;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      if (caller.pid === undefined) caller.pid = Number.parseInt(text, 10);
      if (text.includes('done')) caller.answer?.();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      callers.delete(socket);
      caller.answer?.();
      if (callers.size === 0) for (const wake of waiting) wake();
    });
  });
  const { path, release } = socketPath(dir);
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(path, done);
  });
  return {
    path,
    get seen() {
      return seen;
    },
    pids: () => [...callers.values()].flatMap(({ pid }) => pid ?? []).sort((a, b) => a - b),
    async flush(limitMs) {
      const answers = [...callers].map(([socket, caller]) => {
        const answered = new Promise<void>((done) => {
          caller.answer = done;
        });
        socket.write('flush\n');
        return answered;
      });
      await within(limitMs, (done) => void Promise.all(answers).then(done));
    },
    async drain(limitMs) {
      if (callers.size === 0) return;
      let wake = (): void => {};
      await within(limitMs, (done) => {
        wake = done;
        waiting.add(wake);
      });
      waiting.delete(wake);
    },
    async close() {
      for (const socket of callers.keys()) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
      release();
    },
  };
}

/** A long TMPDIR does not fit into a socket address: the way through /proc to the open folder does. */
function socketPath(dir: string): { path: string; release: () => void } {
  const path = join(dir, 'c');
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path, release: () => {} };
  const descriptor = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/${process.pid}/fd/${descriptor}/c`, release: () => closeSync(descriptor) };
}

function within(limitMs: number, action: (done: () => void) => void): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, limitMs);
    action(() => {
      clearTimeout(timer);
      done();
    });
  });
}
