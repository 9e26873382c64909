// A node program that misbehaves in the way that its first argument names; `serve WAY` is a server that does it amid
// the load. Busy loops count CPU time, not wall time.
const { Worker, isMainThread, workerData } = require('node:worker_threads');
const cp = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');

function hotLoop(ms) {
  const begun = process.cpuUsage();
  let sum = 0;
  const kept = [];
  do {
    for (let i = 0; i < 2e4; i++) sum += Math.sqrt(i);
    kept.push(new Array(2e3).fill(sum));
    const { user, system } = process.cpuUsage(begun);
    if (user + system > ms * 1000) break;
  } while (kept.length < 1e5);
  return sum;
}

const ready = () => process.stdout.write('ready\n');
const stay = () => setInterval(() => hotLoop(5), 10);
const detached = (ms) =>
  cp.spawn(process.execPath, [__filename, 'busy', String(ms)], { detached: true, stdio: 'ignore' }).unref();

const ways = {
  ok() {},
  busy: (ms) => hotLoop(Number(ms)),
  exit: (code) => process.exit(Number(code)),
  signal(number) {
    process.kill(process.pid, Number(number));
    for (;;);
  },
  throw() {
    throw new Error('boom');
  },
  reject: () => void Promise.reject(new Error('boom')),
  abort: () => process.abort(),
  fork: () => void cp.fork(__filename, ['busy', '60']),
  doublefork: () => void cp.spawnSync(process.execPath, [__filename, 'fork'], { stdio: 'inherit' }),
  daemon: () => detached(200),
  stubborn() {
    process.on('SIGTERM', () => {});
    stay();
    ready();
  },
  deaf() {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
    stay();
    ready();
  },
  endless() {
    ready();
    for (;;);
  },
  timer() {
    stay();
    ready();
  },
  family() {
    for (let i = 0; i < 2; i++) cp.fork(__filename, ['timer'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    stay();
    ready();
  },
  handler() {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(4));
    stay();
    ready();
  },
  closeerr() {
    // Later than whatever is started beside a program: docs/reliability.md says why
    setTimeout(() => {
      fs.closeSync(2);
      fs.closeSync(1);
      hotLoop(100);
    }, 1000);
  },
  print() {
    const piece = Buffer.alloc(1 << 20, 'x');
    for (let i = 0; i < 1024; i++) for (let at = 0; at < piece.length; ) at += fs.writeSync(1, piece, at);
  },
  stdin(length) {
    process.exitCode = fs.readFileSync(0).length === Number(length) ? 0 : 95;
  },
  tty() {
    process.exitCode = [0, 1, 2].every((fd) => require('node:tty').isatty(fd)) ? 0 : 94;
  },
  chdir() {
    process.chdir('/');
    hotLoop(100);
  },
  delete(folder) {
    fs.rmSync(folder, { recursive: true, force: true });
    hotLoop(100);
  },
  worker: () => void new Worker(__filename, { workerData: 60 }),
  workerexit() {
    new Worker(__filename, { workerData: 1e6 }).on('online', () => setTimeout(() => process.exit(5), 50));
  },
  oom() {
    const all = [];
    for (;;) all.push(new Array(1e5).fill(all.length + 0.5));
  },
};

if (!isMainThread) hotLoop(workerData);
else if (process.argv[2] === 'serve') {
  let asked = 0;
  http
    .createServer((_request, response) => {
      response.end('ok');
      if (++asked === 200) ways[process.argv[3]](...process.argv.slice(4));
    })
    .listen(0, '127.0.0.1');
} else if (process.argv[2] !== 'short') {
  hotLoop(Number(process.env.WORK_MS ?? 80));
  ways[process.argv[2]](...process.argv.slice(3));
}
