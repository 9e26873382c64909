import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What of a request decides whether it is answered. */
export interface Asking {
  readonly method?: string | undefined;
  /** As it stands in the request line. */
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Whom we answer: requests for our own address that know the secret part of it. */
export interface Admission {
  readonly port: number;
  readonly token: string;
}

/** What a request is for, or the status and the words with which it is turned away. */
export type Admitted = { readonly path: string } | { readonly status: number; readonly why: string };

/**
 * Looks at a request before anything else does. Every page that the person's browser has open can send us requests,
 * under any name that its owner lets point to 127.0.0.1 (DNS rebinding): so the name must be ours, the page that asks must be ours,
 * and the token, which nobody else knows, must be in the address.
 */
export function admit({ method, url = '', headers }: Asking, { port, token }: Admission): Admitted {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, ...(port === 80 ? ['127.0.0.1', 'localhost'] : [])];
  if (!hosts.includes(headers.host ?? '')) return { status: 403, why: 'this address is not served here' };
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
    return { status: 403, why: 'other pages may not ask' };
  }
  // Of other sites, links may be followed; nothing may be embedded or fetched.
  const site = headers['sec-fetch-site'] ?? 'none';
  const follows = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (site !== 'none' && site !== 'same-origin' && !follows) return { status: 403, why: 'other pages may not ask' };
  const [first, secret = '', ...rest] = url.split('?')[0]!.split('/');
  if (first !== '' || !isSame(secret, token)) return { status: 403, why: 'the address is not complete' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, why: 'only GET and HEAD' };
  return { path: rest.length === 0 ? '' : `/${rest.join('/')}` };
}

/** Takes the same time however much of it is right. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
