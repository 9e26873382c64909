import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { k6Script } from '../../src/load/export-k6.ts';
import type { LoadPlan, LoadRequest } from '../../src/load/plan.ts';
import { renderRequests } from '../../src/load/rendered-request.ts';
import { readScenario } from '../../src/load/scenario.ts';
import { parseThreshold } from '../../src/load/thresholds.ts';
import { call } from '../commands/in-process.ts';
import { planFor } from './misbehaving-servers.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-load-refusals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const planOf = (request: LoadRequest): LoadPlan => planFor(9, { sequence: [request] });

test.each([
  ['nonsense', /"nonsense": .*; ?|no threshold/],
  ['p(101)<1ms', /p\(101\)/],
  ['speed<1ms', /speed/],
  ['rps>5ms', /rps/],
])('the threshold %s', (text, says) => {
  expect(() => parseThreshold(text)).toThrow(says);
});

test.each<[LoadRequest, RegExp]>([
  [{ method: 'A B' }, /"A B" is no HTTP method/],
  [{ path: 'no slash' }, /"no slash" is no path of a request/],
  [{ headers: [['a b', 'c']] }, /"a b" is no name of a header/],
  [{ headers: [['a', 'b\r\nc: d']] }, /the header a holds a control character/],
])('the request %j would break in two', (request, says) => {
  expect(() => renderRequests(planOf(request))).toThrow(says);
});

test('what a script of k6 cannot hold', () => {
  expect(() => k6Script(planOf({}), [parseThreshold('stdev<5ms')])).toThrow(/k6 has no threshold like "stdev<5ms"/);
  expect(() => k6Script(planOf({ body: Buffer.from([0xff, 0xfe, 0x00]) }), [])).toThrow(/the body is no text/);
});

test.each([
  ['a.json', '{', /no JSON/],
  ['b.json', '{}', /it has no list of requests/],
  ['c.json', '[1]', /request 1 is no object/],
  ['d.json', '[{ "path": 1 }]', /request 1 has a path that is no text/],
  ['e.json', '[{ "body": "a", "json": 1 }]', /more than one of body, json, jsonRpc/],
  ['f.mjs', 'export const other = 1;', /cannot read .*|no list/],
  ['g.mjs', 'throw new Error("mine")', /cannot read .*mine/],
])('the scenario %s', async (name, text, says) => {
  await expect(readScenario(file(name, text))).rejects.toThrow(says);
});

test('a scenario that is not there', async () => {
  await expect(readScenario(join(folder, 'none.json'))).rejects.toThrow(/cannot read .*none\.json: no such file/);
});

const WRK = `Running 10s test @ http://127.0.0.1:1/
  2 threads and 10 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.00ms    0.50ms  10.00ms   90.00%
    Req/Sec     5.00k   100.00     6.00k    80.00%
  100000 requests in 10.00s, 12.00MB read
Requests/sec:  10000.00
Transfer/sec:      1.20MB
`;

test.each([
  [['load', 'diff', '--method', 'PUT', 'a', 'b'], /--method is for a load, not for load diff/],
  [['load', 'import', file('wrk.txt', WRK), '-o', join(folder, 'x.svg')], /holds single percentiles only/],
  [['load', 'import', file('odd.txt', 'nothing\n')], /odd\.txt/],
  [
    ['load', 'diff', '-o', join(folder, 'd.svg'), file('wrk.txt', WRK), file('wrk.txt', WRK)],
    /the difference of two loads cannot be written as svg; text and json can/,
  ],
  [['load', '--engine', 'wrk', '--rate', '5', '-d', '1', ':9'], /--engine wrk has no open model; leave it out/],
])('%j', async (words, says) => {
  const { code, stderr } = await call(words);
  expect(stderr).toMatch(says);
  expect(code).toBe(2);
});
