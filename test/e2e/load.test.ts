import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createSecure } from 'node:https';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { listeningSockets } from '../../src/processes/sockets.ts';
import { freePort, httpServer } from '../load/misbehaving-servers.ts';
import { example, runCli, workFolder } from './run-cli.ts';

/** A node server; `$PORT` of its argument is where it listens, 0 = any. */
function serverScript(body = "response.end('hello')", more = ''): string {
  const file = join(workFolder(), 'server.cjs');
  writeFileSync(
    file,
    `const server = require('node:http').createServer((request, response) => { ${body} });
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => console.log('listening now'));
${more}`,
  );
  return file;
}

const node = process.execPath;
const json = (text: string) => JSON.parse(text);

test('the text has the layout of wrk', async () => {
  const port = await httpServer((_request, response) => response.end('hello\n'));
  const { code, stdout } = await runCli(['load', '-d', '1s', '-c', '4', '-t', '2', `http://127.0.0.1:${port}/`]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    new RegExp(
      [
        `Running 1s test @ http://127.0.0.1:${port}/`,
        '  2 threads and 4 connections',
        '  Thread Stats   Avg      Stdev     Max   \\+/- Stdev',
        '    Latency  +[\\d.]+(us|ms|s) +[\\d.]+(us|ms|s) +[\\d.]+(us|ms|s) +[\\d.]+%',
        '    Req/Sec  +[\\d.]+k? +[\\d.]+k? +[\\d.]+k? +[\\d.]+%',
        '  Latency Distribution',
        '     50% +[\\d.]+(us|ms|s)',
        '     75% +[\\d.]+(us|ms|s)',
        '     90% +[\\d.]+(us|ms|s)',
        '     95% .*',
        '     99% .*',
        '   99.9% .*',
        '  99.99% .*',
        '  \\d+ requests in [\\d.]+(ms|s), [\\d.]+(K|M|G)B read',
        'Requests/sec: +[\\d.]+',
        'Transfer/sec: +[\\d.]+(K|M|G)B',
        '',
      ].join('\\n'),
    ),
  );
});

