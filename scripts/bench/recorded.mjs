// From the end of a program to its flame graph on disk: ours against perf record + perf script + a collapser + a drawer.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compare, median } from './measure.mjs';

const SECONDS = '4';
const BIN = 'bin/pforge-prof.js';
const MARKS = join(import.meta.dirname, 'print-marks.cjs');
const programs = join(import.meta.dirname, 'programs');
/** As pforge-prof starts perf. */
const FAST = ['--no-bpf-event', '--no-buildid-cache', '--buildid-all', '-k', 'mono'];

/** @param {string} folder where programs are built to and recordings kept */
function cases(folder) {
  const build = (name, command, ...args) => {
    const path = join(folder, name);
    if (!existsSync(path)) execFileSync(command, [...args, '-o', path]);
    return path;
  };
  const cpp = join(programs, 'busy.cpp');
  const node = ['node', '--perf-basic-prof', '--interpreted-frames-native-stack', join(programs, 'busy.cjs'), SECONDS];
  const fp = [build('fp', 'g++', '-O2', '-g', '-fno-omit-frame-pointer', cpp), SECONDS];
  const dwarf = [build('dwarf', 'g++', '-O2', '-g', '-fomit-frame-pointer', cpp), SECONDS];
  const all = [
    { name: 'node, 999 Hz', program: node, plain: ['node', join(programs, 'busy.cjs'), SECONDS], hz: 999, graph: 'fp' },
    {
      name: 'node, 4999 Hz',
      program: node,
      plain: ['node', join(programs, 'busy.cjs'), SECONDS],
      hz: 4999,
      graph: 'fp',
    },
    { name: 'C++, frame pointers, 999 Hz', program: fp, hz: 999, graph: 'fp' },
    { name: 'C++, dwarf, 999 Hz', program: dwarf, hz: 999, graph: 'dwarf,16384' },
  ];
  if (spawnSync('rustc', ['--version']).status === 0) {
    const rust = [build('rust', 'rustc', '-O', '-g', join(programs, 'busy.rs')), SECONDS];
    all.push({ name: 'Rust, dwarf, 997 Hz', program: rust, hz: 997, graph: 'dwarf,16384' });
  }
  return all;
}

/** Nanoseconds from the program's last statement to the end of the command. */
function afterEnd(command, folder) {
  const done = join(folder, 'done');
  rmSync(done, { force: true });
  const env = { ...process.env, DONE_FILE: done };
  const { status, stderr } = spawnSync(command[0], command.slice(1), { cwd: folder, env, encoding: 'utf8' });
  const end = process.hrtime.bigint();
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
  return {
    ms: Number(end - BigInt(readFileSync(done, 'utf8'))) / 1e6,
    done: BigInt(readFileSync(done, 'utf8')),
    stderr,
  };
}

/** @param {readonly { path: string, args: readonly string[] }[]} tools collapser, drawer; or none */
function peers({ program, hz, graph }, [collapser, drawer], folder) {
  const shell = (flags, script) => {
    const words = [
      'record',
      '-q',
      ...flags,
      '-e',
      'cpu-clock',
      '-F',
      String(hz),
      '--call-graph',
      graph,
      '-o',
      'peer.data',
      '--',
      ...program,
    ];
    const pipe = `perf "$@" && perf script ${script} -i peer.data 2>/dev/null | ${collapser} | ${drawer} > peer.svg`;
    return () => afterEnd(['sh', '-c', pipe, 'sh', ...words], folder).ms;
  };
  return [
    { name: 'perf record | perf script | ...', run: shell([], '') },
    { name: '  perf started as we start it', run: shell(FAST, '') },
    { name: '  and without inlined frames', run: shell(FAST, '--no-inline') },
  ];
}

/**
 * @param {string} folder
 * @param {number} rounds after one to warm up
 * @param {{ collapser: string, drawer: string }} tools commands
 */
export function recorded(folder, rounds, { collapser, drawer }) {
  console.log(`\nprogram's end to flame graph on disk, ms (medians; ${collapser} | ${drawer})`);
  for (const one of cases(folder)) {
    const { name, program, plain, hz, graph } = one;
    const bin = join(process.cwd(), BIN);
    const ours = ['node', bin, 'flame', '-q', '-F', String(hz), '--call-graph', graph.split(',')[0], '-e', 'cpu-clock'];
    const stages = new Map();
    const all = [
      {
        name: 'ours',
        run() {
          process.env.NODE_OPTIONS = `--require ${MARKS}`;
          const { ms, done, stderr } = afterEnd([...ours, '-o', 'ours.svg', '--', ...(plain ?? program)], folder);
          delete process.env.NODE_OPTIONS;
          let before = done;
          for (const [, mark, time] of stderr.matchAll(/^mark (\S+) (\d+)$/gm)) {
            stages.set(mark, [...(stages.get(mark) ?? []), Number(BigInt(time) - before) / 1e6]);
            before = BigInt(time);
          }
          return ms;
        },
      },
      ...peers(one, [collapser, drawer], folder),
    ];
    const times = all.map(() => []);
    for (let round = -1; round < rounds; round++) {
      all.forEach(({ run }, i) => {
        const ms = run();
        if (round >= 0) times[i].push(ms);
      });
    }
    console.log(`\n${name}`);
    all.forEach(({ name: title }, i) => {
      const ratio = median(times[i].map((ms, round) => ms / times[0][round]));
      console.log(
        `${title.padEnd(40)}${median(times[i]).toFixed(0).padStart(8)}${i === 0 ? '' : `${ratio.toFixed(1)}x`.padStart(9)}`,
      );
    });
    const share = [...stages].map(([mark, list]) => `${mark} ${median(list).toFixed(0)}`);
    console.log(`  ours: ${share.join(', ')}; ${Math.ceil(statSync(join(folder, 'ours.svg')).size / 1024)} KiB`);
  }
}

/** Reading a recording that is there already, without the time to record: a cold start against a pipe. */
export function coldReading(folder, rounds, { collapser }) {
  for (const { name, program, hz, graph } of cases(folder)) {
    const data = join(folder, `${name.replace(/\W+/g, '-')}.data`);
    if (!existsSync(data)) {
      const words = ['record', '-q', ...FAST, '-e', 'cpu-clock', '-F', String(hz), '--call-graph', graph, '-o', data];
      // V8 leaves a log where it runs
      const env = { ...process.env, DONE_FILE: join(folder, 'done') };
      execFileSync('perf', [...words, '--', ...program], { cwd: folder, env });
    }
    compare(`perf.data to folded text: ${name}, ${Math.ceil(statSync(data).size / 2 ** 20)} MiB`, rounds, [
      { name: 'ours', command: ['node', BIN, 'convert', '-q', data, '-o', '-', '--format', 'folded'] },
      {
        name: 'perf script --no-inline | ...',
        command: ['sh', '-c', `perf script --no-inline -i "$1" 2>/dev/null | ${collapser}`, 'sh', data],
      },
      {
        name: 'perf script | ...',
        command: ['sh', '-c', `perf script -i "$1" 2>/dev/null | ${collapser}`, 'sh', data],
      },
    ]);
  }
}
