import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { cannotRead, readError, UserError } from '../errors.ts';
import type { LoadRequest } from './plan.ts';

/** Several requests of one load. */
export interface Scenario {
  readonly headers: readonly (readonly [string, string])[];
  readonly sequence: readonly LoadRequest[];
}

/**
 * Reads a scenario: JSON, or a module (`.js`, `.mjs`, `.cjs`) whose default export it is. Either a list of requests or
 * `{ headers, requests }`; a request is `{ method, path, headers, body, json, jsonRpc, expect }`, see docs/load.md.
 * @throws {UserError} it cannot be read, or is no scenario: where, and what was expected
 */
export async function readScenario(file: string): Promise<Scenario> {
  const wrong = (where: string, what: string): UserError =>
    new UserError(`${file}: ${where} ${what}`, { hint: 'docs/load.md shows a scenario' });
  const content = /\.[cm]?js$/.test(file) ? await moduleOf(file) : jsonOf(file);
  const top = Array.isArray(content) ? { requests: content } : content;
  if (!isRecord(top) || !Array.isArray(top.requests) || top.requests.length === 0) {
    throw wrong('it', 'has no list of requests');
  }
  checkNames(top, ['headers', 'requests'], 'the scenario', wrong);
  return {
    headers: headersOf(top.headers, 'headers', wrong),
    sequence: top.requests.map((request, i) => requestOf(request, `request ${i + 1}`, wrong)),
  };
}

type Wrong = (where: string, what: string) => UserError;

function requestOf(request: unknown, where: string, wrong: Wrong): LoadRequest {
  if (!isRecord(request)) throw wrong(where, 'is no object');
  checkNames(request, ['method', 'path', 'headers', 'body', 'json', 'jsonRpc', 'expect'], where, wrong);
  const { method, path, body, json, jsonRpc, expect } = request;
  for (const [name, value] of Object.entries({ method, path, body })) {
    if (value !== undefined && typeof value !== 'string') throw wrong(where, `has a ${name} that is no text`);
  }
  const bodies = [body, json, jsonRpc].filter((one) => one !== undefined).length;
  if (bodies > 1) throw wrong(where, 'has more than one of body, json, jsonRpc');
  const headers = headersOf(request.headers, where, wrong);
  const own: LoadRequest = {
    ...(method === undefined ? {} : { method: String(method).toUpperCase() }),
    ...(path === undefined ? {} : { path: String(path) }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(body === undefined ? {} : { body: String(body) }),
    ...(expect === undefined ? {} : { expect: expectationOf(expect, where, wrong) }),
  };
  if (json !== undefined) return { ...own, headers: withJsonType(headers), body: JSON.stringify(json) };
  if (jsonRpc === undefined) return own;
  if (!isRecord(jsonRpc) || typeof jsonRpc.method !== 'string') throw wrong(where, 'has a jsonRpc without a method');
  checkNames(jsonRpc, ['method', 'params'], `${where}: jsonRpc`, wrong);
  const call = { jsonrpc: '2.0', id: ID, method: jsonRpc.method, params: jsonRpc.params };
  return {
    ...own,
    headers: withJsonType(headers),
    // The id is a number, so its place stands without quotes
    body: JSON.stringify(call).replace(`"${ID}"`, ID),
    expect: { ...own.expect, jsonRpc: true },
  };
}

const ID = '{{id}}';

function expectationOf(expect: unknown, where: string, wrong: Wrong): NonNullable<LoadRequest['expect']> {
  if (!isRecord(expect)) throw wrong(where, 'has an expect that is no object');
  checkNames(expect, ['status', 'body'], `${where}: expect`, wrong);
  const { status, body } = expect;
  if (status !== undefined && !(Number.isInteger(status) && Number(status) >= 100 && Number(status) < 1000)) {
    throw wrong(where, 'expects a status that is none');
  }
  if (body !== undefined && typeof body !== 'string') throw wrong(where, 'expects a body that is no text');
  return { ...(status === undefined ? {} : { status: Number(status) }), ...(body === undefined ? {} : { body }) };
}

function withJsonType(headers: Scenario['headers']): Scenario['headers'] {
  const named = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return named ? headers : [...headers, ['Content-Type', 'application/json']];
}

function headersOf(headers: unknown, where: string, wrong: Wrong): [string, string][] {
  if (headers === undefined) return [];
  if (!isRecord(headers)) throw wrong(where, 'has headers that are no object');
  return Object.entries(headers).map(([name, value]) => {
    if (typeof value !== 'string') throw wrong(where, `has a header ${name} that is no text`);
    return [name, value];
  });
}

function checkNames(object: Record<string, unknown>, known: readonly string[], where: string, wrong: Wrong): void {
  const strange = Object.keys(object).find((name) => !known.includes(name));
  if (strange !== undefined) throw wrong(where, `has ${JSON.stringify(strange)}; known are ${known.join(', ')}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonOf(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw readError(file, error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file}: no JSON (${(error as Error).message})`, { cause: error });
  }
}

async function moduleOf(file: string): Promise<unknown> {
  try {
    return await defaultExport(pathToFileURL(resolve(file)).href);
  } catch (error) {
    throw cannotRead(file, (error as Error).message, undefined, error);
  }
}

/** Our own code is compiled without the means to import; a thread has them, and what a module exports is data only. */
function defaultExport(url: string): Promise<unknown> {
  const source = `import(${JSON.stringify(url)}).then((all) => require('worker_threads').parentPort.postMessage(all.default))`;
  const worker = new Worker(source, { eval: true });
  return new Promise((done, fail) => {
    worker.once('message', done);
    worker.once('error', fail);
    worker.once('exit', () => fail(new Error('it exports nothing')));
  }).finally(() => worker.terminate());
}
