import type { RenderedRequest } from './rendered-request.ts';
import type { ErrorKind } from './result.ts';

/**
 * What is wrong with an answer, by what its request expects.
 * @param body what was kept of it, a character a byte; only where the request has a say on it
 * @returns the kind of error and an example in words; undefined where it is as it should be
 */
export function faultOf(
  { status: wanted, body: held, jsonRpc }: RenderedRequest,
  status: number,
  body: string,
): readonly [ErrorKind, string] | undefined {
  const fault = statusFault(wanted, status);
  if (fault !== undefined) return fault;
  if (held !== undefined && !body.includes(held)) {
    return ['mismatch', `the body does not hold what is expected: ${shown(body)}`];
  }
  const wrong = jsonRpc ? jsonRpcError(body) : undefined;
  return wrong === undefined ? undefined : ['mismatch', wrong];
}

/** @param wanted by default any status below 400 is good */
export function statusFault(wanted: number | undefined, status: number): readonly [ErrorKind, string] | undefined {
  return (wanted === undefined ? status >= 400 : status !== wanted) ? ['status', `status ${status}`] : undefined;
}

function jsonRpcError(body: string): string | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(body, 'latin1').toString());
  } catch {
    return `no JSON: ${shown(body)}`;
  }
  const one: unknown = Array.isArray(answer) ? answer.find((part) => part?.error !== undefined) : answer;
  const error = (one as { readonly error?: unknown } | undefined)?.error;
  return error === undefined ? undefined : `JSON-RPC error: ${shown(JSON.stringify(error))}`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
