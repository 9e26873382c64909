import { UserError } from '../errors.ts';

/** One request of a load, as the person gave it. */
export interface LoadRequest {
  /** Default: GET */
  readonly method?: string;
  /** Path and query on the host of the plan. Default: those of its URL */
  readonly path?: string;
  /** `[name, value]`, beside those of the plan; the same name replaces it. */
  readonly headers?: readonly (readonly [string, string])[];
  /** `{{id}}` in it becomes a number of ten digits, another one for each request. */
  readonly body?: string | Uint8Array;
  /** What the answer must be; anything else counts as an error. */
  readonly expect?: {
    /** Default: any status below 400 */
    readonly status?: number;
    /** Text that the body must hold. */
    readonly body?: string;
    /** The body must be a JSON-RPC answer without `error`. */
    readonly jsonRpc?: boolean;
  };
}

/** What is sent to whom, and how hard. */
export interface LoadPlan {
  /** `http:` or `https:`, with its port. */
  readonly url: URL;
  /** Sockets over all threads. */
  readonly connections: number;
  readonly threads: number;
  /** Seconds; exactly one of `duration` and `requests` is set. */
  readonly duration?: number;
  /** How many requests in all. */
  readonly requests?: number;
  /** Open model: as many requests a second over all connections, whatever the server does. Default: closed model */
  readonly rate?: number;
  readonly headers: readonly (readonly [string, string])[];
  /** Sent in turns by each connection; at least one. */
  readonly sequence: readonly LoadRequest[];
  /** Seconds that an answer may take. */
  readonly timeout: number;
  /** Seconds of the same load before anything is counted. */
  readonly warmup: number;
  /** Do not check the server's certificate. */
  readonly insecure: boolean;
  /** Requests that a connection sends before it waits. */
  readonly pipelining: number;
}

/** Values that a plan has where the person said nothing: those of wrk, but for threads. */
export const PLAN_DEFAULTS = {
  connections: 10,
  threads: 1,
  duration: 10,
  headers: [],
  sequence: [{}],
  timeout: 2,
  warmup: 0,
  insecure: false,
  pipelining: 1,
} as const;

/** A target as a person writes it; `port` is undefined where it is to be found out (`:$PORT`, or no port at all). */
export interface LoadTarget {
  readonly secure: boolean;
  /** As in a URL: an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string;
}

/**
 * Reads `http://host:port/path`, `host:port/path`, `:8080/path`, `/path`; a port written as `$PORT` is left open, as is a
 * missing one where the host is missing too.
 * @param discovered whether a server is started, whose port can be found out
 * @throws {UserError} it is no target
 */
export function parseTarget(text: string, discovered: boolean): LoadTarget {
  const shape = /^(?:(https?):\/\/)?([^/?#]*)(.*)$/s.exec(text);
  const secure = shape?.[1] === 'https';
  const open = /^([^:]*|\[[^\]]*\]):(?:\$PORT|\$\{PORT\})?$/.exec(shape?.[2] ?? '');
  const authority = open === null ? (shape?.[2] ?? '') : open[1]!;
  const local = authority === '' || authority.startsWith(':') ? `127.0.0.1${authority}` : authority;
  let url: URL;
  try {
    if (/[\s\u0000-\u001f]/.test(text) || text === '') throw new Error('blank');
    url = new URL(`${secure ? 'https' : 'http'}://${local}${shape?.[3] || '/'}`);
    if (url.username !== '' || url.password !== '' || /^[a-z]+:\/\//i.test(text) !== (shape?.[1] !== undefined)) {
      throw new Error('not a target');
    }
  } catch (error) {
    throw new UserError(`${text || "''"} is no target for a load`, {
      hint: 'give http://host:port/path, host:port, or :8080/path',
      cause: error,
    });
  }
  const unnamed = open !== null || authority === '' || (discovered && url.port === '' && isLoopback(url.hostname));
  if (unnamed && !discovered) {
    throw new UserError(`${text} names no port`, { hint: 'give one, or the program to start after --' });
  }
  const port = unnamed ? undefined : url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { secure, host: url.hostname, port, path: url.pathname + url.search };
}

/** The URL of a target whose port is known. */
export function targetUrl({ secure, host, path }: LoadTarget, port: number): URL {
  return new URL(`${secure ? 'https' : 'http'}://${host}:${port}${path}`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The port of a URL, also where it is the scheme's own. */
export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
