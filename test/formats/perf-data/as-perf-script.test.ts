import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFolded } from '../../../src/formats/folded/write.ts';
import type { ReadChoices } from '../../../src/formats/format.ts';
import { readFolded, readProfile } from '../../../src/formats/registry.ts';
import { findTool } from '../../../src/processes/executables.ts';
import { requireTool } from '../../require-tool.ts';
import { slowToCompare } from '../../slow-repository.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);
const gpp = requireTool('g++', findTool('g++') !== undefined);
const gcc = requireTool('gcc', findTool('gcc') !== undefined);
const rustc = findTool('rustc');
if (rustc === undefined) console.log('skipped: rustc is not here');
/** Itself, not a script that finds it. */
const python = requireTool('python3', findTool('python3') !== undefined)
  ? execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  : undefined;
const programs = resolve(import.meta.dirname, '../../../scripts/bench/programs');
const folder = mkdtempSync(join(tmpdir(), 'pforge-data-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function recorded(name: string, graph: string, program: readonly string[]): string {
  const file = join(folder, name);
  const fast = ['--no-bpf-event', '--no-buildid-cache', '--buildid-all', '-k', 'mono'];
  const words = ['record', '-q', ...fast, '-e', 'cpu-clock', '-F', '997', '--call-graph', graph, '-o', file, '--'];
  execFileSync('perf', [...words, ...program], { stdio: 'ignore', env: { ...process.env, DONE_FILE: `${file}.done` } });
  return file;
}

async function linesOf(file: string, choices: ReadChoices): Promise<Map<string, number>> {
  const profile = await readProfile(file, { choices });
  const text = Array.from(writeFolded(profile, 'comm'), (chunk) => Buffer.from(chunk).toString('utf8')).join('');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/**
 * The loader calls its main function from the last instruction of `_start`: perf names what stands behind it. What is left
 * where stacks differ is of the same kind.
 */
const withoutLoader = (lines: Map<string, number>) => {
  const merged = new Map<string, number>();
  for (const [stack, weight] of lines) {
    const same = stack.replace(/;_dl_start_user(?=;|$)/, ';_start');
    merged.set(same, (merged.get(same) ?? 0) + weight);
  }
  return merged;
};

/** How much of the weight has the very same stack by ourselves and by perf script; what differs. */
async function compared(file: string) {
  const ours = withoutLoader(await linesOf(file, {}));
  const theirs = withoutLoader(await linesOf(file, { via: 'perf-script' }));
  let same = 0;
  let all = 0;
  for (const [stack, weight] of ours) {
    all += weight;
    same += Math.min(weight, theirs.get(stack) ?? 0);
  }
  const total = [...theirs.values()].reduce((sum, weight) => sum + weight, 0);
  const differing = [...theirs.keys()].filter((stack) => theirs.get(stack) !== ours.get(stack));
  return { same: same / all, all, total, differing };
}

describe.skipIf(!perf)('perf.data gives the stacks of perf script', () => {
  const cpp = { fp: join(folder, 'fp'), dwarf: join(folder, 'dwarf') };
  const c = { fp: join(folder, 'c-fp'), plain: join(folder, 'c-plain') };
  const rust = join(folder, 'rust');
  beforeAll(() => {
    const primes = resolve(programs, '../../../examples/primes.c');
    if (gcc) {
      execFileSync('gcc', ['-O2', '-fno-omit-frame-pointer', primes, '-o', c.fp]);
      execFileSync('gcc', ['-O2', '-fomit-frame-pointer', primes, '-o', c.plain]);
    }
    if (rustc !== undefined) execFileSync(rustc, ['-O', '-g', join(programs, 'busy.rs'), '-o', rust]);
    if (!gpp) return;
    for (const [pointer, out] of [
      ['-fno-omit-frame-pointer', cpp.fp],
      ['-fomit-frame-pointer', cpp.dwarf],
    ] as const) {
      execFileSync('g++', ['-O2', '-g', pointer, join(programs, 'busy.cpp'), '-o', out]);
    }
  });

  const node = [
    '--perf-basic-prof',
    '--logfile=/dev/null',
    '--interpreted-frames-native-stack',
    join(programs, 'busy.cjs'),
    '0.7',
  ];
  // Callers are looked up within their call: where it is a function's last instruction, perf names the next function
  test.each([
    ['C with frame pointers', 'fp', 0.98, () => [gcc ? c.fp : undefined, '2000000']],
    ['C without', 'fp', 0.98, () => [gcc ? c.plain : undefined, '2000000']],
    ['C without, by its unwind tables', 'dwarf,16384', 0.98, () => [gcc ? c.plain : undefined, '2000000']],
    ['Rust, by its unwind tables', 'dwarf,16384', 0.98, () => [rustc && rust, '0.7']],
    ['C++ with frame pointers', 'fp', 0.98, () => [cpp.fp, '0.7']],
    ['C++ without, by its unwind tables', 'dwarf,16384', 0.98, () => [cpp.dwarf, '0.7']],
    ['node', 'fp', 0.9, () => [process.execPath, ...node]],
    ['python', 'fp', 0.98, () => [python!, '-c', 'sum(i * i % 7 for i in range(6000000))']],
    [
      'python, by its unwind tables',
      'dwarf,16384',
      // Imports go deeper than what is copied: where a stack is cut, its root is a matter of taste
      0.95,
      () => [python!, '-c', 'sorted(range(3000000), key=lambda i: -i)'],
    ],
    ['git', 'fp', 0.95, () => ['git', '-C', slowToCompare(folder), 'diff', '--minimal', 'HEAD~1']],
    [
      'a shell and what it starts',
      'fp',
      0.9,
      () => ['sh', '-c', 'for i in 1 2 3; do ls -laR /usr/lib | sort | md5sum; done'],
    ],
  ] as const)('%s', async (name, graph, least, program) => {
    const [path, ...words] = program();
    if ((name.startsWith('C++') && !gpp) || path === undefined) return;
    const file = recorded(`${name.replace(/\W+/g, '-')}.data`, graph, [path, ...words] as string[]);
    const { same, all, total, differing } = await compared(file);
    expect(all).toBe(total);
    expect(same, differing.slice(0, 5).join('\n')).toBeGreaterThanOrEqual(least);
  });

  test('text made at once is that of the profile, notes too', async () => {
    const file = recorded('at-once.data', 'fp', [process.execPath, ...node]);
    for (const roots of ['comm', 'tid'] as const) {
      const profile = await readProfile(file);
      const text = Array.from(writeFolded(profile, roots), (chunk) => Buffer.from(chunk).toString('utf8')).join('');
      const read = await readFolded(file, roots, {});
      if (!('chunks' in read)) throw new Error('not made at once');
      expect(Array.from(read.chunks, (chunk) => Buffer.from(chunk).toString('utf8')).join('')).toBe(text);
      expect(read.samples).toBe(profile.samples.length);
    }
  });

  test.skipIf(!gpp)('a binary that was replaced since gives no names, and that is said', async () => {
    const program = join(folder, 'replaced');
    execFileSync('g++', ['-O2', '-fno-omit-frame-pointer', join(programs, 'busy.cpp'), '-o', program]);
    const file = recorded('replaced.data', 'fp', [program, '0.3']);
    execFileSync('g++', ['-O0', join(programs, 'busy.cpp'), '-o', program]);
    const profile = await readProfile(file);
    expect(profile.meta.notes.join('\n')).toMatch(/replaced changed since it was recorded/);
    expect(profile.strings).toContain('[replaced]');
  });

  test('of another kernel no function is named by ours, and that is said', async () => {
    const file = recorded('kernel.data', 'fp', ['ls', '-laR', '/usr/lib']);
    expect((await readProfile(file)).strings).toContain('do_syscall_64');
    const listed = execFileSync('perf', ['buildid-list', '-i', file], { encoding: 'utf8' });
    const buildId = Buffer.from(/^([0-9a-f]+) \[kernel\.kallsyms\]$/m.exec(listed)![1]!, 'hex');
    const bytes = readFileSync(file);
    for (let at = bytes.indexOf(buildId); at >= 0; at = bytes.indexOf(buildId, at + 1)) bytes[at]! ^= 0xff;
    writeFileSync(file, bytes);
    const profile = await readProfile(file);
    expect(profile.strings).not.toContain('do_syscall_64');
    expect(profile.meta.notes.join('\n')).toMatch(
      /no list of the symbols of the recorded kernel \(build-id \w{40}\) is here/,
    );
  });

  test.skipIf(!gpp)('binaries of another machine are found below --symfs', async () => {
    const program = join(folder, 'elsewhere');
    execFileSync('g++', ['-O2', '-fno-omit-frame-pointer', join(programs, 'busy.cpp'), '-o', program]);
    const file = recorded('elsewhere.data', 'fp', [program, '0.3']);
    const symfs = join(folder, 'other');
    execFileSync('mkdir', ['-p', join(symfs, folder)]);
    execFileSync('mv', [program, join(symfs, folder)]);
    expect((await readProfile(file)).strings).not.toContain('main');
    expect((await readProfile(file, { choices: { symfs } })).strings).toContain('main');
  });

  test('dated names beside a recording are used; a file that is none is said', async () => {
    const file = recorded('jit.data', 'fp', [process.execPath, ...node]);
    writeFileSync(`${file}.jit`, 'something else\n');
    const profile = await readProfile(file);
    expect(profile.meta.notes.join('\n')).toContain('jit.data.jit: it is no list of dated names');
  });
});
