import { get } from 'node:http';
import { EXIT, UserError } from '../errors.ts';
import { onInterrupts } from '../processes/interrupts.ts';
import { isAlive, sendSignal } from '../processes/proc.ts';
import { listeningPorts, ownerInWords, portOwner, socketsOf, tcpSockets } from '../processes/sockets.ts';
import { checkCatchesSignal, inspectNodeProcess, type NodeProcess } from './node-process.ts';
import { connectionsTo, type InspectorSession, moveInspector, openSession } from './session.ts';

/** How long a process may take to open its inspector: its main thread may be in native code. */
const OPEN_MS = 10_000;
const POLL_MS = 5;
/** After so long the ports of the program itself are asked, too: they may be those of its users. */
const ASK_MS = 1_000;
/** The inspector answers from a thread of its own, also where JavaScript is busy. */
const ANSWER_MS = 2_000;

export interface AttachOptions {
  /**
   * Several processes will be attached to at once: this one leaves its port to the next, and listens on another one until
   * its session is closed.
   */
  readonly several?: boolean;
}

/** Of all processes that are attached to: a person who leaves leaves all of them. */
const open = new Set<InspectorSession>();

/**
 * Connects to the inspector of a running node process; opens it with SIGUSR1 where it is not open yet. Until the session
 * is closed a Ctrl-C closes it, and the inspector with it, and ends us, unless a newer handler takes the signal.
 * @throws {UserError} 2: there is no such process; 125: it cannot be attached to: why, and what to do
 */
export async function attachInspector(pid: number, { several = false }: AttachOptions = {}): Promise<InspectorSession> {
  const target = inspectNodeProcess(pid);
  let busy = true;
  let interrupts = 0;
  const leave = async (): Promise<never> => {
    await Promise.all([...open].map((session) => session.close()));
    process.exit(EXIT.interrupted);
  };
  const release = onInterrupts(() => {
    interrupts++;
    // What was opened must be closed; a process that is busy may take its time
    if (!busy || interrupts > 1) void leave();
  });
  try {
    const session = await connectTo(target, several);
    open.add(session);
    void session.ended.then(() => {
      open.delete(session);
      release();
    });
    busy = false;
    if (interrupts > 0) await leave();
    return session;
  } catch (error) {
    release();
    throw error;
  }
}

async function connectTo(target: NodeProcess, several: boolean): Promise<InspectorSession> {
  const { pid, inspectorPort } = target;
  const found = await openInspector(target);
  const session = await openSession({ pid, ...found });
  if (!several || !found.opened || inspectorPort === 0) return session;
  const before = listeningPorts(pid);
  await moveInspector(session);
  const moved = await newInspector(pid, before);
  return openSession({ pid, ...moved, restoredPort: inspectorPort });
}

interface Listening {
  readonly port: number;
  readonly url: string;
  /** We opened it. */
  readonly opened: boolean;
}

async function openInspector(target: NodeProcess): Promise<Listening> {
  const { pid, inspectorPort } = target;
  if (listeningPorts(pid).includes(inspectorPort)) {
    const open = await openAlready(pid, inspectorPort);
    if (open !== undefined) return open;
  }
  checkCatchesSignal(pid);
  checkPortIsFree(target);
  const before = listeningPorts(pid);
  sendSignal(pid, 'SIGUSR1');
  return newInspector(pid, before);
}

/**
 * Waits until a process listens where an inspector answers.
 * @param before ports that it listened on before
 */
async function newInspector(pid: number, before: readonly number[]): Promise<Listening> {
  const asked = new Set<number>();
  const deadline = performance.now() + OPEN_MS;
  while (performance.now() < deadline) {
    for (const port of listeningPorts(pid)) {
      if (before.includes(port) || asked.has(port)) continue;
      asked.add(port);
      const url = await inspectorUrl(port);
      if (url !== undefined) return { port, url, opened: true };
    }
    // The signal changes nothing where the program has opened its inspector itself, on a port of its choice
    const patient = performance.now() > deadline - OPEN_MS + ASK_MS;
    for (const port of patient ? loopbackPorts(pid) : []) {
      if (!before.includes(port) || asked.has(port)) continue;
      asked.add(port);
      const already = await openAlready(pid, port);
      if (already !== undefined) return already;
    }
    if (!isAlive(pid)) throw refusal(`process ${pid} has ended`, 'start it again, or give another --pid');
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
  throw refusal(
    `process ${pid} has not opened its inspector within ${OPEN_MS / 1000} s`,
    'it is busy in native code, or listens to SIGUSR1 itself; it may still open it later, on loopback only',
  );
}

/**
 * Asks a port of the process whether it is an inspector, with what any client asks first.
 * @throws {UserError} 125: it is, and a debugger is at work
 */
async function openAlready(pid: number, port: number): Promise<Listening | undefined> {
  // Before we are connected ourselves
  const connected = connectionsTo(pid, port);
  const client = tcpSockets(pid).find(({ state, remotePort }) => state === 'connected' && remotePort === port);
  const owner = ownerInWords(client);
  const url = await inspectorUrl(port);
  if (url === undefined) return undefined;
  if (connected === 0) return { port, url, opened: false };
  throw refusal(
    `somebody is connected to the inspector of process ${pid} already${owner}`,
    'two at a time disturb each other: close the debugger first',
  );
}

/** Ports of a process that only this machine reaches: an inspector's, unless a person wanted otherwise. */
function loopbackPorts(pid: number): number[] {
  return socketsOf(pid).flatMap(({ state, isLoopback, port }) => (state === 'listening' && isLoopback ? port : []));
}

/** @throws {UserError} 125: another process has the port */
function checkPortIsFree({ pid, inspectorPort }: NodeProcess): void {
  if (inspectorPort === 0) return;
  const owner = portOwner(inspectorPort);
  if (owner === undefined) return;
  throw refusal(
    `process ${pid} would open its inspector on port ${inspectorPort}, which is taken${owner}`,
    'close that one, or start the program with --inspect-port=0',
  );
}

/** The address that an inspector on a port of this machine gives for its main thread; undefined where none answers. */
function inspectorUrl(port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const address = { host: '127.0.0.1', port, path: '/json/list', agent: false, timeout: ANSWER_MS };
    const request = get(address, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
        if (body.length > 1e6) request.destroy();
      });
      response.on('close', () => done(urlIn(body)));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => done(undefined));
  });
}

function urlIn(body: string): string | undefined {
  try {
    const url = JSON.parse(body)[0]?.webSocketDebuggerUrl;
    return typeof url === 'string' && url.startsWith('ws://') ? url : undefined;
  } catch {
    return undefined;
  }
}

function refusal(message: string, hint: string): UserError {
  return new UserError(message, { hint, exitCode: EXIT.cannotCollect });
}
