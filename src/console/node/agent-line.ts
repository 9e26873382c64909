import { chownSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { EXIT, UserError } from '../../errors.ts';
import type { AgentMessage, ConsoleMessage } from '../../preload/console/messages.ts';
import { makePrivateDir, removePrivateDir } from '../../processes/private-dir.ts';

/** sun_path of a unix socket holds 108 bytes with the final zero. */
const LONGEST_PATH = 107;
/** No line of an agent is longer; whoever sends one is none. */
const LONGEST_LINE = 64 << 20;

/** The line from the agent in a watched process: a unix socket in a private folder (mode 0700), one JSON object a line. */
export interface AgentLine {
  /** Path of the socket. */
  readonly path: string;
  /** Resolves when an agent has connected; rejects when `limitMs` is over. */
  connected(limitMs: number): Promise<void>;
  /** Hands over what has come, and what will come. */
  listen(listener: (message: AgentMessage) => void): void;
  send(message: ConsoleMessage): void;
  /** Resolves when the agent has hung up. */
  readonly ended: Promise<void>;
  readonly isOpen: boolean;
  close(): Promise<void>;
}

/**
 * @param pid of a process that runs already, which may be another user's: the folder is given to them
 * @throws {UserError} 125: no folder can be made
 */
export async function openAgentLine(pid?: number): Promise<AgentLine> {
  const dir = await makePrivateDir();
  let listener: ((message: AgentMessage) => void) | undefined;
  // What comes before anybody listens
  const early: AgentMessage[] = [];
  let socket: Socket | undefined;
  let tellConnected = (): void => {};
  let tellEnded = (): void => {};
  const connected = new Promise<void>((done) => {
    tellConnected = done;
  });
  const ended = new Promise<void>((done) => {
    tellEnded = done;
  });
  const server = createServer((caller) => {
    // One process is watched: what it starts is not
    if (socket !== undefined) {
      caller.destroy();
      return;
    }
    socket = caller;
    caller.setEncoding('utf8');
    let pieces: string[] = [];
    let length = 0;
    caller.on('data', (text: string) => {
      length += text.length;
      pieces.push(text);
      if (length > LONGEST_LINE) caller.destroy();
      if (!text.includes('\n')) return;
      const lines = pieces.join('').split('\n');
      const rest = lines.pop()!;
      pieces = [rest];
      length = rest.length;
      for (const line of lines) {
        const message = parse(line);
        if (message === undefined) continue;
        if (listener === undefined) early.push(message);
        else listener(message);
      }
    });
    caller.on('error', () => {});
    caller.on('close', () => tellEnded());
    tellConnected();
  });
  const { path, release } = socketPath(dir);
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(path, done);
    });
    if (pid !== undefined) giveTo(pid, [dir, join(dir, 'c')]);
  } catch (error) {
    server.close();
    release();
    await removePrivateDir(dir);
    throw error;
  }
  let closing: Promise<void> | undefined;
  return {
    path,
    async connected(limitMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_done, fail) => {
        timer = setTimeout(() => {
          fail(
            new UserError(`the agent in the process has not called within ${limitMs / 1000} s`, {
              hint: 'the process may not start threads or may not read this package: look at its permissions',
              exitCode: EXIT.cannotCollect,
            }),
          );
        }, limitMs);
        // Until it is closed the server keeps us alive
        timer.unref();
      });
      await Promise.race([connected, late]).finally(() => clearTimeout(timer));
    },
    listen(to) {
      listener = to;
      for (const message of early.splice(0)) to(message);
    },
    send(message) {
      socket?.write(`${JSON.stringify(message)}\n`);
    },
    ended,
    get isOpen() {
      return socket !== undefined && !socket.destroyed;
    },
    close() {
      closing ??= (async () => {
        socket?.destroy();
        await new Promise<void>((done) => server.close(() => done()));
        release();
        await removePrivateDir(dir);
      })();
      return closing;
    },
  };
}

function parse(line: string): AgentMessage | undefined {
  try {
    return JSON.parse(line) as AgentMessage;
  } catch {
    return undefined;
  }
}

/** A long TMPDIR does not fit into a socket address: the way through /proc to the open folder does. */
function socketPath(dir: string): { path: string; release: () => void } {
  const path = join(dir, 'c');
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path, release: () => {} };
  const descriptor = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/${process.pid}/fd/${descriptor}/c`, release: () => closeSync(descriptor) };
}

/** Root may watch the processes of others, who could not connect to what is root's. @throws {UserError} 2: it is gone */
function giveTo(pid: number, paths: readonly string[]): void {
  if (process.getuid?.() !== 0) return;
  const stats = statSync(`/proc/${pid}`, { throwIfNoEntry: false });
  if (stats === undefined) throw new UserError(`there is no process ${pid}`);
  const { uid, gid } = stats;
  if (uid !== 0) for (const path of paths) chownSync(path, uid, gid);
}
