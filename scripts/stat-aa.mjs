// How often perf-stat says that a program changed when it is compared with itself, and how far apart sessions are:
//
//     node scripts/stat-aa.mjs [--comparisons 40] [--runs 10] [--apart] [-- PROGRAM...]
//
// Without --apart both sides run in turns (`--vs`); with it one after the other, as saved outputs and baselines are.
// `drift` estimates SESSION_DRIFT of src/profile/counters/compare-columns.ts: how much the variance of differences of
// means is above what the runs of both sides tell, as a part of the variance of single runs.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: {
    comparisons: { type: 'string', default: '40' },
    runs: { type: 'string', default: '10' },
    apart: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const program = positionals.length > 0 ? positionals : [process.execPath, '-e', '0'];
const bin = resolve(import.meta.dirname, '../bin/pforge-prof.js');
const folder = mkdtempSync(join(tmpdir(), 'pforge-stat-aa-'));
const FLAGGED = new Set(['regressed', 'improved', 'changed']);

/** @returns what `--json` prints */
function compare() {
  const quoted = program.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const file = join(folder, 'out.json');
  const count = ['perf-stat', '-q', '-r', values.runs, '--json', '-o'];
  const run = (...words) => spawnSync(process.execPath, [bin, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (!values.apart) run(...count, file, '--vs', quoted, '--', ...program);
  else {
    for (const side of ['a', 'b']) run(...count, join(folder, side), '--', ...program);
    run('perf-stat', 'diff', '-q', '--json', '-o', file, join(folder, 'a'), join(folder, 'b'));
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

const tallies = new Map();
let withFlag = 0;
const began = loadavg()[0];
for (let i = 0; i < Number(values.comparisons); i++) {
  let any = false;
  for (const { name, before, after, change, verdict, adjusted } of compare().changes) {
    if (adjusted === null) continue;
    const tally = tallies.get(name) ?? { tested: 0, flagged: 0, sizes: [], excess: [] };
    tallies.set(name, tally);
    tally.tested++;
    if (change !== null) tally.sizes.push(Math.abs(change));
    const single = (before.deviation ** 2 + after.deviation ** 2) / 2;
    if (single > 0) tally.excess.push((after.mean - before.mean) ** 2 / (2 * single) - 1 / before.runs);
    if (!FLAGGED.has(verdict)) continue;
    tally.flagged++;
    any = true;
    console.log(`flagged: ${name} ${(change * 100).toFixed(2)}%, p ${adjusted}`);
  }
  if (any) withFlag++;
}
rmSync(folder, { recursive: true });

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1] ?? 0;
let tested = 0;
let flagged = 0;
console.log(`\n${'counter'.padEnd(24)}tested  flagged  median |change|  drift`);
for (const [name, tally] of tallies) {
  tested += tally.tested;
  flagged += tally.flagged;
  const drift = tally.excess.reduce((sum, excess) => sum + excess, 0) / Math.max(1, tally.excess.length);
  const size = `${(median(tally.sizes) * 100).toFixed(2)}%`;
  console.log(
    `${name.padEnd(24)}${String(tally.tested).padStart(6)}${String(tally.flagged).padStart(9)}${size.padStart(17)}${drift.toFixed(2).padStart(7)}`,
  );
}
const share = ((flagged / tested) * 100).toFixed(2);
console.log(
  `\n${program.join(' ')}: ${flagged} of ${tested} counters flagged (${share}%), in ${withFlag} of ${values.comparisons} comparisons of ${values.runs} runs, ${values.apart ? 'one side after the other' : 'in turns'}; load ${began.toFixed(1)} to ${loadavg()[0].toFixed(1)}, ${execFileSync('nproc').toString().trim()} processors`,
);
