// Gives broken, odd and hostile inputs to pforge-prof and to other tools, each what it says that it reads, and prints who passes:
//   node scripts/bad-inputs.mjs [--inputs FOLDER] [--only TOOL] [--flamegraph FOLDER] [--inferno FOLDER] [--0x FOLDER]
//                               [--speedscope FOLDER]
// FOLDER of FlameGraph and inferno: where the programs are; of 0x and speedscope: that of the npm package. They are not ours to
// install: npm install --ignore-scripts --prefix SOMEWHERE 0x speedscope. `--inputs`: files of these names instead of ours.
//
// To pass is
// - a good input: a result that is right in form (SVG: well-formed), and exit code 0;
// - a damaged one: a refusal, or a result with at least a word of what is wrong with it;
// - any other: one of the two.
// A refusal is an exit code other than 0, at most three lines and at least one, no stack trace, and nothing where the result would
// be. Nothing may take 10 s of the processor, or run what is written in a name. "lenient": a picture of an error may take the
// place of the result.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { badInputs } from './bad-inputs/inputs.mjs';
import { speedscope } from './bad-inputs/speedscope.mjs';
import { pforgeProf, pipeline, zeroX } from './bad-inputs/tools.mjs';

const folderOption = { type: 'string' };
const { values } = parseArgs({
  options: {
    inputs: folderOption,
    only: folderOption,
    flamegraph: folderOption,
    inferno: folderOption,
    '0x': folderOption,
    speedscope: folderOption,
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});

const TEXTS = ['perf script', 'folded'];
const tools = [{ name: 'pforge-prof', reads: undefined, read: pforgeProf }];
if (values.flamegraph !== undefined) {
  const script = (name) => ['perl', join(values.flamegraph, name)];
  const read = pipeline(script('stackcollapse-perf.pl'), script('flamegraph.pl'));
  tools.push({ name: 'flamegraph.pl', reads: TEXTS, read });
}
if (values.inferno !== undefined) {
  const program = (name) => [join(values.inferno, `inferno-${name}`)];
  tools.push({ name: 'inferno', reads: TEXTS, read: pipeline(program('collapse-perf'), program('flamegraph')) });
}
if (values['0x'] !== undefined)
  tools.push({ name: '0x', reads: ['cpuprofile'], read: zeroX(join(values['0x'], 'cmd.js')) });
if (values.speedscope !== undefined) {
  const { read, close } = await speedscope(join(values.speedscope, 'bin/cli.mjs'), values.chromium);
  tools.push({ name: 'speedscope', reads: [...TEXTS, 'cpuprofile'], read, close });
}

/** By expat, which is no code of ours. */
const EXPAT = 'import sys,xml.parsers.expat as e; e.ParserCreate().Parse(sys.stdin.buffer.read(), True)';

function isRight(made) {
  if (made === undefined) return false;
  // A page: what is in a name must not have become an element of it
  if (/^\s*<(?:!doctype )?html/i.test(made.subarray(0, 100).toString())) return !made.includes('<script>alert(');
  return spawnSync('python3', ['-c', EXPAT], { input: made, timeout: 60_000 }).status === 0;
}

/** @returns {string} `pass`, or why not */
function verdict({ status, said, made }, expected) {
  if (status === null) return 'hangs';
  const lines = said.trim() === '' ? [] : said.trim().split('\n');
  if (/^\s*at .*:\d+|Traceback|internal error|panicked/m.test(said)) return 'a stack trace';
  if (status === 0) {
    if (!isRight(made)) return made === undefined ? 'exit code 0 and no result' : 'a result that is not valid';
    return expected === 'damaged' && lines.length === 0 ? 'damaged, and not a word' : 'pass';
  }
  if (expected === 'good') return 'refused a good one';
  if (lines.length === 0 || lines.length > 3) return 'no clear line';
  return made === undefined ? 'pass' : 'a picture beside the error';
}

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-bad-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const inputs = badInputs(values.inputs);
const kinds = [...new Set(inputs.map(({ kind }) => kind))];
const counts = new Map();
const failures = [];
for (const { name, kind, class: expected, content } of inputs) {
  for (const tool of tools) {
    if (tool.reads !== undefined && !tool.reads.includes(kind)) continue;
    // The others that read files of V8 do not say that they read compressed ones
    if (tool.name === '0x' && name.endsWith('.gz')) continue;
    if (values.only !== undefined && tool.name !== values.only) continue;
    const place = mkdtempSync(join(folder, 'run-'));
    mkdirSync(join(place, 'in'));
    const input = join(place, 'in', name);
    writeFileSync(input, content);
    const how = verdict(await tool.read(input, place, kind), expected);
    rmSync(place, { recursive: true, force: true });
    for (const key of [`${tool.name}\t${kind}`, `${tool.name}\tall`]) {
      const count = counts.get(key) ?? { all: 0, strict: 0, lenient: 0 };
      count.all++;
      if (how === 'pass') count.strict++;
      if (how === 'pass' || how === 'a picture beside the error') count.lenient++;
      counts.set(key, count);
    }
    if (how !== 'pass') failures.push(`${tool.name}: ${name}: ${how}`);
  }
}
for (const tool of tools) await tool.close?.();

console.log(`${failures.join('\n')}\n`);
console.log(
  `| ${inputs.length} inputs | ${kinds.join(' | ')} | all | lenient |\n| --- |${' ---: |'.repeat(kinds.length + 2)}`,
);
for (const { name } of tools) {
  const cells = [...kinds, 'all'].map((kind) => counts.get(`${name}\t${kind}`));
  const all = cells.at(-1);
  if (all === undefined) continue;
  const shown = cells.map((count) => (count === undefined ? '' : `${count.strict}/${count.all}`));
  console.log(`| ${name} | ${shown.join(' | ')} | ${all.lenient}/${all.all} |`);
}
process.exitCode = failures.some((line) => line.startsWith('pforge-prof:')) ? 1 : 0;
