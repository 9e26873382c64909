import { UserError } from '../errors.ts';
import type { LoadPlan, LoadRequest } from './plan.ts';
import type { Threshold } from './thresholds.ts';

/**
 * The plan as a script of k6, which runs it from many machines. Connections become virtual users, a rate an executor with a
 * constant arrival rate, thresholds those of k6.
 * @throws {UserError} a body of bytes, which a script cannot hold as text
 */
export function k6Script(plan: LoadPlan, thresholds: readonly Threshold[]): string {
  const { url, connections, duration, requests, rate, timeout, insecure, sequence, headers } = plan;
  const time = `${duration ?? 600}s`;
  const scenario =
    rate !== undefined
      ? {
          executor: 'constant-arrival-rate',
          ...wholeRate(rate),
          duration: requests === undefined ? time : `${Math.ceil(requests / rate)}s`,
          preAllocatedVUs: connections,
          maxVUs: connections,
        }
      : requests === undefined
        ? { executor: 'constant-vus', vus: connections, duration: time }
        : { executor: 'shared-iterations', vus: connections, iterations: requests, maxDuration: time };
  const limits = new Map<string, string[]>();
  for (const threshold of thresholds) {
    const [metric, words] = k6Threshold(threshold);
    limits.set(metric, [...(limits.get(metric) ?? []), words]);
  }
  const options = {
    scenarios: { load: scenario },
    ...(limits.size === 0 ? {} : { thresholds: Object.fromEntries(limits) }),
    ...(insecure ? { insecureSkipTLSVerify: true } : {}),
    summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(75)', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)'],
    maxRedirects: 0,
  };
  const list = sequence.map((request) => requestOf(request, headers, timeout));
  return `// Made by pforge-prof load --export k6. Run: k6 run --summary-export=summary.json FILE
// Then: pforge-prof load import summary.json
import http from 'k6/http';
import { check } from 'k6';
import exec from 'k6/execution';

export const options = ${JSON.stringify(options, null, 2)};

const base = __ENV.TARGET || ${JSON.stringify(url.origin)};
const requests = ${JSON.stringify(
    list.map((request) => ({ ...request, path: request.path ?? url.pathname + url.search })),
    null,
    2,
  )};

export default function () {
  const number = exec.scenario.iterationInTest;
  const { method, path, body, params, status, text, jsonRpc } = requests[number % requests.length];
  const answer = http.request(method, base + path, body && body.replaceAll('{{id}}', String(1000000000 + number)), params);
  check(answer, {
    'status as expected': (one) => (status ? one.status === status : one.status > 0 && one.status < 400),
    'body as expected': (one) => !text || String(one.body).includes(text),
    'no JSON-RPC error': (one) => !jsonRpc || one.json('error') === undefined,
  });
}
`;
}

/** k6 wants whole iterations: 0.5 a second is 1 in 2 seconds. */
function wholeRate(rate: number): { readonly rate: number; readonly timeUnit: string } {
  if (Number.isInteger(rate)) return { rate, timeUnit: '1s' };
  return rate >= 1 ? { rate: Math.round(rate * 1000), timeUnit: '1000s' } : { rate: 1, timeUnit: `${1 / rate}s` };
}

function requestOf(
  request: LoadRequest,
  shared: LoadPlan['headers'],
  timeout: number,
): Record<string, unknown> & { readonly path: string | undefined } {
  const { method, path, headers = [], body, expect } = request;
  if (body !== undefined && typeof body !== 'string' && !isText(body)) {
    throw new UserError('the body is no text, which a script of k6 cannot hold', { hint: 'export a text body' });
  }
  const text = body === undefined ? undefined : typeof body === 'string' ? body : Buffer.from(body).toString();
  return {
    method: method ?? (text === undefined ? 'GET' : 'POST'),
    path,
    body: text ?? null,
    params: { headers: Object.fromEntries([...shared, ...headers]), timeout: `${timeout * 1000}ms` },
    status: expect?.status,
    text: expect?.body,
    jsonRpc: expect?.jsonRpc,
  };
}

function isText(bytes: Uint8Array): boolean {
  return !Buffer.from(bytes).toString().includes('\ufffd');
}

const TIME_WORDS = new Map([
  ['mean', 'avg'],
  ['min', 'min'],
  ['max', 'max'],
]);

/** @throws {UserError} k6 has no such threshold */
function k6Threshold({ metric, operator, limit, unit, text }: Threshold): [metric: string, words: string] {
  const percent = /^p\((.+)\)$/.exec(metric)?.[1];
  if (percent !== undefined) return ['http_req_duration', `p(${percent})${operator}${limit / 1000}`];
  const time = TIME_WORDS.get(metric);
  if (time !== undefined) return ['http_req_duration', `${time}${operator}${limit / 1000}`];
  if (metric === 'errors' && unit === 'share') return ['http_req_failed', `rate${operator}${limit}`];
  if (metric === 'rps') return ['http_reqs', `rate${operator}${limit}`];
  if (metric === 'requests') return ['http_reqs', `count${operator}${limit}`];
  if (metric === 'bytes/s') return ['data_received', `rate${operator}${limit}`];
  throw new UserError(`k6 has no threshold like ${JSON.stringify(text)}`, { hint: 'leave it out' });
}
