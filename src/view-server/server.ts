import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../errors.ts';
import { admit } from './guard.ts';
import { PAGE_POLICY, PICTURE_POLICY, pageHtml } from './page.ts';

/** A result as the browser gets it. */
export interface Picture {
  /** Media type. */
  readonly type: string;
  readonly body: Uint8Array;
}

export interface ViewServer {
  readonly port: number;
  /** Holds the token: whoever has the address may look. */
  readonly url: string;
  /** Open pages load the new picture. */
  show(picture: Picture): void;
  /** Stands above the picture in open pages, which stays; '' takes it away. */
  tell(problem: string): void;
  close(): Promise<void>;
}

/** Browsers and proxies give up connections on which nothing is said. */
const ALIVE_MS = 20_000;
/** A browser has one page or a few; more connections than that are a mistake. */
const MOST_CONNECTIONS = 64;

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/**
 * Serves one picture, and a page around it that renews it, to browsers of this machine. Three addresses behind a random
 * token are all there is, and those that `beside` knows: no path leads to a file.
 * @param port 0 = any that is free
 * @param beside what the picture links to, by its address from the picture. Default: nothing
 * @throws {UserError} 2: the port is taken or may not be used
 */
export async function startViewServer(
  title: string,
  first: Picture,
  port: number,
  beside: (path: string) => Picture | undefined = () => undefined,
): Promise<ViewServer> {
  const token = randomBytes(32).toString('base64url');
  let picture = first;
  let version = 1;
  let problem = '';
  const listeners = new Set<ServerResponse>();
  const news = (): string => `event: version\ndata: ${version}\n\nevent: problem\ndata: ${JSON.stringify(problem)}\n\n`;
  const spread = (text: string): void => {
    for (const listener of listeners) listener.write(text);
  };

  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo;
    const asked = admit(request, { port: own, token });
    if ('status' in asked) return refuse(response, asked.status, asked.why);
    switch (asked.path) {
      case '/':
        return answer(request, response, PAGE_POLICY, 'text/html; charset=utf-8', pageHtml(title, version));
      case '/picture':
        return answer(request, response, PICTURE_POLICY, picture.type, picture.body);
      case '/changes':
        return listen(request, response);
      default: {
        const linked = beside(asked.path.slice(1));
        if (linked === undefined) return refuse(response, 404, 'there is nothing here');
        return answer(request, response, PICTURE_POLICY, linked.type, linked.body);
      }
    }
  });
  const listen = (request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream; charset=utf-8' });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.write(`retry: 1000\n\n${news()}`);
    listeners.add(response);
    response.on('error', () => {});
    response.once('close', () => listeners.delete(response));
  };
  server.maxConnections = MOST_CONNECTIONS;
  const alive = setInterval(() => spread(': alive\n\n'), ALIVE_MS);
  alive.unref();
  await started(server, port);
  const { port: own } = server.address() as AddressInfo;
  return {
    port: own,
    url: `http://127.0.0.1:${own}/${token}/`,
    show(next) {
      picture = next;
      version++;
      problem = '';
      spread(news());
    },
    tell(text) {
      problem = text;
      spread(news());
    },
    async close() {
      clearInterval(alive);
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function started(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'it is in use' : code === 'EACCES' ? 'it may not be used' : code;
    throw new UserError(`cannot listen on port ${port}: ${why}`, {
      hint: 'leave --port out to take one that is free',
      cause: error,
    });
  }
}

function answer(
  { method }: IncomingMessage,
  response: ServerResponse,
  policy: string,
  type: string,
  body: string | Uint8Array,
): void {
  response.writeHead(200, {
    ...HEADERS,
    'Content-Security-Policy': policy,
    'Content-Type': type,
    'Content-Length': typeof body === 'string' ? Buffer.byteLength(body) : body.length,
  });
  response.end(method === 'HEAD' ? undefined : body);
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, {
    ...HEADERS,
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Content-Type': 'text/plain; charset=utf-8',
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
    Connection: 'close',
  });
  response.end(`${why}\n`);
}
