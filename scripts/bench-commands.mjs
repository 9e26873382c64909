// How often `bench --cmd A --cmd B` is right about commands of some 60 ms: nothing changed, 5 % more work, 15 turns.
//
//   node scripts/bench-commands.mjs [COMPARISONS] [--turns 15] [--more 5]
//
// A comparison takes 15 turns of two runs: some three seconds where the machine is quiet. Prints how many of the
// comparisons of equal commands told a change, and how many of those with more work were told to be slower.
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';

const words = process.argv.slice(2);
const option = (name, fallback) => {
  const at = words.indexOf(name);
  return at < 0 ? fallback : Number(words.splice(at, 2)[1]);
};
const turns = option('--turns', 15);
const more = option('--more', 5);
const comparisons = Number(words[0] ?? 40);

const work = (loops) => `node -e 'let s=0;for(let i=0;i<${loops};i++)s+=Math.sqrt(i)'`;
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
console.log(`node starts in ${start.toFixed(1)} ms; ${loops} loops make it ${timed(work(loops)).toFixed(1)} ms`);

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
