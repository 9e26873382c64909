import { execa } from 'execa';
import { expect, test } from 'vitest';
import { type LoadProgress, runLoad } from '../../src/load/engine.ts';
import { failedRequests, type LoadResult } from '../../src/load/result.ts';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { freePort, httpServer, planFor, tcpServer } from './misbehaving-servers.ts';

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

test('a number of requests is sent exactly, over threads, connections and pipelines, as the server counts them', async () => {
  let asked = 0;
  const port = await httpServer((_request, response) => {
    asked++;
    response.end('hello\n');
  });
  const result = await runLoad(planFor(port, { requests: 1003, connections: 7, threads: 2, pipelining: 3 }));
  expect(asked).toBe(1003);
  expect(result.requests).toBe(1003);
  expect(result.latency.count).toBe(1003);
  expect(result.statuses).toEqual(new Map([[200, 1003]]));
  expect(failedRequests(result.errors)).toBe(0);
  expect(result.threads).toBe(2);
});

test('after a duration every answer that is due is waited for: the counts of both sides agree', async () => {
  let asked = 0;
  let bytes = 0;
  const port = await httpServer((_request, response) => {
    asked++;
    response.end('x'.repeat(100));
  });
  const result = await runLoad(planFor(port, { duration: 0.4, warmup: 0 }));
  expect(result.requests).toBe(asked);
  expect(result.unanswered).toBe(0);
  bytes = result.bytes / result.requests;
  expect(bytes).toBeGreaterThan(100);
  const windows = result.windows.reduce((sum, window) => sum + window.requests, 0);
  expect(windows).toBe(result.requests);
});

test('a warm-up is loaded and not counted', async () => {
  let asked = 0;
  const port = await httpServer((_request, response) => {
    asked++;
    response.end();
  });
  const result = await runLoad(planFor(port, { requests: 100, warmup: 0.3 }));
  expect(result.requests).toBe(100);
  expect(result.latency.count).toBe(100);
  expect(asked).toBeGreaterThan(result.requests);
});

test('bodies are sent, and each request has an id of its own', async () => {
  const ids = new Set<number>();
  const lengths = new Set<string | undefined>();
  const port = await httpServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const call = JSON.parse(body) as { id: number; name: string };
      if (call.name === 'grüße') ids.add(call.id);
      lengths.add(request.headers['content-length']);
      response.end(
        JSON.stringify({ jsonrpc: '2.0', id: call.id, ...(call.id % 10 === 0 ? { error: {} } : { result: 1 }) }),
      );
    });
  });
  const result = await runLoad(
    planFor(port, {
      requests: 200,
      threads: 2,
      sequence: [{ body: '{"jsonrpc":"2.0","id":{{id}},"name":"grüße"}', expect: { jsonRpc: true } }],
    }),
  );
  expect(ids.size).toBe(200);
  expect(lengths.size).toBe(1);
  // A JSON-RPC error comes with status 200
  expect(result.errors.mismatch).toBe(20);
  expect(failedRequests(result.errors)).toBe(20);
});

test('a server that stalls: the open model shows it, the closed one does not', async () => {
  let until = 0;
  let begun = 0;
  const port = await httpServer((_request, response) => {
    const now = performance.now();
    begun ||= now;
    if (until === 0 && now - begun > 1_000) until = now + 500;
    setTimeout(() => response.end('ok'), Math.max(0, until - now));
  });
  const open = await runLoad(planFor(port, { duration: 3, rate: 200, connections: 4 }));
  // A sixth of all was due in the stall: p99 is 470 ms of its 500
  expect(open.corrected!.histogram!.percentile(99)).toBeGreaterThan(350_000);
  // From when they were sent only four requests were slow
  expect(open.latency.histogram!.percentile(99)).toBeLessThan(350_000);
  // On a busy machine the last ones may find all connections taken
  expect(open.requests + open.unsent).toBe(600);
  until = begun = 0;
  const closed = await runLoad(planFor(port, { duration: 3, connections: 4 }));
  expect(closed.corrected).toBeUndefined();
  expect(closed.latency.histogram!.percentile(99)).toBeLessThan(350_000);
  expect(closed.latency.max).toBeGreaterThan(350_000);
});

test('an open model sends at its rate over all threads', async () => {
  const port = await httpServer((_request, response) => response.end());
  // Enough connections for all that is due after a stall of a busy machine
  const result = await runLoad(planFor(port, { duration: 1, rate: 300, threads: 2, connections: 100 }));
  expect(result.requests).toBe(300);
  expect(result.unsent).toBe(0);
  expect(result.corrected!.count).toBe(300);
});

