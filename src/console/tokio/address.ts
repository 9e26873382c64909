import { UserError } from '../../errors.ts';

/** Where a console-subscriber listens. */
export interface Address {
  /** As it is shown: `http://127.0.0.1:6669`, `file:///run/app.sock`. */
  readonly title: string;
  /** What a socket is opened with. */
  readonly socket: { readonly host: string; readonly port: number } | { readonly path: string };
  /** What requests are addressed to. */
  readonly authority: string;
}

/** console-subscriber's own. */
const DEFAULT_PORT = 6669;

/**
 * Reads `http://HOST[:PORT]`, `HOST:PORT` or `file:///SOCKET`, as tokio-console has them.
 * @throws {UserError} it is none of them
 */
export function readAddress(text: string): Address {
  const isBare = /^(?:[\w.-]+|\[[\da-fA-F:.]+\]):\d+$/.test(text);
  let url: URL;
  try {
    url = new URL(isBare ? `http://${text}` : text);
  } catch {
    throw refuse(text, 'is no address');
  }
  if (url.protocol === 'file:') {
    const path = decodeURIComponent(url.pathname);
    if (url.hostname !== '' && url.hostname !== 'localhost') throw refuse(text, 'is a socket of another machine');
    return { title: text, socket: { path }, authority: 'localhost' };
  }
  if (url.protocol === 'https:') throw refuse(text, 'asks for TLS, which console-subscriber does not speak');
  if (url.protocol !== 'http:') throw refuse(text, `begins with ${url.protocol}//, which is not supported`);
  if (url.pathname !== '/' || url.search !== '') throw refuse(text, 'has a path, and a subscriber has none');
  const port = url.port !== '' ? Number(url.port) : /:80\/?$/.test(text) ? 80 : DEFAULT_PORT;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { title: `http://${url.hostname}:${port}`, socket: { host, port }, authority: `${url.hostname}:${port}` };
}

function refuse(text: string, what: string): UserError {
  return new UserError(`${text} ${what}`, {
    hint: `give the address of the program's console-subscriber: http://127.0.0.1:${DEFAULT_PORT}, or file:///path/of/its.sock`,
  });
}
