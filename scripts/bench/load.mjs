import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const CONNECTIONS = '64';
const SECONDS = 6;
const RATE = '2000';

/**
 * Client CPU time a request, and the rate that is reached, of our engine, wrk and autocannon, against nginx and node on
 * loopback, in turns; then percentiles at a fixed rate, ours against our own closed model. nginx is left out where it is not
 * installed.
 */
export async function load(rounds, folder) {
  for (const server of [await startNginx(folder), await startNode()]) {
    if (server === undefined) {
      console.log('load: nginx is not installed (apt-get install nginx-light): left out');
      continue;
    }
    const { name, url, stop } = server;
    try {
      const clients = {
        ours: ['node', 'bin/pforge-prof.js', 'load', '-q', '--json', '-c', CONNECTIONS, '-d', `${SECONDS}s`, url],
        'wrk -t1': ['wrk', '-t1', '-c', CONNECTIONS, `-d${SECONDS}s`, url],
        autocannon: ['node_modules/.bin/autocannon', '--json', '-c', CONNECTIONS, '-d', String(SECONDS), url],
      };
      const runs = new Map(Object.keys(clients).map((client) => [client, []]));
      // A first turn is not counted: V8 compiles, caches fill
      for (let round = -1; round < rounds; round++) {
        for (const [client, command] of Object.entries(clients)) {
          const run = measured(command);
          if (round >= 0 && run !== undefined) runs.get(client).push(run);
        }
      }
      console.log(`\nload, ${name}: ${CONNECTIONS} connections, ${SECONDS} s, medians of ${rounds}`);
      const base = median((runs.get('wrk -t1') ?? []).map(({ cpu }) => cpu));
      for (const [client, all] of runs) {
        const cpu = median(all.map((run) => run.cpu));
        const kernel = median(all.map((run) => run.kernel));
        const rate = median(all.map((run) => run.rate));
        const ratio = Number.isFinite(base) ? `${(cpu / base).toFixed(2)} x wrk` : '';
        console.log(
          `  ${client.padEnd(12)} ${cpu.toFixed(1).padStart(6)} us CPU a request (kernel ${kernel.toFixed(1)})  ${ratio.padEnd(12)} ${Math.round(rate)} requests/s`,
        );
      }
      percentilesAt(url);
    } finally {
      stop();
    }
  }
}

/** The whole command's CPU time, start included, by its requests: microseconds. */
function measured(command) {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...command], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const times = /^cpu ([\d.]+) ([\d.]+)$/m.exec(stderr);
  const requests = Number(
    /"requests":\s*(\d+)/.exec(stdout)?.[1] ??
      /(\d+) requests in/.exec(stdout)?.[1] ??
      /"2xx":(\d+)/.exec(stdout)?.[1] ??
      0,
  );
  const rate = Number(
    /"rps":\s*([\d.]+)/.exec(stdout)?.[1] ?? /Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1] ?? requests / SECONDS,
  );
  if (times === null || requests === 0) return undefined;
  const [user, kernel] = [times[1], times[2]].map((seconds) => (Number(seconds) * 1e6) / requests);
  return { cpu: user + kernel, kernel, rate };
}

/** At a fixed rate: from when requests were due and when they were sent, and how late the generator was. */
function percentilesAt(url) {
  const args = ['bin/pforge-prof.js', 'load', '-q', '--json', '-R', RATE, '-c', CONNECTIONS, '-d', `${SECONDS}s`, url];
  const { corrected, latency, lateness } = JSON.parse(spawnSync('node', args, { encoding: 'utf8' }).stdout);
  const words = ({ p50, p90, p99 }) => `p50 ${p50}, p90 ${p90}, p99 ${p99} us`;
  console.log(
    `  at ${RATE}/s     from when due: ${words(corrected)}; when sent: ${words(latency)}; generator late: ${words(lateness)}`,
  );
}

/** The upper one of two. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** nginx that answers with six bytes; undefined where it is not installed. */
export async function startNginx(folder) {
  const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((path) => spawnSync(path, ['-v']).status === 0);
  if (nginx === undefined) return undefined;
  const port = await freePort();
  const home = join(folder, 'nginx');
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'nginx.conf'),
    `worker_processes 1; daemon off; pid ${home}/pid; error_log ${home}/error.log;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000000; client_body_temp_path ${home}/a; proxy_temp_path ${home}/b;
fastcgi_temp_path ${home}/c; uwsgi_temp_path ${home}/d; scgi_temp_path ${home}/e;
server { listen 127.0.0.1:${port}; location / { return 200 "hello\\n"; } } }`,
  );
  const child = spawn(nginx, ['-c', join(home, 'nginx.conf'), '-p', home], { stdio: 'ignore' });
  await new Promise((done) => setTimeout(done, 500));
  return { name: 'nginx', url: `http://127.0.0.1:${port}/`, stop: () => child.kill('SIGTERM') };
}

async function startNode() {
  const port = await freePort();
  const code = `require('node:http').createServer((q, r) => r.end('hello\\n')).listen(${port}, '127.0.0.1', () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return { name: 'node', url: `http://127.0.0.1:${port}/`, stop: () => child.kill('SIGTERM') };
}

/** A port of loopback that nobody has. */
export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
