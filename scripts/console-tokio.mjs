// What it costs to watch a large tokio program: CPU time and memory of our side, of a core, while updates come once a second.
//     node scripts/console-tokio.mjs [TASKS] [SECONDS]
// The program is a process of its own that speaks console-subscriber's protocol: each task was polled and woken since the
// update before, has a timer, and waits for it. Default: 10,000 tasks for 20 s.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const [tasks = '10000', seconds = '20'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-tokio-'));

/** A module of TypeScript, as one that node can run. */
async function load(path) {
  const outfile = join(folder, path.replaceAll('/', '-').replace(/\.ts$/, '.mjs'));
  await build({ entryPoints: [path], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return import(outfile);
}

try {
  if (process.send) await serve(Number(tasks));
  else await watch();
} finally {
  if (!process.send) rmSync(folder, { recursive: true });
}

async function serve(count) {
  const { message, pollStats, update } = await load('test/console/tokio/message-writer.ts');
  const ids = Array.from({ length: count }, (_, i) => (BigInt(i % 64) << 51n) + BigInt(i + 1));
  const id = (value) => message({ 1: value });
  const location = { file: 'src/server/connection.rs', line: 120, column: 17 };
  const stats = (n) => ({
    created: 0,
    polls: n,
    wakes: n,
    clones: 2 * n + 1,
    drops: 2 * n,
    busy: n * 5_000,
    scheduled: n * 900,
    pollStarted: n * 1e9 - 9_000,
    pollEnded: n * 1e9 - 4_000,
    lastWake: n * 1e9 - 10_000,
  });
  const row = (task, n) => ({ id: task, stats: stats(n) });
  const timers = message({
    1: ids.map((task) => message({ 1: id(task + 2n ** 40n), 3: 'Sleep', 4: message({ 1: 0 }) })),
    2: ids.map((task) => message({ 1: task + 2n ** 40n, 2: message({ 1: message({ 1: 1_800_000_000 }) }) })),
  });
  const waits = (n, isNew) =>
    message({
      1: isNew
        ? ids.map((task) => message({ 1: id(task + 2n ** 41n), 3: 'Sleep::new_timeout', 5: id(task + 2n ** 40n) }))
        : [],
      2: ids.map((task) =>
        message({
          1: task + 2n ** 41n,
          2: message({ 1: message({ 1: 1_800_000_000 }), 4: id(task), 5: pollStats(stats(n)) }),
        }),
      ),
    });
  const fields = (i) => ({ kind: 'task', 'task.name': `connection-${i}`, 'task.id': i });
  const first = update({
    now: 1e9,
    tasks: ids.map((task, i) => ({ ...row(task, 1), fields: fields(i), location })),
    resources: timers,
    operations: waits(1, true),
  });
  const later = [2, 3, 4, 5, 6, 7, 8].map((n) =>
    update({ now: n * 1e9, changed: ids.map((task) => row(task, n)), operations: waits(n, false) }),
  );
  const framed = (bytes) =>
    Buffer.concat([
      Buffer.from([0, bytes.length >>> 24, bytes.length >>> 16, bytes.length >>> 8, bytes.length]),
      bytes,
    ]);
  const server = createServer().on('stream', (stream, headers) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    if (!headers[':path'].endsWith('WatchUpdates')) return;
    stream.write(framed(first));
    let n = 0;
    const timer = setInterval(() => stream.write(framed(later[n++ % later.length])), 1_000);
    stream.on('close', () => clearInterval(timer));
  });
  server.listen(0, '127.0.0.1', () =>
    process.send({ port: server.address().port, first: first.length, later: later[0].length }),
  );
}

async function watch() {
  const { connectTokio } = await load('src/console/tokio/source.ts');
  const server = fork(import.meta.filename, [tasks]);
  const { port, first, later } = await new Promise((resolve) => server.once('message', resolve));
  const idle = process.cpuUsage();
  const source = await connectTokio(`http://127.0.0.1:${port}`);
  const began = process.cpuUsage(idle);
  let updates = 0;
  let rows = 0;
  source.onSnapshot((snapshot) => {
    updates++;
    rows = snapshot.tasks.length;
  });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const from = process.cpuUsage();
  const start = performance.now();
  updates = 0;
  await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1e3));
  const { user, system } = process.cpuUsage(from);
  const elapsed = (performance.now() - start) * 1e3;
  await source.close();
  server.kill();
  const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  console.log(`${rows} tasks, ${updates} updates of ${mib(later)} in ${seconds} s`);
  console.log(`first update: ${mib(first)}, ${((began.user + began.system) / 1e3).toFixed(0)} ms of CPU time`);
  console.log(
    `then ${(((user + system) / elapsed) * 100).toFixed(2)}% of a core; ${mib(process.memoryUsage().rss)} resident`,
  );
}
