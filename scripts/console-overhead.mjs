// What `console` costs the program that it watches:
//
//     node scripts/console-overhead.mjs [--rounds 8] [--warm 1] [--seconds 3] [--only hello,async,idle,visits]
//
// Servers of http, one that answers at once and one that waits for a timer and 30 promises first, under our own `load` with 20
// connections: not watched, started by the console, attached to. Each is a process of its own; all of them in turns, forwards and
// backwards. Once hooks have been on V8 compiles much anew, for some seconds: `--warm` is how long a server has been asked before that
// counts. Told are medians of requests a second and of CPU time for each request (all threads of the server, so those of
// the agent as well), and their ratios to the server that nobody watches; then CPU time of a server that nobody asks anything, and
// what a hundred visits leave in a process.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    warm: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'hello,async,idle,visits' },
  },
});
const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
const folder = mkdtempSync(join(root, 'node_modules/.cache/console-overhead-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const { startConsole, attachConsole } = await ourParts();

const SERVERS = {
  hello: `require('node:http').createServer((request, response) => response.end('hello'))`,
  async: `const wait = () => new Promise((done) => setTimeout(done, 1));
async function answer(response) { await wait(); for (let i = 0; i < 30; i++) await i; response.end('hello'); }
require('node:http').createServer((request, response) => void answer(response))`,
  visits: `require('node:http').createServer((request, response) => {
  gc();
  response.end(String(process.memoryUsage().heapUsed));
})`,
};
const MODES = ['alone', 'started', 'attached', 'started, all'];

let port = 20_000 + (process.pid % 20_000);
const only = values.only.split(',');
console.log(`load average at the beginning ${loadavg()[0].toFixed(1)}`);
for (const name of ['hello', 'async']) if (only.includes(name)) await loaded(name);
if (only.includes('idle')) await idle();
if (only.includes('visits')) await visits();
console.log(`load average at the end ${loadavg()[0].toFixed(1)}`);

async function loaded(name) {
  const results = new Map(MODES.map((mode) => [mode, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const mode of round % 2 === 0 ? MODES : [...MODES].reverse()) {
      const server = await begin(name, mode);
      await ask(server.port, Number(values.warm));
      const before = cpuOf(server.pid);
      const { rps, requests } = await ask(server.port, Number(values.seconds));
      results.get(mode).push({ rps, cpu: ((cpuOf(server.pid) - before) / requests) * 1e6 });
      await server.end();
    }
  }
  console.log(`\n${name}: requests a second, CPU microseconds a request; ratios to the server alone`);
  const of = (mode, field) => median(results.get(mode).map((result) => result[field]));
  for (const mode of MODES) {
    const ratio = (field) => (of(mode, field) / of('alone', field)).toFixed(3);
    console.log(
      `  ${mode.padEnd(14)}${of(mode, 'rps').toFixed(0).padStart(8)} ${ratio('rps')}  ${of(mode, 'cpu').toFixed(1).padStart(8)} ${ratio('cpu')}`,
    );
  }
}

async function idle() {
  console.log('\nidle: CPU per mille of one processor');
  for (const mode of MODES) {
    const server = await begin('hello', mode);
    await pause(2000);
    const before = cpuOf(server.pid);
    await pause(10_000);
    console.log(`  ${mode.padEnd(14)}${((cpuOf(server.pid) - before) * 100).toFixed(1).padStart(8)}`);
    await server.end();
  }
}

async function visits() {
  console.log('\nvisits: descriptors, threads, kilobytes on the heap and resident, once the garbage is collected');
  const server = await begin('visits', 'alone');
  const tell = async (count) => {
    const heap = Number(await (await fetch(`http://127.0.0.1:${server.port}/`)).text());
    const entries = (name) => readdirSync(`/proc/${server.pid}/${name}`).length;
    const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'latin1'))[1];
    console.log(
      `  after ${String(count).padStart(3)}  ${entries('fd')} ${entries('task')} ${Math.round(heap / 1024)} ${rss}`,
    );
  };
  await tell(0);
  for (let count = 1; count <= 100; count++) {
    await (await attachConsole(server.pid)).close();
    if (count === 1 || count % 20 === 0) await tell(count);
  }
  await server.end();
}

/** Starts a server in one of the ways, and waits until it listens. */
async function begin(name, mode) {
  port++;
  const file = join(folder, `${name}.cjs`);
  writeFileSync(file, `${SERVERS[name]}.listen(Number(process.argv[2]), '127.0.0.1');`);
  const flags = name === 'visits' ? ['--expose-gc'] : [];
  const words = [process.execPath, '--inspect-port=0', ...flags, file, String(port)];
  const mine = port;
  let pid;
  let end;
  if (mode.startsWith('started')) {
    const source = await startConsole({ program: words, output: () => {}, all: mode.endsWith('all') });
    pid = await new Promise((done) => source.onSnapshot(({ target }) => done(target.pid)));
    end = () => source.close();
    await listens(mine);
  } else {
    const child = spawn(words[0], words.slice(1), { stdio: 'ignore' });
    pid = child.pid;
    await listens(mine);
    const source = mode === 'attached' ? await attachConsole(pid) : undefined;
    end = async () => {
      await source?.close();
      child.kill('SIGKILL');
    };
  }
  return { pid, port: mine, end };
}

async function listens(to) {
  for (;;) {
    const open = await new Promise((done) => {
      const socket = connect(to, '127.0.0.1', () => done(true)).on('error', () => done(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await pause(20);
  }
}

async function ask(to, seconds) {
  const words = ['bin/pforge-prof.js', 'load', `http://127.0.0.1:${to}/`, '-c', '20', '-d', `${seconds}s`, '--json'];
  const { stdout } = await run(process.execPath, words, { cwd: root });
  return JSON.parse(stdout);
}

/** Seconds, of all threads. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

async function ourParts() {
  const outfile = join(folder, 'ours.mjs');
  const contents = "export * from './src/console/node/start.ts'; export * from './src/console/node/attach.ts';";
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
  return import(pathToFileURL(outfile).href);
}
