import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { httpServer } from '../load/misbehaving-servers.ts';
import { requireTool } from '../require-tool.ts';
import { pathWith } from './fake-tools.ts';
import { root, runCli, workFolder } from './run-cli.ts';

const json = (text: string) => JSON.parse(text);

/** Answers after so many milliseconds. */
async function serverWith(wait: number): Promise<number> {
  return httpServer((_request, response) => {
    setTimeout(() => response.end('hello\n'), wait);
  });
}

test('load diff finds what is slower, with intervals, and lets what is alike pass', async () => {
  const cwd = workFolder();
  const ports = [await serverWith(30), await serverWith(30), await serverWith(90)];
  for (const [i, port] of ports.entries()) {
    const { code } = await runCli(['load', '-d', '1500ms', '-q', '-o', `${i}.json`, `:${port}`], { cwd });
    expect(code).toBe(0);
  }
  const slower = await runCli(['load', 'diff', '--json', '--fail-on-regression', '20', '0.json', '2.json'], { cwd });
  expect(slower.code).toBe(1);
  const figures = new Map<string, { low: number; high: number; change: number; verdict: string }>(
    json(slower.stdout).figures.map((figure: { name: string }) => [figure.name, figure]),
  );
  for (const name of ['rps', 'mean', 'p50']) {
    const { low, high, change, verdict } = figures.get(name)!;
    expect(verdict, name).toBe('worse');
    expect(low).toBeLessThanOrEqual(change);
    expect(high).toBeGreaterThanOrEqual(change);
  }
  expect(figures.get('p50')!.low).toBeGreaterThan(0.2);
  const alike = await runCli(['load', 'diff', '--fail-on-regression', '50', '0.json', '1.json'], { cwd });
  expect(alike.code).toBe(0);
  expect(alike.stdout).toMatch(/^ +before .*change .*99 % interval/m);
  // A result is read back with the figures that it was written with
  const before = json(readFileSync(join(cwd, '0.json'), 'utf8'));
  const again = json((await runCli(['load', 'import', '--json', '0.json'], { cwd })).stdout);
  for (const key of ['requests', 'errors', 'rps', 'statuses']) expect(again[key], key).toEqual(before[key]);
  const { mean, stdev, ...exact } = before.latency;
  expect(again.latency).toMatchObject(exact);
  // Sums are written with twelve digits
  expect(again.latency.mean / mean).toBeCloseTo(1, 9);
  expect(again.latency.stdev / stdev).toBeCloseTo(1, 6);
});

const recordings = resolve(root, '../shared/peer-data/load');
const present = existsSync(recordings);
if (!present) console.log(`skipped: ${recordings} is not here`);

test.skipIf(!present)('load import gives the results of other tools as ours', async () => {
  const file = join(recordings, 'wrk-latency.txt');
  const { code, stdout } = await runCli(['load', 'import', file]);
  expect(code).toBe(0);
  // wrk's own text, line by line, as far as nothing was rounded
  const own = readFileSync(file, 'utf8').split('\n');
  for (const line of own.slice(0, 10)) expect(stdout).toContain(line);
  const piped = await runCli(['load', 'import', '--json', '-'], {
    stdin: readFileSync(join(recordings, 'hey-plain.txt')),
  });
  expect(json(piped.stdout)).toMatchObject({ engine: 'hey', requests: 30902 });
  const gate = await runCli(['load', 'import', '--assert', 'p(99)<50ms', file]);
  expect(gate.code).toBe(1);
  const refused = await runCli(['load', 'import', join(recordings, 'ac-refused-json.txt')]);
  expect(refused.code).toBe(125);
});

const engines = [...(requireTool('wrk', findTool('wrk') !== undefined) ? ['wrk'] : []), 'autocannon'];

test.each(engines)('--engine %s: a tool that is installed sends the load', async (engine) => {
  const asked: string[] = [];
  const port = await httpServer((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => {
      body += bytes.toString();
    });
    request.on('end', () => {
      if (asked.length < 5) asked.push(`${request.method} ${request.headers['x-a']} ${body}`);
      response.end('ok');
    });
  });
  const words = [
    '--engine',
    engine,
    '-d',
    '1',
    '-c',
    '2',
    '-m',
    'POST',
    '-H',
    'X-A: "b" \\ 1',
    '-b',
    'some "text" \\ here',
  ];
  const { code, stdout } = await runCli(['load', ...words, '--json', `:${port}`], { cwd: root });
  expect(code).toBe(0);
  expect(json(stdout)).toMatchObject({ engine, connections: 2 });
  expect(json(stdout).requests).toBeGreaterThan(10);
  expect(new Set(asked)).toEqual(new Set(['POST "b" \\ 1 some "text" \\ here']));
});

