// How often bench calls a function changed that is compared with itself:
//
//     node scripts/bench-aa.mjs [--comparisons 300] [--busy 0] [--git] [--max-pairs 10] [--seconds 0.03] [--minutes 14]
//         [-- BENCH OPTIONS...]
//
// Six functions of different kinds, each compared by itself (no correction for their number). --busy runs so many endless
// loops beside; with --git the base is a commit, checked out as `--against REF` does. Short by default, 2 to 3 s a comparison; `--max-pairs 45 --seconds 0.08` is what bench does by itself. Ends before its
// time is over, with fewer comparisons on a slow machine. The bar: at most 1 %.
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { bench, busyLoops, machine, twoStates, upperBound, WORKLOADS, workFolder } from './bench-truth.mjs';

const { values, positionals } = parseArgs({
  options: {
    comparisons: { type: 'string', default: '300' },
    busy: { type: 'string', default: '0' },
    git: { type: 'boolean', default: false },
    'max-pairs': { type: 'string', default: '10' },
    seconds: { type: 'string', default: '0.03' },
    minutes: { type: 'string', default: '14' },
  },
  allowPositionals: true,
});
const folder = workFolder('bench-aa');
twoStates(folder, 1);
if (values.git) {
  const git = (...words) =>
    execFileSync('git', ['-C', `${folder}/head`, '-c', 'user.email=a@b', '-c', 'user.name=a', ...words]);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'base');
}
busyLoops(Number(values.busy));
const { seconds } = values;
const options = [
  '--against',
  values.git ? 'HEAD' : '../base',
  '--correction',
  'none',
  '--max-pairs',
  values['max-pairs'],
];
const times = ['--warm-up-time', seconds, '--measurement-time', seconds];

const tallies = new Map(WORKLOADS.map((name) => [name, { changed: 0, of: 0, sizes: [], pairs: 0 }]));
const began = performance.now();
let changed = 0;
let compared = 0;
let longest = 0;
while (compared < Number(values.comparisons)) {
  const round = performance.now();
  if (round - began + longest > Number(values.minutes) * 60e3) break;
  for (const { name, comparison, error } of bench(`${folder}/head`, ...options, ...times, ...positionals).results) {
    if (error !== undefined) throw new Error(`${name}: ${error.message}`);
    const tally = tallies.get(name);
    tally.of++;
    compared++;
    tally.sizes.push(Math.abs(comparison.ratio - 1));
    tally.pairs += comparison.pairs;
    if (comparison.verdict !== 'regressed' && comparison.verdict !== 'improved') continue;
    tally.changed++;
    changed++;
    console.log(`${name} ${comparison.verdict}: ${comparison.ratio.toFixed(4)}, p ${comparison.p.toPrecision(2)}`);
  }
  longest = Math.max(longest, performance.now() - round);
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
for (const [name, { changed: wrong, of, sizes, pairs }] of tallies) {
  const size = `${(median(sizes) * 100).toFixed(2)} %`;
  console.log(`${name.padEnd(10)}${wrong} of ${of} changed, median |change| ${size}, ${(pairs / of).toFixed(1)} pairs`);
}
const part = (100 * changed) / compared;
console.log(
  `${changed} of ${compared} comparisons of a function with itself called changed: ${part.toFixed(2)} % (at most ${(100 * upperBound(changed, compared)).toFixed(1)} % with 95 %); ` +
    `${((performance.now() - began) / 1e3 / compared).toFixed(1)} s a comparison, ${values.busy} busy loops, ${machine()}`,
);
console.log(`bar: at most 1 %: ${part <= 1 ? 'kept' : 'MISSED'}`);