test('after a warm-up the schedule begins anew: nothing is late by it', async () => {
  const port = await httpServer((_request, response) => response.end());
  const result = await runLoad(planFor(port, { duration: 2, rate: 1, warmup: 0.4, connections: 1 }));
  expect(result.requests).toBe(2);
  // By the old schedule the next request would have been due 600 ms later
  expect(result.corrected!.max).toBeLessThan(400_000);
});

test('a rate that the server cannot keep up with: what was due and not sent is told', async () => {
  const port = await httpServer((_request, response) => {
    setTimeout(() => response.end(), 50);
  });
  const result = await runLoad(planFor(port, { duration: 0.6, rate: 500, connections: 2 }));
  expect(result.unsent).toBeGreaterThan(200);
  expect(result.unsent + result.requests).toBe(300);
});

test('refused connections are counted, and a server that was never there is given up at once', async () => {
  const started = performance.now();
  const result = await runLoad(planFor(await freePort(), { duration: 20, connections: 3 }));
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(result.requests).toBe(0);
  expect(result.errors.connect).toBeGreaterThanOrEqual(9);
  expect(result.errors.refused).toBe(result.errors.connect);
  expect(result.examples.get('connect')).toMatch(/ECONNREFUSED/);
});

test('resets are counted exactly, and the load goes on', async () => {
  let [asked, reset] = [0, 0];
  const port = await tcpServer((socket) => {
    socket.on('data', () => {
      if (++asked % 20 === 0) {
        reset++;
        socket.resetAndDestroy();
      } else socket.write(answer);
    });
  });
  const result = await runLoad(planFor(port, { requests: 2000 }));
  expect(reset).toBe(100);
  expect(result.errors.reset).toBe(100);
  expect(result.requests).toBe(1900);
  expect(failedRequests(result.errors)).toBe(100);
});

test('time-outs are in the latency and in the errors, and their connections are used again', async () => {
  let asked = 0;
  const port = await tcpServer((socket) => {
    socket.on('data', () => {
      if (++asked % 50 !== 0) socket.write(answer);
    });
  });
  const result = await runLoad(planFor(port, { requests: 500, connections: 5, timeout: 1 }));
  expect(result.errors.timeout).toBe(10);
  expect(result.requests).toBe(490);
  expect(result.latency.count).toBe(500);
  expect(result.latency.max).toBeGreaterThanOrEqual(1_000_000);
});

test('a server that never answers', async () => {
  const port = await tcpServer(() => {});
  const result = await runLoad(planFor(port, { duration: 0.3, connections: 3, timeout: 0.2 }));
  expect(result.requests).toBe(0);
  expect(result.errors.timeout).toBeGreaterThanOrEqual(3);
});

test('garbage, half a body, and nothing at all', async () => {
  const garbage = await tcpServer((socket) => socket.on('data', () => socket.write('SSH-2.0-OpenSSH_9.2\r\n')));
  const odd = await runLoad(planFor(garbage, { requests: 20, connections: 2 }));
  expect(odd.errors.parse).toBe(20);
  expect(odd.examples.get('parse')).toMatch(/SSH-2.0/);
  const half = await tcpServer((socket) =>
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')),
  );
  const cut = await runLoad(planFor(half, { requests: 20, connections: 2 }));
  expect(cut.errors.reset).toBe(20);
  expect(cut.errors.truncated).toBe(20);
  expect(cut.requests).toBe(0);
});

test('statuses of 400 and above are errors, and redirects are told and not followed', async () => {
  let asked = 0;
  const port = await httpServer((_request, response) => {
    response.statusCode = ++asked % 4 === 0 ? 500 : 200;
    response.end();
  });
  const mixed = await runLoad(planFor(port, { requests: 100 }));
  expect(mixed.errors.status).toBe(25);
  expect(mixed.statuses.get(500)).toBe(25);
  const moved = await httpServer((_request, response) => {
    response.writeHead(302, { Location: 'https://example.org/login' }).end();
  });
  const redirected = await runLoad(planFor(moved, { requests: 10 }));
  expect(failedRequests(redirected.errors)).toBe(0);
  expect(redirected.notes.join()).toMatch(/not followed.*example\.org\/login/);
});

test('answers may be chunked, last until the connection closes, or have no body', async () => {
  const port = await httpServer((request, response) => {
    if (request.url === '/chunked') {
      response.write('a');
      response.write('bc');
    } else if (request.url === '/close') response.setHeader('Connection', 'close');
    else if (request.url === '/none') response.statusCode = 204;
    response.end(request.url === '/none' ? undefined : 'end');
  });
  const sequence = ['/chunked', '/close', '/none', '/'].map((path) => ({ path }));
  const result = await runLoad(planFor(port, { requests: 200, sequence: [...sequence, { method: 'HEAD' }] }));
  expect(result.requests).toBe(200);
  expect(failedRequests(result.errors)).toBe(0);
});

