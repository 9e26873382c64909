// Text to picture: folded stacks, and text of perf script in one process, against flamegraph.pl's and inferno's tools.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { makeFolded } from './folded-input.mjs';
import { compare } from './measure.mjs';
import { makePerfInputs } from './perf-inputs.mjs';
import { xorshift } from './xorshift.mjs';

/** As the others draw: one element a frame, and nothing in the file but the picture. */
const draw = (input) => ['node', 'bin/pforge-prof.js', 'flame', '-q', '--classic', '--no-embed', '-o', '-', input];
/** As it is drawn by default, with the whole profile in it. */
const drawAll = (input) => ['node', 'bin/pforge-prof.js', 'flame', '-q', '-o', '-', input];
/** Paths are of our own making: they hold nothing that a shell would read. */
const pipe = (left, right) => ['sh', '-c', `${left.join(' ')} 2>/dev/null | ${right.join(' ')}`];

/**
 * @param {string} folder where inputs are made and kept
 * @param {number} rounds
 * @param {(path: string, make: (path: string) => void) => string} made
 * @param {{ flamegraph?: string, inferno?: string, collapsePerl?: string, collapseInferno?: string }} tools what is on PATH
 */
export function svg(folder, rounds, made, tools) {
  const { flamegraph, inferno, collapsePerl, collapseInferno } = tools;
  const wide = made('wide.folded', (path) => makeFolded(path, { stacks: 400_000, sorted: true }));
  const deep = made('deep.folded', (path) => makeDeep(path, 30_000));
  for (const [title, input] of [
    ['folded to SVG: 400,000 stacks', wide],
    ['folded to SVG: 30,000 stacks, 120 frames deep', deep],
  ]) {
    compare(title, rounds, [
      { name: 'ours', command: draw(input) },
      ...(inferno ? [{ name: 'inferno-flamegraph', command: [inferno, input] }] : []),
      ...(flamegraph ? [{ name: 'flamegraph.pl', command: ['perl', flamegraph, input] }] : []),
    ]);
    bytesPerFrame([
      ['ours', draw(input)],
      ...(inferno ? [['inferno-flamegraph', [inferno, input]]] : []),
      ...(flamegraph ? [['flamegraph.pl', ['perl', flamegraph, input]]] : []),
    ]);
  }
  const { mixed, distinct } = makePerfInputs(folder);
  for (const [title, input] of [
    ['perf script to SVG: node, g++, python3 and git', mixed],
    ['perf script to SVG: a stack of its own for nearly every sample', distinct],
  ]) {
    compare(title, rounds, [
      { name: 'ours', command: draw(input) },
      { name: 'ours, with the profile in it', command: drawAll(input) },
      ...(inferno && collapseInferno
        ? [{ name: 'inferno-collapse-perf | -flamegraph', command: pipe([collapseInferno, input], [inferno]) }]
        : []),
      ...(flamegraph && collapsePerl
        ? [
            {
              name: 'stackcollapse-perf.pl | flamegraph.pl',
              command: pipe(['perl', collapsePerl, input], ['perl', flamegraph]),
            },
          ]
        : []),
    ]);
  }
}

function bytesPerFrame(cases) {
  for (const [name, [program, ...args]] of cases) {
    const { stdout } = spawnSync(program, args, { maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'ignore'] });
    const frames = stdout.toString('latin1').split('<title>').length - 1;
    console.log(`${name}: ${frames} frames, ${Math.round(stdout.length / frames)} bytes each`);
  }
}

/** Sorted stacks some 120 frames deep, on few hot paths from which each goes its own way: as of compilers and interpreters. */
function makeDeep(path, stacks) {
  const random = xorshift(stacks);
  const words = ['parse', 'visit', 'Node', 'emit', 'check', 'Expression', 'bind', 'resolve', 'Type', 'forEachChild'];
  const names = Array.from(
    { length: 20_000 },
    (_, i) => `${words[random(10)]}${words[random(10)]}${random(3) ? '' : '::operator()'}_${i.toString(36)}`,
  );
  const spines = Array.from({ length: 60 }, () => Array.from({ length: 100 }, () => names[random(2000)]));
  const lines = [];
  for (let i = 0; i < stacks; i++) {
    const frames = spines[random(60)].slice(0, 40 + random(60));
    for (let tail = 20 + random(60); tail > 0; tail--) frames.push(names[random(names.length)]);
    lines.push(`node;${frames.join(';')};${names[i % names.length]} ${1 + random(20)}\n`);
  }
  lines.sort();
  const file = openSync(path, 'w');
  while (lines.length > 0) writeSync(file, lines.splice(0, 1000).join(''));
  closeSync(file);
}
