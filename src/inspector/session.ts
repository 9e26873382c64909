import type { WebSocket as Socket } from 'ws';
import { EXIT, UserError } from '../errors.ts';
import { listeningPorts, socketsOf, tcpSockets } from '../processes/sockets.ts';
import { type InspectorTarget, ProtocolChannel } from './protocol.ts';

/** A connection to the inspector of a running node process, by its main thread. */
export interface InspectorSession extends InspectorTarget {
  readonly pid: number;
  /** TCP port of the inspector, on loopback. */
  readonly port: number;
  /** Of node: `v20.20.2`. */
  readonly version: string;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /**
   * Resolves when the process has nothing left to do and waits for us before it ends: read what is wanted, then `close`.
   * Also when the connection has ended.
   */
  readonly leaving: Promise<void>;
  /**
   * Ends the connection; closes the inspector of the process where we opened it, unless somebody else has connected
   * meanwhile. Never fails; may be called again.
   * @returns false where the port stays open although we opened it
   */
  close(): Promise<boolean>;
}

export interface SessionOptions {
  readonly pid: number;
  readonly port: number;
  /** `ws://127.0.0.1:9229/...` */
  readonly url: string;
  /** The inspector was not open before us. */
  readonly opened: boolean;
  /** The port that the process is to open its inspector on the next time, where it has been moved meanwhile. */
  readonly restoredPort?: number;
}

/** How long a process may take to close its inspector: it may be busy in native code. */
const CLOSE_MS = 2_000;
const CONNECT_MS = 5_000;

const INSPECTOR = "(process.getBuiltinModule?.('inspector') ?? require('inspector'))";

/**
 * Connects to an inspector that is listening.
 * @throws {UserError} 125: nobody answers, or it belongs to another process
 */
export async function openSession(options: SessionOptions): Promise<InspectorSession> {
  const { pid, port, url, opened, restoredPort } = options;
  const socket = await connect(url, pid);
  const channel = new ProtocolChannel((text) => socket.send(text));
  let leave = (): void => {};
  const leaving = new Promise<void>((done) => {
    leave = done;
  });
  const ended = new Promise<void>((done) => {
    socket.on('close', () => {
      channel.fail(gone(pid));
      leave();
      done();
    });
  });
  // A close follows every error
  socket.on('error', () => {});
  socket.on('message', (data: Buffer) => receive(channel, data));
  channel.on('NodeRuntime.waitingForDisconnect', leave);

  let closing: Promise<boolean> | undefined;
  async function end(): Promise<boolean> {
    const connected = socket.readyState === socket.OPEN;
    const closesInspector = opened && connected && connectionsTo(pid, port) <= 1;
    if (closesInspector) {
      // Its answer may be lost with the connection
      const restore = restoredPort === undefined ? '' : `; process.debugPort = ${restoredPort}`;
      void evaluate(channel, `${INSPECTOR}.close()${restore}`).catch(() => {});
      await within(CLOSE_MS, ended);
    }
    socket.terminate();
    await ended;
    if (!opened) return true;
    const deadline = performance.now() + CLOSE_MS;
    while (closesInspector && listeningPorts(pid).includes(port)) {
      if (performance.now() > deadline) return false;
      await new Promise((done) => setTimeout(done, 10));
    }
    return closesInspector || !listeningPorts(pid).includes(port);
  }
  function close(): Promise<boolean> {
    closing ??= end();
    return closing;
  }

  try {
    const who = await within(
      CONNECT_MS,
      evaluate<{ pid: number; version: string }>(channel, '({ pid: process.pid, version: process.version })'),
    );
    if (who === undefined) throw notAnswering(pid);
    // In a container a process does not know the id that we know: whose port it is was looked up before
    await channel.send('NodeRuntime.enable');
    await channel.send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true }).catch(() => {});
    return {
      pid,
      port,
      version: who.version,
      ended,
      leaving,
      send: (method, params) => channel.send(method, params),
      on: (event, listener) => channel.on(event, listener),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a person must know where `close` could not close the inspector. */
export function stillOpen({ pid, port }: InspectorSession): string {
  return `the inspector of process ${pid} is still open on 127.0.0.1:${port}: somebody else uses it, or the process is busy in native code and closes it afterwards`;
}

/**
 * Has a process listen on another port, which the kernel chooses: its own is free then for the next process. The
 * session ends by that.
 */
export async function moveInspector(session: InspectorSession): Promise<void> {
  void evaluate(session, `{ const it = ${INSPECTOR}; it.close(); it.open(0, '127.0.0.1'); }`).catch(() => {});
  await within(CLOSE_MS, session.ended);
}

/** A text that is longer than any string can be is no reason to die of. */
function receive(channel: ProtocolChannel, data: Buffer): void {
  try {
    channel.receive(data.toString());
  } catch (cause) {
    const size = `${Math.round(data.length / 1e6)} MB`;
    channel.fail(
      new UserError(`the inspector's answer of ${size} cannot be read`, {
        hint: 'record for a shorter time',
        exitCode: EXIT.cannotCollect,
        cause,
      }),
    );
  }
}

/**
 * Evaluates an expression in the global scope, with `require`; also where the thread is in an endless loop, so no promise
 * is waited for.
 * @returns its value, as JSON carries it
 * @throws {UserError} 125: it throws
 */
export async function evaluate<Value = unknown>(target: InspectorTarget, expression: string): Promise<Value> {
  const { result, exceptionDetails } = await target.send<{
    result: { value?: Value };
    exceptionDetails?: { text: string; exception?: { description?: string } };
  }>('Runtime.evaluate', { expression, includeCommandLineAPI: true, returnByValue: true });
  if (exceptionDetails !== undefined) {
    const why = exceptionDetails.exception?.description?.split('\n', 1)[0] ?? exceptionDetails.text;
    throw new UserError(`the process could not do what it was asked: ${why}`, { exitCode: EXIT.cannotCollect });
  }
  return result.value as Value;
}

/** How many are connected to a port of a process. */
export function connectionsTo(pid: number, port: number): number {
  return socketsOf(pid, tcpSockets(pid)).filter((one) => one.state === 'connected' && one.port === port).length;
}

async function connect(url: string, pid: number): Promise<Socket> {
  const { WebSocket } = await import('ws');
  // Profiles have no upper bound; the other side is a process of the same user
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 0, handshakeTimeout: CONNECT_MS });
  return new Promise((done, fail) => {
    socket.once('open', () => done(socket));
    socket.once('error', (error) => {
      fail(
        new UserError(`the inspector of process ${pid} cannot be connected to: ${error.message}`, {
          exitCode: EXIT.cannotCollect,
          cause: error,
        }),
      );
    });
  });
}

function gone(pid: number): UserError {
  return new UserError(`process ${pid} has ended, or closed its inspector`, { exitCode: EXIT.cannotCollect });
}

function notAnswering(pid: number): UserError {
  return new UserError(`process ${pid} does not answer its inspector`, {
    hint: 'it is busy in native code, or paused by a debugger: try again later',
    exitCode: EXIT.cannotCollect,
  });
}

/** @returns undefined where the time is over first */
async function within<Value>(limitMs: number, promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((done) => {
    timer = setTimeout(done, limitMs, undefined);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
