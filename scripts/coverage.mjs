// Which lines of src/, and which of the errors that people can meet, are reached by tests:
//   node scripts/coverage.mjs [TEST PATHS]      runs these tests (all of them: half an hour) and reports
//   node scripts/coverage.mjs --report          reports of the runs so far, of whichever tests
// What was reached is kept in coverage/ran, so rooms can be run one after the other; sources that changed since count anew.
// Exit code 1: a room is below 90 % of its lines, or an error is never made.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { instrument, isCounted, RECORD } from './what-runs/instrument.mjs';

const LEAST = 0.9;

const { values, positionals } = parseArgs({
  options: { report: { type: 'boolean' }, lines: { type: 'boolean' } },
  allowPositionals: true,
});
const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'coverage/ran');
mkdirSync(folder, { recursive: true });

if (!values.report) {
  const words = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'scripts/what-runs/vitest.config.mjs',
    ...positionals,
  ];
  const env = { ...process.env, PFORGE_PROF_COVERAGE: folder };
  spawnSync(process.execPath, words, { cwd: root, env, stdio: 'inherit' });
  console.log('\ndist/ holds bundles that tell what of them runs: `npm run build` makes those that are shipped');
}

/** By the number of a source: the places that ran. */
const ran = new Map();
for (const name of readdirSync(folder)) {
  const bytes = readFileSync(join(folder, name));
  for (let at = 0; at + RECORD <= bytes.length; at += RECORD) {
    const source = bytes.readUInt32LE(at);
    if (!ran.has(source)) ran.set(source, new Set());
    ran.get(source).add(bytes.readUInt32LE(at + 4));
  }
}

const rooms = new Map();
const never = [];
const sources = readdirSync(join(root, 'src'), { recursive: true })
  .map((name) => join(root, 'src', name))
  .filter(isCounted)
  .sort();
for (const path of sources) {
  const { number, lines, sites } = instrument(path, folder);
  const reached = ran.get(number) ?? new Set();
  const name = relative(root, path);
  const room = name.split('/').length > 2 ? name.split('/').slice(0, 2).join('/') : 'src';
  const sum = rooms.get(room) ?? { lines: 0, reached: 0, sites: 0, made: 0 };
  const all = new Set(lines);
  const hit = new Set(lines.filter((_, place) => reached.has(place)));
  sum.lines += all.size;
  sum.reached += hit.size;
  for (const [place, line] of sites) {
    sum.sites++;
    if (reached.has(place)) sum.made++;
    else never.push(`${name}:${line}`);
  }
  rooms.set(room, sum);
  const missed = [...all].filter((line) => !hit.has(line)).sort((a, b) => a - b);
  if (values.lines && missed.length > 0) console.log(`${name}: ${hit.size} of ${all.size}; never: ${missed.join(' ')}`);
}

const total = { lines: 0, reached: 0, sites: 0, made: 0 };
for (const sum of rooms.values()) for (const key of Object.keys(total)) total[key] += sum[key];
const percent = ({ reached, lines }) => `${((100 * reached) / Math.max(1, lines)).toFixed(1)} %`;
console.log('\n| room | lines | reached | errors | made |\n| --- | ---: | ---: | ---: | ---: |');
for (const [room, sum] of [...rooms, ['**all**', total]])
  console.log(`| ${room} | ${sum.lines} | ${percent(sum)} | ${sum.sites} | ${sum.made} |`);
if (never.length > 0) console.log(`\nerrors that no test makes:\n${never.join('\n')}`);
const low = [...rooms.values()].some(({ lines, reached }) => lines > 0 && reached / lines < LEAST);
process.exitCode = low || never.length > 0 ? 1 : 0;