test.each(engines)('--engine %s: the one request of a scenario, and an end by a signal to us alone', async (engine) => {
  const asked = new Set<string>();
  const port = await httpServer((request, response) => {
    asked.add(`${request.url} ${request.headers['x-a']}`);
    response.end('ok');
  });
  const cwd = workFolder();
  writeFileSync(join(cwd, 's.json'), JSON.stringify([{ path: '/x?y=1', headers: { 'X-A': 'b' } }]));
  const words = ['--engine', engine, '-d', '60', '-c', '2', '--scenario', join(cwd, 's.json'), '--json', `:${port}`];
  const signals = [{ after: 4_000, signal: 'SIGINT', to: 'leader' }] as const;
  const { code, stdout, stderr, survivors } = await runCli(['load', ...words], { cwd: root, signals });
  if (engine === 'autocannon') {
    // It has no result of a part of its time
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted: autocannon keeps nothing/);
  } else {
    expect(code).toBe(0);
    expect(json(stdout).requests).toBeGreaterThan(10);
    expect(json(stdout).seconds).toBeLessThan(40);
    expect(json(stdout).stopped).toBe(true);
  }
  expect([...asked]).toEqual(['/x?y=1 b']);
  expect(survivors).toEqual([]);
});

test('--export k6 writes a script that node can parse, with thresholds and requests', async () => {
  const cwd = workFolder();
  writeFileSync(
    join(cwd, 's.json'),
    JSON.stringify([{ path: '/a' }, { path: '/rpc', jsonRpc: { method: 'tools/call' } }]),
  );
  const words = ['-R', '0.5', '-d', '30s', '--scenario', 's.json', '--assert', 'p(95)<200ms', '--assert', 'errors<1%'];
  const { code, stdout } = await runCli(['load', '--export', 'k6', ...words, 'http://127.0.0.1:8080/'], { cwd });
  expect(code).toBe(0);
  const options = json(/export const options = (\{[\s\S]*?\n\});/.exec(stdout)![1]!);
  expect(options.scenarios.load).toMatchObject({
    executor: 'constant-arrival-rate',
    rate: 1,
    timeUnit: '2s',
    duration: '30s',
  });
  expect(options.thresholds).toEqual({ http_req_duration: ['p(95)<200'], http_req_failed: ['rate<0.01'] });
  const requests = json(/const requests = (\[[\s\S]*?\n\]);/.exec(stdout)![1]!);
  expect(requests).toMatchObject([
    { method: 'GET', path: '/a' },
    { method: 'POST', path: '/rpc', jsonRpc: true },
  ]);
  expect(requests[1].body).toContain('"id":{{id}}');
});

test('a page tells what the figures do not: notes, and what thresholds measured', async () => {
  const cwd = workFolder();
  const port = await httpServer((_request, response) => {
    response.writeHead(302, { Location: '/<b>' });
    response.end();
  });
  await runCli(['load', '-n', '20', '--assert', 'rps>1', '-o', 'x.html', `:${port}`], { cwd });
  const text = readFileSync(join(cwd, 'x.html'), 'utf8');
  expect(text).toMatch(/<li>redirects are not followed: the server answers that it moved to \/&lt;b&gt;<\/li>/);
  expect(text).toMatch(/rps&gt;1<\/td><td>\d+(\.\d+)?<\/td><td>kept/);
});

test('pictures of a load hold what came from outside as text only', async () => {
  const cwd = workFolder();
  const port = await serverWith(0);
  const url = `127.0.0.1:${port}/?<script>alert(1)</script>&"'`;
  for (const name of ['x.svg', 'x.html']) {
    const { code, stdout } = await runCli(['load', '-n', '50', '-R', '500', '-o', name, url], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Latency Distribution/);
    const text = readFileSync(join(cwd, name), 'utf8');
    expect(text).not.toMatch(/<script/);
    expect(text).toMatch(/from when due/);
    expect(text).toMatch(/Latency by percentile/);
  }
});

test.each([
  ['wrk', {}, 'wrk is not installed; apt-get install wrk'],
  ['autocannon', {}, 'autocannon is neither in node_modules nor on PATH; npm install --save-dev autocannon'],
  ['wrk', { wrk: 'echo "no such host" >&2; exit 3' }, 'wrk failed (exit code 3): no such host; does the server run?'],
] as const)('--engine %s that is not there, or fails: %j', async (engine, tools, message) => {
  const cwd = workFolder();
  const words = ['load', '--engine', engine, '-d', '1', ':9'];
  const { code, stdout, stderr } = await runCli(words, { cwd, env: { PATH: pathWith(tools) } });
  expect(stderr).toContain(`pforge-prof: error: ${message}`);
  expect([code, stdout]).toEqual([125, '']);
});
