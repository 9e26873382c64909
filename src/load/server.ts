import { EXIT, UserError } from '../errors.ts';
import { type ListeningSocket, listeningSockets } from '../processes/sockets.ts';
import { type Attend, type Supervised, supervise } from '../processes/supervise.ts';
import { exitCodeOf, startTarget, type Target } from '../processes/target.ts';
import { accepts } from './accepts.ts';
import { type LoadTarget, targetUrl } from './plan.ts';

/** When a server counts as ready. */
export interface Readiness {
  /** Where it will be; without a port, the first one that it listens on. */
  readonly target: LoadTarget;
  /** A URL or path that must answer with a status below 400. */
  readonly url?: string;
  /** Seconds that it may take. Default: 30 */
  readonly patience?: number;
  /** True once what it printed holds what was waited for; undefined where nothing is waited for. */
  readonly said?: () => boolean;
}

const POLL_MS = 20;
const PATIENCE_SECONDS = 30;
/** The port of node's inspector is never the one that is meant. */
const INSPECTOR_PORT = 9229;
/** A port that answers though none of the program's processes seems to listen on it (another user, a container). */
const FOREIGN_MS = 1_000;

/** A server that is ready. */
export interface ReadyServer {
  readonly url: URL;
  /** What the person should know, e.g. of other ports that it listens on. */
  readonly notes: readonly string[];
}

/**
 * Waits until a program listens on the port of the target, or on any where that has none, and answers as asked.
 * @param pid of the program, which may have started the server as a child
 * @throws {UserError} 125: it does not get ready in time, or the signal says that it has ended
 */
export async function waitUntilReady(pid: number, readiness: Readiness, signal: AbortSignal): Promise<ReadyServer> {
  const { target, patience = PATIENCE_SECONDS, said } = readiness;
  const deadline = performance.now() + patience * 1000;
  const taken = target.port !== undefined && (await accepts(target.host, target.port));
  let since: number | undefined;
  for (;;) {
    if (signal.aborted) throw new UserError('the program ended before it was ready', { exitCode: EXIT.cannotCollect });
    const sockets = listeningSockets(pid);
    const own = socketFor(target, sockets);
    const port = own?.port ?? target.port;
    let there = own !== undefined;
    if (!there && !taken && port !== undefined) {
      since = (await accepts(target.host, port)) ? (since ?? performance.now()) : undefined;
      there = since !== undefined && performance.now() - since > FOREIGN_MS;
    }
    if (there && (said?.() ?? true)) {
      const host = target.port === undefined && own !== undefined ? own.host : target.host;
      const url = targetUrl({ ...target, host }, port!);
      if (readiness.url === undefined || (await answers(new URL(readiness.url, url)))) {
        return { url, notes: notesOn(target, own, sockets) };
      }
    }
    if (performance.now() > deadline) throw notReady(readiness, sockets, taken, there);
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

function socketFor({ port }: LoadTarget, sockets: readonly ListeningSocket[]): ListeningSocket | undefined {
  return sockets.find((socket) => (port === undefined ? socket.port !== INSPECTOR_PORT : socket.port === port));
}

function notesOn(target: LoadTarget, own: ListeningSocket | undefined, sockets: readonly ListeningSocket[]): string[] {
  const others = sockets.filter(({ port }) => port !== own?.port && port !== INSPECTOR_PORT).map(({ port }) => port);
  if (target.port !== undefined || others.length === 0) return [];
  return [
    `the program listens on port ${own?.port}, which is loaded, and on ${others.join(', ')}: give the port to choose`,
  ];
}

function notReady(
  { target, url, said, patience = PATIENCE_SECONDS }: Readiness,
  sockets: readonly ListeningSocket[],
  taken: boolean,
  there: boolean,
): UserError {
  const on = sockets.map(({ port }) => port).join(', ');
  const port = target.port === undefined ? 'any port' : `port ${target.port}`;
  const why = !there
    ? `does not listen on ${port}${on === '' ? '' : `, but on ${on}`}${taken ? ': another program has it' : ''}`
    : said !== undefined && !said()
      ? 'has not printed what --ready-text waits for'
      : `does not answer ${url} with a status below 400`;
  return new UserError(`after ${patience} s the program ${why}`, {
    hint: taken ? 'end the other program, or choose another port' : '--ready-timeout waits longer',
    exitCode: EXIT.cannotCollect,
  });
}

async function answers(url: URL): Promise<boolean> {
  const { answersWell } = await import('./answers-well.ts');
  return answersWell(url);
}

/** A server program of ours. */
export interface ServerProgram {
  readonly program: readonly string[];
  readonly readiness: Omit<Readiness, 'said'>;
  /** Text that must have been printed before it counts as ready. */
  readonly readyText?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds that it may take to end after SIGTERM, before it is killed. Default: 5 */
  readonly grace?: number;
  readonly say: (line: string) => void;
}

const GRACE_SECONDS = 5;
/** As much of what it prints is searched. */
const SEARCHED = 1 << 16;

/**
 * Starts a server, waits until it is ready, does `work`, and ends it: SIGTERM, then SIGKILL after a grace time, with all
 * that it started. What it prints goes to our standard error, as standard output is for results.
 * @returns how it ended; `stopped` is true where it was ended by us
 * @throws {UserError} 125: it is not ready in time; 126, 127: it cannot be run; 130; and what `work` throws
 */
export async function withServer(
  { program, readiness, readyText, env = process.env, grace = GRACE_SECONDS, say }: ServerProgram,
  work: (server: ReadyServer & { readonly pid: number }, signal: AbortSignal) => Promise<void>,
): Promise<Supervised> {
  let printed = '';
  let seen = readyText === undefined;
  const listen = (bytes: Buffer): void => {
    process.stderr.write(bytes);
    if (seen) return;
    printed = (printed + bytes.toString('latin1')).slice(-SEARCHED);
    seen = printed.includes(Buffer.from(readyText!).toString('latin1'));
  };
  const output = readyText === undefined ? 'stderr' : listen;
  const target = await startTarget(program, { env, stopped: false, output });
  const attend: Attend = async (pid, signal) => {
    const said = readyText === undefined ? {} : { said: () => seen };
    const ready = await waitUntilReady(pid, { ...readiness, ...said }, signal).catch(async (error: unknown) => {
      if (signal.aborted) throw await neverReady(target);
      throw error;
    });
    await work({ ...ready, pid }, signal);
  };
  return supervise(target, { say, kept: 'the result is', killAfterSeconds: grace, attend });
}

/** Why a server did not come to be ready: it ended, or was ended. */
async function neverReady(target: Target): Promise<UserError> {
  if (target.running) return new UserError('interrupted before the server was ready', { exitCode: EXIT.interrupted });
  const exit = await target.exited;
  const how = exit.signal === undefined ? `exited ${exit.code}` : `was killed by ${exit.signal}`;
  return new UserError(`the program ${how} before it listened`, {
    hint: 'what it printed says why',
    exitCode: exitCodeOf(exit) || EXIT.cannotCollect,
  });
}