test('--json has the fields that other programs rely on, and the percentile file what HdrHistogram reads', async () => {
  const port = await httpServer((_request, response) => response.end('hello\n'));
  const cwd = workFolder();
  const url = `127.0.0.1:${port}`;
  const result = json((await runCli(['load', '-n', '50', '-c', '2', '--json', url])).stdout);
  expect(result).toMatchObject({
    requests: 50,
    errors: { connect: 0, reset: 0, timeout: 0, parse: 0, status: 0 },
    latency: { unit: 'us' },
  });
  for (const field of ['p50', 'p90', 'p99', 'p999', 'max', 'mean', 'stdev']) {
    expect(result.latency[field]).toBeGreaterThanOrEqual(0);
  }
  expect(result.rps).toBeGreaterThan(0);
  expect(result.bytesPerSecond).toBeGreaterThan(0);
  expect(result.corrected).toBeUndefined();
  const open = await runCli(['load', '-n', '20', '-R', '200', '--json', '-o', 'out.hgrm', url], { cwd });
  expect(json(open.stdout).corrected).toMatchObject({ unit: 'us', count: 20 });
  const spectrum = readFileSync(join(cwd, 'out.hgrm'), 'utf8');
  expect(spectrum).toMatch(/^ {7}Value {5}Percentile TotalCount 1\/\(1-Percentile\)\n\n/);
  expect(spectrum).toMatch(/#\[Max {5}= .*, Total count {4}= +20\]/);
});

test('thresholds: exit code 1 with a table of which failed', async () => {
  const port = await httpServer((_request, response) => response.end('hello\n'));
  const asserts = ['--assert', 'p(99)<1us', '--assert', 'errors<1%', '--assert', 'rps>1'];
  const { code, stdout, stderr } = await runCli(['load', '-n', '50', ...asserts, `:${port}`]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/FAIL {2}p\(99\)<1us .*\n {2}ok {4}errors<1% .*\n {2}ok {4}rps>1 /);
  expect(stderr).toMatch(/1 of 3 thresholds failed: p\(99\)<1us/);
  const kept = await runCli(['load', '-n', '50', '--assert', 'p(99)<10s', '--json', `:${port}`]);
  expect(kept.code).toBe(0);
  expect(json(kept.stdout).asserts).toMatchObject([{ assert: 'p(99)<10s', passed: true }]);
  const wrong = await runCli(['load', '--assert', 'p99<5parsec', `:${port}`]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/"parsec" is no unit/);
});

test('refused connections are never a success, even where a threshold would be kept', async () => {
  const port = await freePort();
  const { code, stdout, stderr } = await runCli(['load', '-d', '20', '--assert', 'p(99)<50ms', `:${port}`]);
  expect(code).not.toBe(0);
  expect(stdout).toMatch(/Socket errors: connect [1-9]/);
  expect(stdout).toMatch(/refused: connect ECONNREFUSED/);
  expect(stderr).toMatch(/nothing was answered/);
  expect(code).toBe(125);
});

test('where nothing was answered there is no picture, and the text tells why', async () => {
  const port = await freePort();
  for (const name of ['x.svg', 'x.html', 'x.hgrm']) {
    const { code, stdout, stderr } = await runCli(['load', '-n', '5', '-o', name, `:${port}`]);
    expect(code).toBe(125);
    expect(stdout).toMatch(/refused: connect ECONNREFUSED/);
    expect(stderr).toMatch(/there is nothing to draw, x\.\w+ is not written/);
  }
});

test('a load shorter than a window has its own rate', async () => {
  const port = await httpServer((_request, response) => response.end('hi'));
  const { stdout } = await runCli(['load', '-n', '10', '-c', '1', '--json', `:${port}`]);
  const { rps, threadRates, seconds } = json(stdout);
  if (seconds < 0.1) expect(threadRates.mean / rps).toBeCloseTo(1, 1);
});

test('only errors are no success; what was answered is told', async () => {
  const port = await httpServer((_request, response) => {
    response.statusCode = 500;
    response.end();
  });
  const { code, stdout, stderr } = await runCli(['load', '-n', '20', `:${port}`]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/Non-2xx or 3xx responses: 20/);
  expect(stdout).toMatch(/20 bad status: 500: 20/);
  expect(stderr).toMatch(/not one request succeeded/);
});

test('a server that dies amid the load', async () => {
  const child = spawn(node, [serverScript(), '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const port = listeningSockets(child.pid!)[0]!.port;
  setTimeout(() => child.kill('SIGKILL'), 1500);
  const { code, stdout, stderr } = await runCli(['load', '-d', '4', `:${port}`]);
  expect(code).toBe(125);
  expect(stdout).toMatch(/[1-9]\d* requests in/);
  expect(stdout).toMatch(/of them refused/);
  expect(stderr).toMatch(/the server could not be reached any more for the last \d\.\d s/);
});

test('a self-signed certificate is refused, and taken with --insecure', async () => {
  const folder = workFolder();
  try {
    const subject = ['-subj', '/CN=localhost', '-days', '2', '-keyout', 'key.pem', '-out', 'cert.pem'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], {
      cwd: folder,
      stdio: 'ignore',
    });
  } catch {
    console.log('skipped: openssl is not installed');
    return;
  }
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name)));
  const server = createSecure({ key: key!, cert: cert! }, (_request, response) => response.end('secret'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `https://127.0.0.1:${(server.address() as { port: number }).port}/`;
  const refused = await runCli(['load', '-n', '10', url]);
  expect(refused.code).toBe(125);
  expect(refused.stdout + refused.stderr).toMatch(/self-signed certificate/);
  const taken = await runCli(['load', '-n', '10', '-k', '--json', url]);
  expect(taken.code).toBe(0);
  expect(json(taken.stdout).requests).toBe(10);
});

test('a server is started, found by its port, loaded, told of, and ended', async () => {
  const file = serverScript(
    "response.end('hello')",
    "process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });",
  );
  const { code, stdout, stderr, survivors } = await runCli(['load', '-d', '1', '/x', '--', node, file]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Running 1s test @ http:\/\/127\.0\.0\.1:\d+\/x/);
  expect(stdout).toMatch(
    /Server: .*server\.cjs \(pid \d+\)\n {2}CPU +[\d.]+ s, \d+ % of one core\n {2}Memory +[\d.]+MB/,
  );
  expect(stdout).toMatch(/Event loop +[\d.]+ % busy, late by p50/);
  // What the server prints is not among the results
  expect(stdout).not.toMatch(/listening now/);
  expect(stderr).toMatch(/listening now[\s\S]*bye/);
  expect(survivors).toEqual([]);
});

test('a server that hears no SIGTERM is killed after the grace time, with what it started', async () => {
  const child = "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);";
  const file = serverScript('response.end()', `process.on('SIGTERM', () => {}); ${child}`);
  const { code, stdout, survivors } = await runCli([
    'load',
    '-n',
    '10',
    '--grace',
    '300ms',
    '--json',
    ':$PORT',
    '--',
    node,
    file,
  ]);
  expect(code).toBe(0);
  expect(json(stdout)).toMatchObject({ requests: 10, server: { cpuSeconds: expect.any(Number) } });
  expect(survivors).toEqual([]);
});

test('--ready-text and --ready-url are waited for', async () => {
  const late = "setTimeout(() => { ready = true; console.log('at last'); }, 600); let ready = false;";
  const file = serverScript('response.statusCode = ready ? 200 : 503; response.end();', late);
  for (const readiness of [
    ['--ready-text', 'at last'],
    ['--ready-url', '/healthz'],
  ]) {
    const { code, stdout } = await runCli(['load', '-n', '20', '--json', ...readiness, '/', '--', node, file]);
    expect(code).toBe(0);
    expect(json(stdout).errors.status).toBe(0);
  }
  const never = await runCli([
    'load',
    '-n',
    '1',
    '--ready-text',
    'no such',
    '--ready-timeout',
    '1s',
    '/',
    '--',
    node,
    file,
  ]);
  expect(never.code).toBe(125);
  expect(never.stderr).toMatch(/has not printed what --ready-text waits for/);
  expect(never.survivors).toEqual([]);
});

test('a port that another program has: the other one is not loaded', async () => {
  let asked = 0;
  const port = await httpServer((_request, response) => {
    asked++;
    response.end();
  });
  const { code, stderr, survivors } = await runCli([
    'load',
    '-n',
    '10',
    `:${port}`,
    '--',
    node,
    serverScript(),
    String(port),
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/EADDRINUSE/);
  expect(stderr).toMatch(/the program exited 1 before it listened/);
  expect(asked).toBe(0);
  expect(survivors).toEqual([]);
});

test('a server that ends by itself: its exit code, and what was measured', async () => {
  const file = serverScript('response.end(); if (++asked === 100) process.exit(7);', 'let asked = 0;');
  const { code, stdout, stderr } = await runCli(['load', '-d', '2', '/', '--', node, file]);
  expect(code).toBe(7);
  expect(stdout).toMatch(/\d+ requests in/);
  expect(stderr).toMatch(/the server ended by itself during the load \(exit code 7\)/);
});

test('Ctrl-C ends the load and keeps what was measured', async () => {
  const port = await httpServer((_request, response) => response.end());
  const { code, stdout, stderr } = await runCli(['load', '-d', '60', '--json', `:${port}`], {
    signals: [{ after: 1500, signal: 'SIGINT', to: 'group' }],
  });
  expect(code).toBe(0);
  expect(stderr).toMatch(/SIGINT: stopping/);
  expect(json(stdout)).toMatchObject({ stopped: true });
});

test('Ctrl-C with a server of ours: both end, the result is kept; before it is ready there is none', async () => {
  const { code, stdout, survivors } = await runCli(['load', '-d', '60', '--json', '/', '--', node, serverScript()], {
    signals: [
      { after: { stderr: 'loading http' }, signal: 'SIGCONT', to: 'leader' },
      { after: 2_000, signal: 'SIGINT', to: 'group' },
    ],
  });
  expect(code).toBe(0);
  expect(json(stdout)).toMatchObject({ stopped: true });
  expect(survivors).toEqual([]);
  const idle = join(workFolder(), 'idle.cjs');
  writeFileSync(idle, "console.log('idle'); setInterval(() => {}, 1000);");
  const early = await runCli(['load', '/', '--', node, idle], {
    signals: [{ after: { stderr: 'idle' }, signal: 'SIGINT', to: 'leader' }],
  });
  expect(early.code).toBe(130);
  expect(early.stderr).toMatch(/interrupted before the server was ready|was killed by SIGINT before it listened/);
  expect(early.survivors).toEqual([]);
});

test('a cluster with two ports, on all addresses: the first one is loaded, and the other told of', async () => {
  const file = join(workFolder(), 'cluster.cjs');
  writeFileSync(
    file,
    `const cluster = require('node:cluster');
const http = require('node:http');
if (cluster.isPrimary) { cluster.fork(); cluster.fork(); }
else http.createServer((request, response) => response.end('main')).listen(0, () => {
  if (cluster.worker.id === 1) http.createServer((request, response) => response.end('metrics')).listen(0);
});`,
  );
  const { code, stdout, stderr, survivors } = await runCli(['load', '-n', '100', '--json', '/', '--', node, file]);
  expect(code).toBe(0);
  expect(json(stdout)).toMatchObject({ requests: 100, errors: { total: 0 } });
  expect(stderr).toMatch(/loading http:/);
  expect(survivors).toEqual([]);
});

test('localhost is loaded where the server listens, of IPv4 or of IPv6', async () => {
  const port = await httpServer((_request, response) => response.end());
  const { code, stdout } = await runCli(['load', '-n', '10', '--json', `localhost:${port}`]);
  expect(code).toBe(0);
  expect(json(stdout).requests).toBe(10);
});

test('bad words get one clear line', async () => {
  const cases: readonly [readonly string[], RegExp][] = [
    [[], /nothing to load/],
    [['ftp://x/'], /no target for a load/],
    [['127.0.0.1'], /names no port|nothing was answered/],
    [['/x'], /names no port/],
    [['-d', '10', '-n', '5', ':1'], /give only one of/],
    [['-d', 'soon', ':1'], /must be a time/],
    [['-H', 'nonsense', ':1'], /is no header/],
    [['--scenario', 'no-such.json', ':1'], /cannot read no-such.json/],
    [['--body-file', 'no-such', ':1'], /cannot read no-such/],
    [['-d', '0', ':1'], /measures nothing/],
    [['--timeout', '0', ':1'], /leaves no time/],
    [['--ready-text', 'up', ':1'], /--ready-text is for a server that is started/],
    [['--fail-on-regression', '5', ':1'], /--fail-on-regression is for load diff/],
    [['diff', 'a', 'b', '--assert', 'p(99)<1ms'], /--assert is for one result/],
    [['diff', 'a', 'b', '--rate', '5'], /--rate is for a load, not for load diff/],
    [['import', 'a', '--engine', 'wrk'], /--engine is for a load, not for load import/],
    [['import', 'a', '--', 'node'], /load import starts no program/],
    [['--export', 'k6', ':1', '--', 'node'], /--export starts no program/],
  ];
  for (const [words, message] of cases) {
    const { code, stderr } = await runCli(['load', ...words]);
    expect(stderr).toMatch(message);
    expect(code, words.join(' ')).toBeGreaterThan(0);
  }
});

test('a scenario sends its requests in turns, from JSON and from a module', async () => {
  const asked = new Map<string, number>();
  const port = await httpServer((request, response) => {
    asked.set(request.url!, (asked.get(request.url!) ?? 0) + 1);
    response.setHeader('X-Key', String(request.headers['x-key']));
    response.end(request.url === '/rpc' ? '{"jsonrpc":"2.0","id":1,"result":{}}' : 'hello');
  });
  const cwd = workFolder();
  const scenario = {
    headers: { 'X-Key': 'k' },
    requests: [
      { path: '/a', expect: { body: 'hello' } },
      { path: '/rpc', jsonRpc: { method: 'tools/call', params: { name: 'calculate' } } },
    ],
  };
  writeFileSync(join(cwd, 'a.json'), JSON.stringify(scenario));
  writeFileSync(join(cwd, 'a.mjs'), `export default ${JSON.stringify(scenario)};`);
  for (const file of ['a.json', 'a.mjs']) {
    asked.clear();
    const { code, stdout } = await runCli(['load', '-n', '40', '-c', '2', '--scenario', file, '--json', `:${port}`], {
      cwd,
    });
    expect(code).toBe(0);
    expect(json(stdout).errors.total).toBe(0);
    expect(asked).toEqual(
      new Map([
        ['/a', 20],
        ['/rpc', 20],
      ]),
    );
  }
});

test("the example's calls of tools: JSON-RPC errors and wrong results count, though their status is 200", async () => {
  let calls = 0;
  const port = await httpServer((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => {
      body += bytes.toString();
    });
    request.on('end', () => {
      const { id, method } = JSON.parse(body) as { id: number; method: string };
      calls++;
      const call =
        calls % 10 === 0 ? { error: { code: -32603 } } : { result: calls % 10 === 2 ? {} : { content: [8] } };
      const answer = method === 'tools/list' ? { result: { tools: [] } } : call;
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
    });
  });
  const words = ['--scenario', example('json-rpc-load.json'), '-c', '1', '-n', '100', '--json', `:${port}/mcp`];
  const { code, stdout } = await runCli(['load', ...words]);
  expect(code).toBe(0);
  expect(calls).toBe(100);
  // Of ten calls one is answered by an error, and one without what is expected
  expect(json(stdout).errors).toMatchObject({ mismatch: 20, total: 20 });
});
