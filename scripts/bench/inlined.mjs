// Inlined functions of recordings: ours against perf script, which asks addr2line.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './measure.mjs';

const programs = join(import.meta.dirname, 'programs');
const SECONDS = '4';
/** Objects of one program, each with debug information of its own: some 90 MB of it. */
const OBJECTS = 300;

/** @param {string} folder where programs are built to and recordings kept */
export function inlined(folder, rounds) {
  const cpp = join(programs, 'busy.cpp');
  const build = (name, ...command) => {
    if (!existsSync(join(folder, name))) execFileSync(command[0], [...command.slice(1), '-o', join(folder, name)]);
    return join(folder, name);
  };
  const env = { ...process.env, DONE_FILE: join(folder, 'done') };
  const cases = [
    ['C++', build('inlined-cpp', 'g++', '-O2', '-g', cpp)],
    [
      `C++ of ${OBJECTS} objects`,
      build('inlined-large', 'g++', '-Wl,--allow-multiple-definition', ...objects(folder, cpp)),
    ],
  ];
  if (spawnSync('rustc', ['--version']).status === 0) {
    cases.push(['Rust', build('inlined-rust', 'rustc', '-O', '-g', join(programs, 'busy.rs'))]);
  }
  for (const [name, program] of cases) {
    const data = `${program}.data`;
    const flags = [
      'record',
      '-q',
      '--buildid-all',
      '-N',
      '-e',
      'cpu-clock',
      '-F',
      '999',
      '--call-graph',
      'dwarf,16384',
    ];
    if (!existsSync(data))
      execFileSync('perf', [...flags, '-o', data, '--', program, SECONDS], { stdio: 'ignore', env });
    const ours = (...options) => ['node', 'bin/pforge-prof.js', 'convert', '-q', data, '-o', '-', ...options];
    compare(`inlined functions: ${name}, stacks copied`, rounds, [
      { name: 'ours', command: ours('--inline') },
      { name: 'ours, not asked for', command: ours() },
      { name: 'ours, by perf and addr2line', command: ours('--inline', '--via', 'perf-script') },
      { name: 'perf script', command: ['perf', 'script', '--force', '-i', data] },
      { name: 'perf script --no-inline', command: ['perf', 'script', '--force', '--no-inline', '-i', data] },
    ]);
  }
}

/** One object under many names. */
function objects(folder, source) {
  const first = join(folder, 'inlined-0.o');
  if (!existsSync(first)) execFileSync('g++', ['-O2', '-g', '-c', source, '-o', first]);
  return Array.from({ length: OBJECTS }, (_, i) => {
    const copy = join(folder, `inlined-${i}.o`);
    if (i > 0) copyFileSync(first, copy);
    return copy;
  });
}
