// Breaks inputs of every reader and renderer, and prints how many runs each has stood: node scripts/fuzz.mjs
//   --executions N  runs for each target (default 20,000)     --only PART   targets whose id holds PART; may be repeated
//   --seconds S     stop each target after S seconds          --seed N      other inputs (default 1)
//   --turn S        targets take turns of S seconds of CPU time, so that all grow (default 5)
//   --findings DIR  where inputs that failed are kept (default fuzz-findings)
//   --keep DIR      goes on where the last one with this folder ended: counts, and inputs that reach new code, which are not new again
//   --table         prints the counts of all seeds of the folder as the table of docs/fuzzing.md (with --executions 0 --keep DIR nothing is run)
//   --plain         without coverage: only seeds are broken, so a run depends on its seed and number alone
//   --replay FILE   runs one kept input again, for --only ID
// Another thread runs a twentieth of the time with node's block coverage: inputs that reach new code are broken further.
// Each run may take 3 s and the process 2 GB. Exit code 1: something was found.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFuzzer } from './fuzz-bundle.mjs';
import { KeptState } from './fuzz-state.mjs';
import { FuzzThread } from './fuzz-thread.mjs';

/** Of a turn, for the thread that measures. */
const MEASURED = 0.05;
/** Findings of one target and kind that are kept. */
const KEPT = 3;

const { values: options } = parseArgs({
  options: {
    executions: { type: 'string', default: '20000' },
    seconds: { type: 'string' },
    only: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    turn: { type: 'string', default: '5' },
    findings: { type: 'string', default: 'fuzz-findings' },
    keep: { type: 'string' },
    plain: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    replay: { type: 'string' },
  },
});
const executions = Number(options.executions);
const mostTime = options.seconds === undefined ? Number.POSITIVE_INFINITY : Number(options.seconds) * 1000;
const turn = Number(options.turn) * 1000;
const seed = Number(options.seed);

// Within the package: that is how bundles find its root
mkdirSync('node_modules/.cache', { recursive: true });
const folder = mkdtempSync('node_modules/.cache/fuzz-');
// Threads that are ended leave what they have there; in memory, files are fast to overwrite
const forThreads = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'pforge-prof-fuzz-'));
process.env.TMPDIR = forThreads;
process.once('exit', () => {
  for (const made of [folder, forThreads]) rmSync(made, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(2));
const bundle = join(folder, 'worker.mjs');
await buildFuzzer(bundle);

const findings = new Map();
function found({ id, run, what, stack = '', bytes }) {
  const kind = `${id} ${what.replace(/\d+/g, 'N').slice(0, 90)}`;
  const seen = findings.get(kind) ?? { count: 0, what, stack };
  seen.count++;
  findings.set(kind, seen);
  if (seen.count > KEPT) return;
  mkdirSync(options.findings, { recursive: true });
  writeFileSync(join(options.findings, `${id.replaceAll(':', '-')}-${seed}-${run}`), bytes);
}

const kept = new KeptState(options.keep, seed);
const runner = new FuzzThread(bundle, { measures: false, found, kept });
const measurer = new FuzzThread(bundle, {
  measures: true,
  found,
  kept,
  reached: ({ id, bytes }) => {
    kept.addInput(id, bytes);
    runner.addInput(id, bytes);
  },
});

const known = await runner.start();
if (options.replay !== undefined) {
  const replayed = await runner.replay(options.only[0], readFileSync(options.replay));
  console.log(replayed);
  process.exit(replayed === 'read' || replayed === 'refused' ? 0 : 1);
}
const chosen = known.filter(({ id }) => options.only === undefined || options.only.some((part) => id.includes(part)));
const empty = chosen.filter(({ seeds }) => seeds === 0).map(({ id }) => id);
let open = chosen.filter(({ seeds }) => seeds > 0).map(({ id }) => kept.row(id));
const rows = [...open];

for (;;) {
  open = open.filter(({ runs, time }) => runs < executions && time < mostTime);
  if (open.length === 0) break;
  for (const row of open) {
    const began = performance.now();
    // Inputs of the two are never the same
    const left = mostTime - row.time;
    if (!options.plain) {
      add(row, await measurer.run(row.id, -seed, row.runs, executions, turn * MEASURED, left * MEASURED));
    }
    add(row, await runner.run(row.id, seed, row.runs, executions, turn * (1 - MEASURED), left));
    row.time += performance.now() - began;
    kept.save();
  }
}

function add(row, { runs, read, refused, cpu }) {
  row.runs += runs;
  row.read += read;
  row.refused += refused;
  row.cpu += cpu;
}

await runner.end();
await measurer.end();
const rateOf = ({ runs, cpu }) => (runs === 0 ? 0 : Math.round(runs / cpu)).toLocaleString('en');
if (options.table) {
  console.log('| target | runs | read | a second | inputs found |\n| --- | ---: | ---: | ---: | ---: |');
  for (const row of rows.map(({ id }) => kept.sumOf(id))) {
    const counts = [row.runs.toLocaleString('en'), row.read.toLocaleString('en'), rateOf(row), row.inputs];
    console.log(`| ${[row.id, ...counts].join(' | ')} |`);
  }
} else {
  for (const row of rows) {
    const counts = [
      `${row.runs} runs`.padStart(14),
      `${row.read} read`.padStart(13),
      `${row.refused} refused`.padStart(16),
    ];
    const found = `${row.inputs} found`.padStart(11);
    console.log(`${row.id.padEnd(26)}${counts.join('')}${found}  ${rateOf(row)} a second of CPU time`);
  }
}
const total = rows.reduce((sum, { runs }) => sum + runs, 0);
console.log(`${rows.length} targets, ${total} runs, ${findings.size} kinds of findings, seed ${seed}`);
if (empty.length > 0) console.log(`without seeds here: ${empty.join(', ')}`);
for (const [kind, { count, what, stack }] of findings) {
  console.log(`\n${count}x ${kind.split(' ')[0]} ${what}\n${stack.split('\n').slice(1, 6).join('\n')}`);
}
process.exit(findings.size > 0 ? 1 : 0);
