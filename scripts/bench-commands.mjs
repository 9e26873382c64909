// How often `bench --cmd A --cmd B` is right about commands of some 60 ms: nothing changed, 5 % more work, 15 turns.
//
//   node scripts/bench-commands.mjs [COMPARISONS] [--turns 15] [--more 5] [--node]
//
// The commands are a C program (compiled by gcc) that computes, or with --node a node program, two thirds of whose time are its
// start, which takes another time in each run.
//
// A comparison takes 15 turns of two runs: some three seconds where the machine is quiet. Prints how many of the
// comparisons of equal commands told a change, and how many of those with more work were told to be slower.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { workFolder } from './bench-truth.mjs';

const { values, positionals } = parseArgs({
  options: {
    turns: { type: 'string', default: '15' },
    more: { type: 'string', default: '5' },
    node: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const turns = Number(values.turns);
const more = Number(values.more);
const comparisons = Number(positionals[0] ?? 40);

const work = values.node
  ? (loops) => `node -e 'let s=0;for(let i=0;i<${loops};i++)s+=Math.sqrt(i)'`
  : (loops) => `${compiled} ${loops}`;
const compiled = values.node ? undefined : compile(workFolder('bench-commands'));

function compile(folder) {
  const source = join(folder, 'roots.c');
  writeFileSync(
    source,
    `#include <math.h>
#include <stdlib.h>

int main(int count, char **words) {
  double sum = 0;
  for (long i = 0, loops = atol(words[1]); i < loops; i++) sum += sqrt(i) + sum * 1e-9;
  return sum < 0;
}
`,
  );
  execFileSync('gcc', ['-O1', source, '-lm', '-o', join(folder, 'roots')]);
  return join(folder, 'roots');
}

const timed = (command) => {
  const cpu = bench([command], 5)[0].cpu.median;
  return cpu / 1e6;
};

function bench(commands, runs) {
  const args = commands.flatMap((command) => ['--cmd', command]);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['bin/pforge-prof.js', 'bench', '--json', '--runs', String(runs), ...args],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

// Loops for 60 ms of CPU time, start of node included, and for a few percent more of it
const start = timed(work(0));
const perLoop = (timed(work(2e7)) - start) / 2e7;
const loops = Math.max(1e5, Math.round((60 - start) / perLoop));
const extra = Math.round(loops + (60 * (more / 100)) / perLoop);
console.log(`the program starts in ${start.toFixed(1)} ms; ${loops} loops make it ${timed(work(loops)).toFixed(1)} ms`);

const tally = { equal: {}, slower: {} };
for (let i = 0; i < comparisons; i++) {
  for (const [kind, other] of [
    ['equal', loops],
    ['slower', extra],
  ]) {
    const { comparison } = bench([work(loops), work(other)], turns)[1];
    const told = comparison.verdict.verdict;
    tally[kind][told] = (tally[kind][told] ?? 0) + 1;
    tally[kind][comparison.measure] = (tally[kind][comparison.measure] ?? 0) + 1;
  }
}
console.log(`${comparisons} comparisons of ${turns} turns, load ${loadavg()[0].toFixed(1)}`);
console.log('equal commands:', JSON.stringify(tally.equal));
console.log(`${more} % more work:`, JSON.stringify(tally.slower));
