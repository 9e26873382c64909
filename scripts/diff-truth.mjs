// How often a comparison of two recordings is right. Programs of which it is known what became slower are recorded again and
// again, as `record` records, and compared:
//     node scripts/diff-truth.mjs [--pairs N] [--programs c,c-phases,node,node-inlined,node-perf] [--slowed hash,blend,scan] [--rounds N]
//         [--keep DIR] [--json]
// For each program: of N pairs of recordings of the same program, how many were said to differ in anything (at most one of
// twenty should); and of N pairs in which one function does 20 % more work, how often it was found, its callers were, and
// anything else was said to have changed. --keep DIR keeps the recordings and takes those that are there, so that a run can
// be continued, or judged again. Other work on the machine makes recordings differ: its load is printed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const PERCENT = 20;
/** What the slowed functions are called by, up to where the callers hold everything and so cannot have a larger part of it. */
const CALLERS = { hash: ['digest'], blend: ['arrange'], scan: ['summarize'] };

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '20' },
    programs: { type: 'string', default: 'c,c-phases,node' },
    slowed: { type: 'string', default: 'hash' },
    rounds: { type: 'string' },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const root = resolve(import.meta.dirname, '..');
const cli = join(root, 'bin/pforge-prof.js');
const scratch = mkdtempSync(join(tmpdir(), 'pforge-prof-diff-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const folder = resolve(values.keep ?? scratch);
mkdirSync(folder, { recursive: true });

const native = join(folder, 'program');
const nodeProgram = join(import.meta.dirname, 'diff-truth/program.cjs');
const withPerf = ['-F', '3999'];
const withV8 = ['--collector', 'v8', '-F', '1999'];
const rounds = (usual) => values.rounds ?? usual;
/** How each program is recorded, and how it is started: ROUNDS, ORDER; the function that is slowed follows. */
const PROGRAMS = {
  c: { recorded: withPerf, command: [native, rounds('100000'), 'rounds'], extension: 'data' },
  'c-phases': { recorded: withPerf, command: [native, rounds('100000'), 'phases'], extension: 'data' },
  node: {
    recorded: withV8,
    command: ['node', '--no-turbo-inlining', nodeProgram, rounds('200000'), 'rounds'],
    extension: 'cpuprofile',
  },
  'node-perf': {
    recorded: ['--collector', 'perf', ...withPerf],
    command: ['node', '--no-turbo-inlining', nodeProgram, rounds('150000'), 'rounds'],
    extension: 'data',
  },
  'node-inlined': {
    recorded: withV8,
    command: ['node', nodeProgram, rounds('200000'), 'rounds'],
    extension: 'cpuprofile',
  },
};

const { compareProfiles, isSignificant, readProfile } = await ourParts();
if (!existsSync(native)) {
  const source = join(import.meta.dirname, 'diff-truth/program.c');
  execFileSync('gcc', ['-O0', '-g', '-fno-omit-frame-pointer', source, '-o', native]);
}
const say = (line) => values.json || console.log(line);
const results = [];
const pairs = Number(values.pairs);
const slowedFunctions = values.slowed.split(',').filter(Boolean);
for (const program of values.programs.split(',')) {
  const load = [];
  const same = { flagged: 0, wrong: [] };
  const slower = Object.fromEntries(
    slowedFunctions.map((name) => [name, { found: 0, callers: 0, only: 0, wrong: [] }]),
  );
  let samples = 0;
  for (let pair = 1; pair <= pairs; pair++) {
    // Recordings that are compared follow each other, as they do when a person compares
    const before = await recording(program, 'base', pair);
    const again = await changesOf(before, await recording(program, 'again', pair));
    samples += again.samples / pairs;
    if (again.names.size > 0) same.flagged++;
    same.wrong.push(...again.names);
    for (const name of slowedFunctions) judgeSlower(slower[name], name, before, await recording(program, name, pair));
    load.push(loadavg()[0]);
  }
  const meanLoad = load.reduce((sum, each) => sum + each, 0) / load.length;
  say(`${program}: some ${Math.round(samples)} samples a recording, load ${meanLoad.toFixed(1)}`);
  say(`  nothing changed     ${same.flagged} of ${pairs} said to differ ${wrongs(same.wrong)}`);
  for (const [name, { found, callers, only, wrong }] of Object.entries(slower)) {
    say(
      `  ${name} ${PERCENT} % slower   ${found} of ${pairs} found, ${callers} with its callers, ${only} only these ${wrongs(wrong)}`,
    );
  }
  results.push({ program, pairs, samples, load: meanLoad, same, slower });
}
if (values.json) console.log(JSON.stringify(results));

function judgeSlower(result, name, before, after) {
  const { grew, names } = changesOf(before, after);
  const expected = [name, ...CALLERS[name]];
  const others = [...names].filter((other) => !expected.includes(other) || !grew.has(other));
  if (grew.has(name)) result.found++;
  if (expected.every((each) => grew.has(each))) result.callers++;
  if (grew.has(name) && others.length === 0) result.only++;
  result.wrong.push(...others);
}

/** The names of functions and of paths' last functions that changed significantly. */
function changesOf(before, after) {
  const { profile, paths, functions, before: side } = compareProfiles([before], [after]);
  const names = new Set();
  const grew = new Set();
  const nameOf = (frame) => profile.strings[profile.frames.name[frame]];
  const add = (name, rows, row) => {
    if (!isSignificant(rows.verdict[row])) return;
    names.add(name);
    if (rows.delta[row] > 0) grew.add(name);
  };
  for (let row = 0; row < paths.length; row++) add(nameOf(profile.stacks.frame[row]), paths, row);
  for (let row = 0; row < functions.length; row++) add(nameOf(functions.frame[row]), functions, row);
  return { names, grew, samples: side.samples };
}

async function recording(program, what, pair) {
  const { recorded, command, extension } = PROGRAMS[program];
  const file = join(folder, `${program}-${what}-${pair}.${extension}`);
  if (!existsSync(file)) {
    const changed = what in CALLERS ? [what, String(PERCENT)] : ['none', '0'];
    const unfinished = join(folder, `unfinished.${extension}`);
    const options = ['record', '-q', ...recorded, '-o', unfinished];
    execFileSync(process.execPath, [cli, ...options, '--', ...command, ...changed], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    // Dated names of compiled code lie beside the recording
    if (existsSync(`${unfinished}.jit`)) renameSync(`${unfinished}.jit`, `${file}.jit`);
    renameSync(unfinished, file);
  }
  return readProfile(file);
}

function wrongs(names) {
  return names.length === 0 ? '' : `(${[...new Set(names)].join(', ')})`;
}

/** Our own modules, as they are in the sources; the reader is the built library's. */
async function ourParts() {
  const outfile = join(scratch, 'parts.mjs');
  const contents = [
    "export { compareProfiles } from './src/profile/diff/compare.ts';",
    "export { isSignificant } from './src/profile/diff/significant.ts';",
  ].join('\n');
  await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  });
  const { readProfile } = await import(pathToFileURL(join(root, 'dist/index.js')));
  return { ...(await import(pathToFileURL(outfile))), readProfile };
}
