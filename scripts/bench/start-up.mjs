import { spawnSync } from 'node:child_process';
import { median } from './measure.mjs';

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

/**
 * Prints what starts take.
 * @param {number} rounds after one to warm up
 * @returns of each: milliseconds, and how many times node's own start that is, by pairs of runs and by the fastest ones
 */
export function startUp(rounds) {
  const times = cases.map(() => []);
  for (let round = -1; round < rounds; round++) {
    cases.forEach(({ args }, i) => {
      const ms = wallMs(args);
      if (round >= 0) times[i].push(ms);
    });
  }
  console.log(
    `\n${'start-up'.padEnd(30)}${['median ms', 'of node', 'of minima'].map((head) => head.padStart(11)).join('')}`,
  );
  return cases.map(({ name }, i) => {
    const ratio = median(times[i].map((ms, round) => ms / times[0][round]));
    const ofMinima = Math.min(...times[i]) / Math.min(...times[0]);
    const figures = [median(times[i]).toFixed(1), ratio.toFixed(3), ofMinima.toFixed(3)];
    console.log(`${name.padEnd(30)}${figures.map((figure) => figure.padStart(11)).join('')}`);
    return { name, median: median(times[i]), ratio, ofMinima };
  });
}
