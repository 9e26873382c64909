// Our speed as ratios against a peer, interleaved in one run (this is the only place that times anything).
//     npm run bench:self [-- RUNS]
import { spawnSync } from 'node:child_process';

const runs = Number(process.argv[2] ?? 30);
const bin = 'bin/pforge-prof.js';
const cases = [
  { name: 'node -e 0', args: ['-e', '0'] },
  { name: '--version', args: [bin, '--version'] },
  { name: '--help', args: [bin, '--help'] },
  // Found by the command's own first statements; printing it and ending are in the figure.
  { name: 'flame, to a usage error', args: [bin, 'flame'] },
];

function wallMs(args) {
  const start = process.hrtime.bigint();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const times = cases.map(() => []);
for (let run = -1; run < runs; run++) {
  cases.forEach(({ args }, i) => {
    const ms = wallMs(args);
    if (run >= 0) times[i].push(ms);
  });
}
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

console.log('start-up'.padEnd(30), 'median ms'.padStart(10), 'of node'.padStart(10), 'of minima'.padStart(10));
cases.forEach(({ name }, i) => {
  const ratio = median(times[i].map((ms, run) => ms / times[0][run]));
  const minima = Math.min(...times[i]) / Math.min(...times[0]);
  console.log(
    name.padEnd(30),
    median(times[i]).toFixed(1).padStart(10),
    ratio.toFixed(3).padStart(10),
    minima.toFixed(3).padStart(10),
  );
});