test('server-sent events are measured by the first one and by their number', async () => {
  const port = await httpServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(`id: ${sent++}\ndata: x\n\n`);
    }, 20);
    response.on('close', () => clearInterval(timer));
  });
  const result: LoadResult = await runLoad(planFor(port, { duration: 1, connections: 3 }));
  const { events } = result;
  expect(events?.streams).toBe(3);
  expect(events!.events).toBeGreaterThan(60);
  expect(events!.events).toBeLessThanOrEqual(150);
  expect(events!.firstEvent.count).toBe(3);
  expect(events!.gap.mean).toBeGreaterThan(15_000);
  expect(result.unanswered).toBe(0);
});

test('events of streams that began in the warm-up count', async () => {
  const port = await httpServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const timer = setInterval(() => response.write('data: x\n\n'), 20);
    response.on('close', () => clearInterval(timer));
  });
  const result = await runLoad(planFor(port, { duration: 1, connections: 2, warmup: 0.5 }));
  expect(result.requests).toBe(0);
  expect(result.events!.streams).toBe(0);
  expect(result.events!.events).toBeGreaterThan(20);
  expect(result.unanswered).toBe(0);
});

test('streams of events with a bad status are errors', async () => {
  const port = await httpServer((_request, response) => {
    response.writeHead(503, { 'Content-Type': 'text/event-stream' });
    response.end('data: x\n\n');
  });
  const result = await runLoad(planFor(port, { requests: 10, connections: 2 }));
  expect([...result.statuses]).toEqual([[503, 10]]);
  expect(result.errors.status).toBe(10);
});

test('a server that dies is told: what it answered, and for how long it was gone', async () => {
  let asked = 0;
  const port = await tcpServer((socket) => {
    socket.on('data', () => {
      if (++asked < 50) socket.write(answer);
      else socket.destroy();
    });
  });
  const result = await runLoad(planFor(port, { duration: 0.5, connections: 2 }));
  expect(result.requests).toBe(49);
  expect(result.errors.reset).toBeGreaterThan(0);
});

test('an aborted load ends at once and keeps what was counted', async () => {
  const port = await httpServer((_request, response) => response.end('ok'));
  const stop = new AbortController();
  // Once something was counted, however long a busy machine takes for that
  const onProgress = ({ requests }: LoadProgress): void => {
    if (requests > 0) stop.abort();
  };
  const result = await runLoad(planFor(port, { duration: 3600 }), { signal: stop.signal, onProgress });
  expect(result.stopped).toBe(true);
  expect(result.requests).toBeGreaterThan(0);
  expect(result.seconds).toBeLessThan(60);
});

test('a host that does not exist, and a header that would break a request', async () => {
  const nowhere = planFor(80, { url: new URL('http://no.such.host.invalid/') });
  await expect(runLoad(nowhere)).rejects.toThrow(/no.such.host.invalid: no such host/);
  const broken = planFor(80, { headers: [['X-A', 'b\r\nX-C: d']] });
  await expect(runLoad(broken)).rejects.toThrow(/control character/);
});

test('percentiles are those that arithmetic gives, and those of wrk where it is there', {
  timeout: 60_000,
}, async () => {
  let turn = 0;
  // 50 to 499 ms, each as often
  const port = await httpServer((_request, response) => {
    setTimeout(() => response.end('ok'), 50 + ((turn++ * 7) % 450));
  });
  const plan = planFor(port, { duration: 4, connections: 40 });
  const { histogram } = (await runLoad(plan)).latency;
  const truth = { 50: 275_000, 75: 387_000, 90: 455_000, 99: 495_000 };
  for (const [percent, micros] of Object.entries(truth)) {
    expect(histogram!.percentile(Number(percent)) / micros, `p${percent}`).toBeGreaterThan(0.9);
    expect(histogram!.percentile(Number(percent)) / micros, `p${percent}`).toBeLessThan(1.1);
  }
  const tool = findTool('wrk');
  if (!requireTool('wrk', tool !== undefined)) return;
  const wrk = await execa(tool!, ['-t1', '-c40', '-d4s', '--latency', `http://127.0.0.1:${port}/`]);
  for (const percent of [50, 75, 90]) {
    const theirs = Number(new RegExp(` ${percent}% +([\\d.]+)ms`).exec(wrk.stdout)![1]) * 1000;
    expect(histogram!.percentile(percent) / theirs, `p${percent}`).toBeGreaterThan(0.9);
    expect(histogram!.percentile(percent) / theirs, `p${percent}`).toBeLessThan(1.1);
  }
});
