import { EXIT, UserError } from '../errors.ts';

/** A query over days of a fleet takes its time; who does not even connect is given up after ten seconds. */
const TIMEOUT_MS = 300_000;
const PAUSES_MS = [200, 1000] as const;

/** One request to a server of a fleet. */
interface FleetRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | FormData;
  /** What the body is, in a person's words: `200 rows`. */
  readonly says: string;
  /** Sent twice it does what it does once, so it is tried again also where nobody knows whether it arrived. */
  readonly repeatable: boolean;
}

/** Sends requests, or only shows them. */
export interface Transport {
  /**
   * @returns the body of the answer
   * @throws {UserError} 125: nobody answers, or not as it should be
   */
  send(request: FleetRequest): Promise<Buffer>;
}

/**
 * Sends requests with `fetch`. What fails for a moment is tried three times.
 * @param place names the server in messages
 */
export function httpTransport(place: string, authorization: string | undefined): Transport {
  return {
    async send(request) {
      for (const pause of PAUSES_MS) {
        const answer = await once(request, authorization).catch((error: unknown) => {
          if (request.repeatable && /^(?:ECONNRESET|UND_ERR_SOCKET|EPIPE)$/.test(codeOf(error))) return undefined;
          throw unreachable(place, error);
        });
        if (answer !== undefined && !isBusy(answer.status)) return checked(place, answer);
        await new Promise((done) => setTimeout(done, pause));
      }
      const last = await once(request, authorization).catch((error: unknown) => {
        throw unreachable(place, error);
      });
      return checked(place, last);
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

async function once({ method, url, headers, body }: FleetRequest, authorization: string | undefined): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
    ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }),
    // Credentials are for this server and no other
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}

/** It has not even looked at the request. */
function isBusy(status: number): boolean {
  return status === 429 || status === 503;
}

/** What to do about a status. */
const HINTS: ReadonlyMap<number, string> = new Map([
  [401, 'credentials belong into the address (USER:PASSWORD@HOST) or the environment; see docs/fleet.md'],
  [403, 'these credentials are not allowed to do that'],
  [404, 'is this the right server, and the right path?'],
  [413, 'the server takes less at once; send fewer inputs a call'],
  [429, 'the server wants less; try again later'],
]);

function checked(place: string, { status, body }: Answer): Buffer {
  if (status >= 200 && status < 300) return body;
  const line = body
    .toString('utf8', 0, 1000)
    .split('\n')
    .map((one) => one.trim())
    .find((one) => one !== '')
    // ClickHouse wraps what it says
    ?.replace(/^Code: \d+.*?DB::Exception: /, '')
    .replace(/,? e\.what\(\) = .*$/, '');
  const hint =
    HINTS.get(status) ??
    (status >= 300 && status < 400 ? 'it wants to send us elsewhere: give that address' : undefined);
  throw new UserError(`${place} answered ${status}${line === undefined ? '' : `: ${line.slice(0, 300)}`}`, {
    exitCode: EXIT.cannotCollect,
    ...(hint === undefined ? {} : { hint }),
  });
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ENOTFOUND', 'no host has this name'],
  ['EAI_AGAIN', 'names cannot be looked up now'],
  ['ECONNRESET', 'it closed the connection'],
  ['UND_ERR_SOCKET', 'it closed the connection'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection within 10 s'],
  ['UND_ERR_HEADERS_TIMEOUT', 'no answer in time'],
  ['EHOSTUNREACH', 'no way leads there'],
  ['ENETUNREACH', 'no way leads there'],
]);

function unreachable(place: string, error: unknown): UserError {
  const code = codeOf(error);
  const { cause, message } = error as Error;
  const why = code === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : REASONS.get(code);
  return new UserError(`cannot reach ${place}: ${why ?? (cause instanceof Error ? cause.message : message)}`, {
    hint: 'does it run there? host and port belong into the address',
    exitCode: EXIT.cannotCollect,
  });
}

function codeOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; errors?: readonly { code?: string }[] } };
  return cause?.code ?? cause?.errors?.[0]?.code ?? name ?? '';
}

/** Shows what would be sent, and takes every answer to be empty. */
export function shownTransport(place: string, show: (text: string) => void): Transport {
  return {
    async send({ method, url, body, says }) {
      show(`${method} ${url.pathname}${url.search} to ${place}: ${says}\n`);
      if (typeof body === 'string') show(body.endsWith('\n') ? body : `${body}\n`);
      return Buffer.alloc(0);
    },
  };
}
