import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Seconds that the programs of `mixed` are recorded, one after the other, until there is enough text. */
const SLICE = 12;
const ENOUGH = 200 * 2 ** 20;

/**
 * Text of `perf script`, recorded here: two files that are kept where they exist already.
 * @param {string} folder
 * @returns {{ mixed: string, distinct: string }} paths: at least 200 MiB of node, g++, python3 and git; and a program in
 *   which nearly every sample has a stack of its own
 */
export function makePerfInputs(folder) {
  const mixed = join(folder, 'mixed.perf.txt');
  const distinct = join(folder, 'distinct.perf.txt');
  if (!existsSync(mixed)) recordMixed(folder, mixed);
  if (!existsSync(distinct)) recordDistinct(folder, distinct);
  return { mixed, distinct };
}

function recordMixed(folder, file) {
  const map = join(folder, 'v8.log');
  const node = ['node', '--perf-basic-prof', '--no-logfile-per-isolate', `--logfile=${map}`];
  const cpp = join(folder, 'templates.cpp');
  writeFileSync(cpp, templates());
  const python = 'import ast, json, re, pydoc\nfor i in range(10**6): ast.parse(open(pydoc.__file__).read())';
  const programs = [
    [...node, 'node_modules/knip/bin/knip.js'],
    [
      ...node,
      '--interpreted-frames-native-stack',
      'node_modules/assemblyscript/bin/asc.js',
      '-O3',
      '--runtime',
      'stub',
      'node_modules/assemblyscript/std/assembly/map.ts',
      '-o',
      join(folder, 'map.wasm'),
    ],
    ['g++', '-O2', '-c', cpp, '-o', join(folder, 'templates.o')],
    ['python3', '-c', python],
    ['git', 'log', '-p', '--stat', '--find-copies-harder'],
  ];
  const part = `${file}.part`;
  const out = openSync(part, 'w');
  while (statSync(part).size < ENOUGH) {
    for (const program of programs) record(folder, ['timeout', String(SLICE), ...program], out);
    console.error(`recorded ${Math.round(statSync(part).size / 2 ** 20)} MiB of ${ENOUGH / 2 ** 20}`);
  }
  closeSync(out);
  renameSync(part, file);
}

function recordDistinct(folder, file) {
  const source = join(folder, 'distinct.c');
  const program = join(folder, 'distinct');
  writeFileSync(source, randomCalls());
  run('gcc', ['-O1', '-fno-omit-frame-pointer', '-fno-optimize-sibling-calls', source, '-o', program]);
  const out = openSync(`${file}.part`, 'w');
  record(folder, ['timeout', '30', program], out);
  closeSync(out);
  renameSync(`${file}.part`, file);
}

/** What perf prints by default of a recording at 4999 Hz goes to `out`. */
function record(folder, program, out) {
  const data = join(folder, 'perf.data');
  // A program that `timeout` has ended is no failure
  spawnSync('perf', ['record', '-q', '-e', 'cpu-clock', '-F', '4999', '-g', '-o', data, '--', ...program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  run('perf', ['script', '--force', '-i', data], ['ignore', out, 'ignore']);
}

function run(command, args, stdio = 'inherit') {
  const { status, error } = spawnSync(command, args, { stdio });
  if (status !== 0) throw error ?? new Error(`${command} ended with ${status}`);
}

/** A C program whose functions call each other at random, some 20 to 40 deep. */
function randomCalls(functions = 400) {
  const names = Array.from({ length: functions }, (_, i) => `step_${i}`);
  const body = (name, i) => `static __attribute__((noinline)) unsigned ${name}(unsigned depth) {
  unsigned sum = ${i};
  for (int i = 0; i < 200; i++) sum = sum * 31 + i;
  if (depth > 0) sum += table[next() % ${functions}](depth - 1);
  return sum + 1;
}`;
  return `static unsigned state = 1;
static unsigned next(void) { state ^= state << 13; state ^= state >> 17; return state ^= state << 5; }
typedef unsigned (*step)(unsigned);
static step table[${functions}];
${names.map(body).join('\n')}
static step table[${functions}] = {${names.join(', ')}};
int main(void) {
  unsigned sum = 0;
  for (;;) sum += table[next() % ${functions}](20 + next() % 20);
  return (int)sum;
}
`;
}

/** C++ that keeps the compiler busy. */
function templates(count = 60) {
  const uses = Array.from(
    { length: count },
    (_, i) => `struct Key${i} { std::string text; int number; bool operator<(const Key${i}& other) const {
  return std::tie(text, number) < std::tie(other.text, other.number); } };
int use${i}(std::map<Key${i}, std::vector<std::function<int(const std::regex&)>>>& all) {
  std::sort(all.begin()->second.begin(), all.begin()->second.end(), [](auto&, auto&) { return false; });
  std::unordered_map<std::string, std::shared_ptr<Key${i}>> seen;
  for (auto& [key, list] : all) { seen[key.text] = std::make_shared<Key${i}>(key); for (auto& f : list) f(std::regex(key.text)); }
  return seen.size(); }`,
  );
  const headers = ['algorithm', 'functional', 'map', 'memory', 'regex', 'string', 'tuple', 'unordered_map', 'vector'];
  return `${headers.map((name) => `#include <${name}>`).join('\n')}\n${uses.join('\n')}\n`;
}
