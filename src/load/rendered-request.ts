import { UserError } from '../errors.ts';
import type { LoadPlan, LoadRequest } from './plan.ts';

/** A request as it goes over the wire, made once. */
export interface RenderedRequest {
  /** Bytes as a latin1 string; between two pieces stands the number of the request. */
  readonly pieces: readonly string[];
  readonly head: boolean;
  readonly status?: number;
  /** Bytes, as a latin1 string, that the answer must hold. */
  readonly body?: string;
  readonly jsonRpc: boolean;
}

/** Whether it is the same each time, and nothing of its answer is looked at but the status. */
export function isPlain({ pieces, head, status, body, jsonRpc }: RenderedRequest): boolean {
  return pieces.length === 1 && !head && status === undefined && body === undefined && !jsonRpc;
}

const PLACE = '{{id}}';
/** All ids are as long, so that the length of a body is known beforehand. */
export const FIRST_ID = 1_000_000_000;

/**
 * Renders all requests of a plan as HTTP/1.1 (RFC 9112), with `Host`, `User-Agent` and `Content-Length` where the person
 * gave none.
 * @throws {UserError} a method, path or header that would break the request in two
 */
export function renderRequests(plan: LoadPlan): RenderedRequest[] {
  return plan.sequence.map((request) => render(plan, request));
}

function render({ url, headers: shared }: LoadPlan, request: LoadRequest): RenderedRequest {
  const { expect } = request;
  const body = latin1(request.body ?? '');
  const method = request.method ?? (body === '' ? 'GET' : 'POST');
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(method)) throw new UserError(`${JSON.stringify(method)} is no HTTP method`);
  const path = request.path ?? url.pathname + url.search;
  if (!/^(?:\/|\*$)[!-~]*$/.test(path)) {
    throw new UserError(`${JSON.stringify(path)} is no path of a request`, {
      hint: 'begin it with /, and encode blanks',
    });
  }
  // Names are case-insensitive; the last one given wins, in the place of the first
  const headers = new Map<string, readonly [string, string]>([['host', ['Host', url.host]]]);
  for (const [name, value] of [...shared, ...(request.headers ?? [])]) headers.set(name.toLowerCase(), [name, value]);
  if (!headers.has('user-agent')) headers.set('user-agent', ['User-Agent', 'pforge-prof']);
  if (body !== '' || (method !== 'GET' && method !== 'HEAD')) {
    const length = body.length + (body.split(PLACE).length - 1) * (String(FIRST_ID).length - PLACE.length);
    headers.set('content-length', ['Content-Length', String(length)]);
  }
  let text = `${method} ${path} HTTP/1.1\r\n`;
  for (const [name, value] of headers.values()) text += `${checkedHeader(name, value)}\r\n`;
  text += `\r\n${body}`;
  return {
    pieces: text.split(PLACE),
    head: method === 'HEAD',
    ...(expect?.status === undefined ? {} : { status: expect.status }),
    ...(expect?.body === undefined ? {} : { body: latin1(expect.body) }),
    jsonRpc: expect?.jsonRpc === true,
  };
}

function checkedHeader(name: string, value: string): string {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) throw new UserError(`${JSON.stringify(name)} is no name of a header`);
  if (/[\u0000-\u0008\n-\u001f\u007f]/.test(value)) {
    throw new UserError(`the header ${name} holds a control character`, {
      hint: 'give each header by an -H of its own',
    });
  }
  return `${name}: ${latin1(value)}`;
}

/** UTF-8 bytes, one a character. */
function latin1(text: string | Uint8Array): string {
  return (
    typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.length)
  ).toString('latin1');
}
