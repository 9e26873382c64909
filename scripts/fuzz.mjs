// Breaks inputs of every reader and renderer, and prints how many runs each has stood: node scripts/fuzz.mjs
//   --executions N  runs for each target (default 20,000)     --only PART   targets whose id holds PART; may be repeated
//   --seconds S     stop each target after S seconds          --seed N      other inputs (default 1)
//   --findings DIR  where inputs that failed are kept (default fuzz-findings)
//   --replay FILE   runs one kept input again, for --only ID
// Each run may take 3 s and the process 2 GB. Exit code 1: something was found.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { minifiedScripts } from './minified-scripts.mjs';

const [BEGUN, LENGTH, REFUSED, READ, STOP] = [0, 1, 2, 3, 4];
const LONGEST_RUN = 3000;
const MOST_MEMORY = 2 * 1024 ** 3;
const LOOKS = 250;
/** Findings of one target and kind that are kept. */
const KEPT = 3;

const { values: options } = parseArgs({
  options: {
    executions: { type: 'string', default: '20000' },
    seconds: { type: 'string' },
    only: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    findings: { type: 'string', default: 'fuzz-findings' },
    replay: { type: 'string' },
  },
});
const executions = Number(options.executions);
const mostTime = options.seconds === undefined ? Number.POSITIVE_INFINITY : Number(options.seconds) * 1000;
const seed = Number(options.seed);

// Within the package: that is how bundles find its root
mkdirSync('node_modules/.cache', { recursive: true });
const folder = mkdtempSync('node_modules/.cache/fuzz-');
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const bundle = join(folder, 'worker.mjs');
await build({
  entryPoints: ['test/fuzz/worker.entry.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  plugins: [minifiedScripts, hereAsInSources()],
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
});

/** Tests' own modules name files by where their source lies. */
function hereAsInSources() {
  return {
    name: 'here-as-in-sources',
    setup({ onLoad }) {
      onLoad({ filter: /\/test\/.*\.ts$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replaceAll(
          'import.meta.dirname',
          JSON.stringify(path.replace(/\/[^/]*$/, '')),
        ),
        loader: 'ts',
      }));
    },
  };
}

const counts = new Int32Array(new SharedArrayBuffer(20));
const input = new Uint8Array(new SharedArrayBuffer(64 * 1024));
let worker;

/** Whoever listens to the thread now. */
let heard = () => {};
let died = () => {};

async function start() {
  worker = new Worker(`./${bundle}`, {
    workerData: { counts, input },
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  worker.on('message', (message) => heard(message));
  worker.on('error', (error) => died(error));
  const { targets } = await new Promise((ready, failed) => {
    heard = ready;
    died = failed;
  });
  return targets;
}

const findings = new Map();
function keep(id, run, what, stack = '') {
  const kind = `${id} ${what.replace(/\d+/g, 'N').slice(0, 90)}`;
  const seen = findings.get(kind) ?? { count: 0, what, stack };
  seen.count++;
  findings.set(kind, seen);
  if (seen.count > KEPT) return;
  mkdirSync(options.findings, { recursive: true });
  const name = join(options.findings, `${id.replaceAll(':', '-')}-${seed}-${run}`);
  return name;
}

/** Runs a target to its end, in a new thread where the last one hung or died. */
async function runTarget(id) {
  counts.fill(0);
  const began = performance.now();
  let from = 0;
  while (from < executions && performance.now() - began < mostTime) {
    if (worker === undefined) await start();
    const ended = await new Promise((end) => {
      let lastRun = -1;
      let since = performance.now();
      const save = (run, what, stack) => {
        const name = keep(id, run, what, stack);
        if (name !== undefined) writeFileSync(name, input.subarray(0, counts[LENGTH]));
      };
      const watch = setInterval(() => {
        const run = Atomics.load(counts, BEGUN);
        const now = performance.now();
        if (run !== lastRun) [lastRun, since] = [run, now];
        const isHung = now - since > LONGEST_RUN;
        const isHuge = process.memoryUsage.rss() > MOST_MEMORY;
        if (isHung) save(run - 1, 'hang: a run takes more than 3 s');
        else if (isHuge) save(run - 1, 'memory: more than 2 GB');
        if (isHung || isHuge) done('broken');
        else if (now - began > mostTime) Atomics.store(counts, STOP, 1);
      }, LOOKS);
      const done = (how) => {
        clearInterval(watch);
        heard = died = () => {};
        end(how);
      };
      heard = (message) => {
        if (message.done) return done('done');
        const { run, what, stack, bytes } = message.finding;
        const name = keep(id, run, what, stack);
        if (name !== undefined) writeFileSync(name, bytes);
      };
      died = (error) => {
        save(counts[BEGUN] - 1, `the thread died: ${error.code ?? ''} ${error.message}`, error.stack);
        done('broken');
      };
      worker.postMessage({ id, seed, from, to: executions });
    });
    from = counts[BEGUN];
    if (ended === 'done') break;
    await worker.terminate();
    worker = undefined;
  }
  const seconds = (performance.now() - began) / 1000;
  return { id, runs: counts[BEGUN], read: counts[READ], refused: counts[REFUSED], seconds };
}

const known = await start();
if (options.replay !== undefined) {
  const bytes = readFileSync(options.replay);
  heard = ({ replayed }) => {
    console.log(replayed);
    process.exit(replayed === 'read' || replayed === 'refused' ? 0 : 1);
  };
  worker.postMessage({ id: options.only[0], replay: bytes });
  await new Promise(() => setTimeout(() => {}, LONGEST_RUN * 2).unref());
}
const chosen = known.filter(({ id }) => options.only === undefined || options.only.some((part) => id.includes(part)));
const empty = chosen.filter(({ seeds }) => seeds === 0).map(({ id }) => id);
const rows = [];
for (const { id, seeds } of chosen) {
  if (seeds === 0) continue;
  const row = await runTarget(id);
  rows.push(row);
  const rate = Math.round(row.runs / row.seconds);
  console.log(
    `${row.id.padEnd(26)} ${String(row.runs).padStart(9)} runs  ${String(row.read).padStart(8)} read  ${String(row.refused).padStart(8)} refused  ${rate}/s`,
  );
}
await worker?.terminate();
const total = rows.reduce((sum, { runs }) => sum + runs, 0);
console.log(`${rows.length} targets, ${total} runs, ${findings.size} kinds of findings, seed ${seed}`);
if (empty.length > 0) console.log(`without seeds here: ${empty.join(', ')}`);
for (const [kind, { count, what, stack }] of findings) {
  console.log(`\n${count}x ${kind.split(' ')[0]} ${what}\n${stack.split('\n').slice(1, 6).join('\n')}`);
}
process.exit(findings.size > 0 ? 1 : 0);
