// Are the percentiles of `load` right? Against what arithmetic says of servers whose behaviour is known, and against wrk's own:
//
//     node scripts/load-truth.mjs [--rounds 7]
//
// A server that stalls: it blocks for 500 ms every 2.5 s, so of requests that are due evenly over 6 s a sixth waits, evenly for
// 0 to 500 ms. One that answers after 5 to 50 ms, evenly, sets the rate of a closed model whoever asks, which is the nearest
// that wrk has to a fixed rate; nginx does not. Runs take turns. Where ours lies within the range of wrk's own runs, widened by
// as much on either side, the difference is noise. With c connections that always wait for an answer the mean is c / rate,
// whatever the server does (Little's law): wrk's is not, as it adds requests that it thinks it has omitted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, median, startNginx } from './bench/load.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), 'pforge-load-truth-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const STALLS = `let next = 0;
  const handler = (_, response) => {
    if (next === 0) next = performance.now() + 1250;
    response.end('ok');
  };
  setInterval(() => {
    if (next === 0 || performance.now() < next) return;
    next += 2500;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }, 1);`;
const EVEN = `let turn = 0;
  const handler = (_, response) => setTimeout(() => response.end('ok'), 5 + ((turn++ * 7) % 45));`;

await againstArithmetic();
await againstWrk(
  'a server that answers after 5 to 50 ms',
  () => node(EVEN),
  'p50 27, p90 45, p99 50 ms and what timers add',
);
await againstWrk('nginx, as fast as it can', () => startNginx(folder));
console.log(`\nload ${loadavg()[0].toFixed(1)}, ${availableParallelism()} processors, node ${process.version}`);

/** Open model: two stalls of 500 ms in 6 s. */
async function againstArithmetic() {
  const truth = { p50: 0, p90: 200, p95: 350, p99: 470 };
  const runs = [];
  const sent = [];
  for (let round = 0; round < Math.min(rounds, 5); round++) {
    const { url, stop } = await node(STALLS);
    const result = await loaded(url, '-R', '500', '-c', '50', '-d', '6s', '--warmup', '0');
    runs.push(result.corrected);
    sent.push(result.latency);
    stop();
  }
  console.log(`A server that blocks 500 ms every 2.5 s, 500 requests/s for 6 s: medians of ${runs.length} runs, ms`);
  for (const [name, expected] of Object.entries(truth)) {
    const of = (list) => (median(list.map((one) => one[name])) / 1e3).toFixed(1).padStart(7);
    const apart =
      expected === 0 ? '' : `  ${((median(runs.map((one) => one[name])) / 1e3 / expected - 1) * 100).toFixed(1)} %`;
    console.log(
      `  ${name}  from when due ${of(runs)}  by arithmetic ${String(expected).padStart(4)}${apart}  (when sent ${of(sent)})`,
    );
  }
}

/** Closed model: ours and wrk's in turns. */
async function againstWrk(title, start, arithmetic) {
  const server = await start();
  if (server === undefined) {
    console.log(`\n${title}: not installed`);
    return;
  }
  const found = { ours: [], wrk: [] };
  for (let round = -1; round < rounds; round++) {
    for (const [engine, words] of [
      ['ours', []],
      ['wrk', ['--engine', 'wrk']],
    ]) {
      const { latency, rps } = await loaded(server.url, '-c', '32', '-t', '1', '-d', '3s', '--warmup', '0', ...words);
      if (round >= 0) found[engine].push({ ...latency, rps });
    }
  }
  server.stop();
  console.log(`\n${title}: 32 connections, 3 s, medians of ${rounds} runs in turns (least and most)`);
  if (arithmetic !== undefined) console.log(`  by arithmetic ${arithmetic}`);
  const little = (runs) => median(runs.map(({ mean, rps }) => mean / (32e6 / rps) - 1));
  const off = (runs) => `${(little(runs) * 100).toFixed(1)} %`;
  console.log(
    `  the mean is off what 32 connections at that rate must have: ours ${off(found.ours)}, wrk ${off(found.wrk)}`,
  );
  for (const name of ['rps', 'p50', 'p90', 'p99', 'mean']) {
    const [ours, wrk] = [found.ours, found.wrk].map((runs) => runs.map((run) => run[name]));
    const words = (list) =>
      `${Math.round(median(list))} (${Math.round(Math.min(...list))} to ${Math.round(Math.max(...list))})`;
    const [low, high] = [Math.min(...wrk), Math.max(...wrk)];
    const noise = median(ours) >= low - (high - low) && median(ours) <= high + (high - low);
    const apart = `${((median(ours) / median(wrk) - 1) * 100).toFixed(1)} %`;
    console.log(
      `  ${name.padEnd(5)} ours ${words(ours).padEnd(26)} wrk ${words(wrk).padEnd(26)} ${apart.padStart(7)}  ${noise ? 'within the noise' : 'more than noise'}`,
    );
  }
}

/** A node server in a process of its own, so that it does not compute in the time of who measures. */
async function node(handler) {
  const port = await freePort();
  const code = `${handler}
  require('node:http').createServer(handler).listen(${port}, '127.0.0.1', () => console.log('up'));`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return { url: `http://127.0.0.1:${port}/`, stop: () => child.kill('SIGKILL') };
}

async function loaded(url, ...words) {
  const child = spawn(process.execPath, ['bin/pforge-prof.js', 'load', '-q', '--json', ...words, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  await once(child, 'close');
  return JSON.parse(text);
}
