// How often bench finds a change that is there, and how long that takes:
//
//     node scripts/bench-power.mjs [--changes 2,5] [--rounds 10] [--busy 0] [--minutes 14] [-- BENCH OPTIONS...]
//
// Each round compares six functions with the same functions doing so many percent more, by bench's own defaults. Each
// change has its share of the minutes, and fewer rounds where they do not suffice. The bars: 5 % found in at least 95 % of all, 2 % in
// 80 %, within 15 s a function.
import { parseArgs } from 'node:util';
import { bench, busyLoops, machine, twoStates, WORKLOADS, workFolder } from './bench-truth.mjs';

const { values, positionals } = parseArgs({
  options: {
    changes: { type: 'string', default: '2,5' },
    rounds: { type: 'string', default: '10' },
    busy: { type: 'string', default: '0' },
    minutes: { type: 'string', default: '14' },
  },
  allowPositionals: true,
});
busyLoops(Number(values.busy));
const BARS = new Map([
  [5, 95],
  [2, 80],
]);
const changes = values.changes.split(',').map(Number);
for (const percent of changes) {
  const folder = workFolder('bench-power');
  twoStates(folder, 1 + percent / 100);
  const tallies = new Map(WORKLOADS.map((name) => [name, { found: 0, wrong: 0, of: 0, pairs: 0, ratios: [] }]));
  let time = 0;
  let longest = 0;
  for (let round = 0; round < Number(values.rounds); round++) {
    if (time + longest > (Number(values.minutes) * 60) / changes.length) break;
    const { results, seconds } = bench(
      `${folder}/head`,
      '--against',
      '../base',
      '--correction',
      'none',
      ...positionals,
    );
    time += seconds;
    longest = Math.max(longest, seconds);
    for (const { name, comparison, error } of results) {
      if (error !== undefined) throw new Error(`${name}: ${error.message}`);
      const tally = tallies.get(name);
      tally.of++;
      tally.pairs += comparison.pairs;
      tally.ratios.push(comparison.ratio);
      if (comparison.verdict === 'regressed') tally.found++;
      if (comparison.verdict === 'improved') tally.wrong++;
    }
  }
  let found = 0;
  let of = 0;
  for (const [name, tally] of tallies) {
    found += tally.found;
    of += tally.of;
    const mean = tally.ratios.reduce((sum, ratio) => sum + ratio, 0) / tally.of;
    console.log(
      `${name.padEnd(10)}+${percent} %: found ${tally.found} of ${tally.of}, wrong ${tally.wrong}; measured ${((mean - 1) * 100).toFixed(2)} %, ${(tally.pairs / tally.of).toFixed(1)} pairs`,
    );
  }
  console.log(
    `+${percent} %: found ${((100 * found) / of).toFixed(0)} % of ${of}, ${(time / of).toFixed(1)} s a function, ${values.busy} busy loops, ${machine()}`,
  );
  const bar = BARS.get(percent);
  if (bar === undefined) continue;
  const kept = (100 * found) / of >= bar && time / of <= 15;
  console.log(`bar: at least ${bar} %, at most 15 s: ${kept ? 'kept' : 'MISSED'}`);
}
