// How often `track` is right about histories of which the truth is known:
//
//     node scripts/change-truth.mjs [--runs 400] [--seeds 1001,1002,1003,1004,1005] [--only REGEXP] [--rules REGEXP]
//
// Simulated series: normal noise around a level; 3 % of the runs are outliers of 1.5 times the value where it says so. False
// alarms: change points told per 100 commits of a series that never changes, asked again after every commit. Found: a step
// after 40 commits is told within so many more, and at a commit that is at most 2 away from it; in brackets: at most 5 away. Each
// of --seeds makes --runs histories; +- is the standard error, of alarms by how the seeds differ. Beside it: the fixed thresholds
// of github-action-benchmark, of the same histories. Also noise of other kinds: with heavy tails (Student's t of 4 degrees of freedom), of which
// each value depends on the one before (autoregressive, r = 0.3), and round a level that drifts by 2 % within 100 commits. What is told as
// a drift is no alarm, and finds no step.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: { runs: text('400'), seeds: text('1001,1002,1003,1004,1005'), only: text(''), rules: text('') },
});
const runs = Number(values.runs);
const seeds = values.seeds.split(',').map(Number);
const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-change-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const { changePoints, SeededRandom } = await ourParts();

const WARM = 20;
const COMMITS = 100;
const BEFORE = 40;
const [EXACT, NEAR] = [2, 5];
const steps = [
  [0.1, 3],
  [0.1, 5],
  [0.05, 5],
  [-0.05, 5],
  [0.05, 10],
  [0.02, 20],
];

const ours = (series) =>
  changePoints(series)
    .points.filter(({ isDrift }) => !isDrift)
    .map(({ at }) => at);
const threshold = (limit) => (series) => (series.at(-1) / series.at(-2) > limit ? [series.length - 1] : []);
const rules = [
  ['change points', ours],
  ['110 %', threshold(1.1)],
  ['200 %', threshold(2)],
];

const histories = [0.01, 0.02, 0.05, 0.1].flatMap((noise) => [
  { noise, outliers: 0 },
  { noise, outliers: 0.03 },
]);
histories.push(
  { noise: 0.02, outliers: 0, kind: 'heavy tails' },
  { noise: 0.02, outliers: 0, kind: 'dependent' },
  { noise: 0.02, outliers: 0, drift: 0.02 },
);

console.log(
  `| noise | rule | alarms | ${steps.map(([change, within]) => `${change * 100} % in ${within}`).join(' | ')} |`,
);
for (const history of histories) {
  const { noise, outliers, kind, drift } = history;
  const extra = [outliers && `${outliers * 100} % outliers`, kind, drift && `drift of ${drift * 100} %`].filter(
    Boolean,
  );
  const name = [`${noise * 100} %`, ...extra].join(', ');
  if (!new RegExp(values.only).test(name)) continue;
  for (const [title, rule] of rules.filter(([title]) => new RegExp(values.rules).test(title))) {
    // Per 100 commits
    const alarms = seeds.map((seed) => {
      const random = new SeededRandom(seed);
      let told = 0;
      for (let run = 0; run < runs; run++) told += alarmsOf(rule, made(random, WARM + COMMITS, history));
      return ((told / runs) * 100) / COMMITS;
    });
    const found = steps.map(([change, within], i) => {
      let [near, nearby] = [0, 0];
      for (const seed of seeds) {
        const random = new SeededRandom(seed + 1e6 * (i + 1));
        for (let run = 0; run < runs; run++) {
          const told = later(rule, made(random, BEFORE + within, history, change), BEFORE);
          if (told.some((at) => Math.abs(at - BEFORE) <= EXACT)) near++;
          if (told.some((at) => Math.abs(at - BEFORE) <= NEAR)) nearby++;
        }
      }
      const percent = (hits) => ((100 * hits) / runs / seeds.length).toFixed(1);
      return `${percent(near)} (${percent(nearby)})`;
    });
    console.log(
      `| ${[name, title, `${mean(alarms).toFixed(3)} +- ${error(alarms).toFixed(3)}`, ...found].join(' | ')} |`,
    );
  }
}

function mean(all) {
  return all.reduce((sum, one) => sum + one, 0) / all.length;
}

/** Of the mean. */
function error(all) {
  const centre = mean(all);
  const squares = all.reduce((sum, one) => sum + (one - centre) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, all.length - 1) / all.length);
}

function made(random, length, { noise, outliers, kind, drift = 0 }, change = 0) {
  let last = random.normal();
  const one = () => {
    if (kind === 'dependent') {
      last = 0.3 * last + Math.sqrt(1 - 0.3 ** 2) * random.normal();
      return last;
    }
    if (kind !== 'heavy tails') return random.normal();
    const squares = Array.from({ length: 4 }, () => random.normal() ** 2);
    // Of a variance of 1, as the others
    return random.normal() / Math.sqrt(squares.reduce((sum, square) => sum + square) / 4) / Math.SQRT2;
  };
  return Array.from({ length }, (_, i) => {
    const level = (i >= BEFORE && change !== 0 ? 1 + change : 1) * (1 + (drift * i) / 100);
    return Math.max(0.01, level * (1 + noise * one()) * (random.uniform() < outliers ? 1.5 : 1));
  });
}

/** What is told after any of the commits behind `start`. */
function later(rule, series, start) {
  const found = [];
  for (let end = start + 1; end <= series.length; end++) found.push(...rule(series.slice(0, end)));
  return found;
}

/** How many different changes are told: what is told again, give or take some commits, counts once. */
function alarmsOf(rule, series) {
  const told = [];
  for (const at of later(rule, series, WARM)) if (!told.some((known) => Math.abs(known - at) <= NEAR)) told.push(at);
  return told.length;
}

async function ourParts() {
  const outfile = join(folder, 'parts.mjs');
  await build({
    stdin: {
      contents:
        "export { changePoints } from './src/history/change-points.ts'; export { SeededRandom } from './src/statistics/random.ts';",
      resolveDir: resolve(import.meta.dirname, '..'),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile));
}
