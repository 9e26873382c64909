import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { heaptrackAsMassif } from '../../src/formats/heaptrack/as-massif.ts';
import { readHeaptrack } from '../../src/formats/heaptrack/read-heaptrack.ts';
import { openInput } from '../../src/formats/input.ts';
import { findTool } from '../../src/processes/executables.ts';
import { findLibrary } from '../../src/processes/libraries.ts';
import { requireTool } from '../require-tool.ts';
import { pathWith } from './fake-tools.ts';
import { root, runCli, workFolder } from './run-cli.ts';

const gcc = requireTool('gcc', findTool('gcc') !== undefined);
const heaptrack = requireTool('heaptrack', findTool('heaptrack') !== undefined) && gcc;
const jemalloc = requireTool('libjemalloc2', findLibrary('libjemalloc.so.2') !== undefined) && gcc;
const valgrind = requireTool('valgrind', findTool('valgrind') !== undefined);
const massifOut = join(root, 'fixtures/massif/peaks.out');
const heaptrackOut = join(root, 'fixtures/heaptrack/peaks.heaptrack');

function compiled(cwd: string, source = 'peaks', ...options: string[]): string {
  const program = join(cwd, source);
  execFileSync('gcc', ['-g', '-O1', ...options, join(root, 'fixtures/src', `${source}.c`), '-o', program]);
  return program;
}

/** Allocates and keeps 200 MiB in blocks of 20 KiB; with an argument it then waits, else it frees every other block and exits 3. */
const KEEPER = `#include <stdlib.h>
#include <stdio.h>
#include <unistd.h>
static void *kept[10240];
__attribute__((noinline)) static void hoard(void) { for (int i = 0; i < 10240; i++) kept[i] = malloc(20480); }
int main(int argc, char **argv) {
  hoard();
  puts("hoarded"); fflush(stdout);
  if (argc > 1) for (;;) sleep(1);
  for (int i = 0; i < 10240; i += 2) free(kept[i]);
  return 3;
}
`;

function keeper(cwd: string): string {
  writeFileSync(join(cwd, 'keeper.c'), KEEPER);
  execFileSync('gcc', ['-g', '-O1', join(cwd, 'keeper.c'), '-o', join(cwd, 'keeper')]);
  return './keeper';
}

describe.skipIf(!heaptrack)('massif --tool heaptrack', () => {
  test('totals are those of heaptrack_print; the program’s output and exit code are its own', async () => {
    const cwd = workFolder();
    const run = await runCli(['massif', '--tool', 'heaptrack', '--json', '-o', 'x.json', '--', keeper(cwd)], { cwd });
    expect([run.code, run.stdout.split('\n')[0], run.survivors]).toEqual([3, 'hoarded', []]);
    expect(run.stderr).toMatch(/kept heaptrack\.(?:zst|gz) \(\d+ KiB\); the program exited 3/);
    const printed = execFileSync('heaptrack_print', ['heaptrack.zst'], { cwd }).toString();
    const { stdout } = await runCli(['massif', '--json', 'heaptrack.zst'], { cwd });
    const { allocations, peak, sites } = JSON.parse(stdout);
    expect(printed).toContain(`calls to allocation functions: ${allocations.calls} `);
    expect(printed).toContain(`peak heap memory consumption: ${(peak.total / 1e6).toFixed(2)}M`);
    expect(printed).toContain(`total memory leaked: ${(allocations.leftBytes / 1e6).toFixed(2)}M`);
    expect(sites[0]).toMatchObject({ name: 'hoard', bytes: 10240 * 20480, line: 5 });
    expect(allocations.sites[0]).toMatchObject({ name: 'hoard', calls: 10240, leftBlocks: 5120, temporary: 0 });
  });

  test('Ctrl-C keeps what was recorded', async () => {
    const cwd = workFolder();
    const { code, stdout, stderr, survivors } = await runCli(
      ['massif', '--tool', 'heaptrack', '-o', 'heap.svg', '--', keeper(cwd), 'wait'],
      { cwd, signals: [{ after: 'hoarded', signal: 'SIGINT', to: 'group' }] },
    );
    expect([code, stdout, survivors]).toEqual([0, 'hoarded\n', []]);
    expect(stderr).toContain('kept heaptrack.zst');
    expect(readFileSync(join(cwd, 'heap.svg'), 'utf8')).toContain('hoard (');
  });

  test('what it cannot see, and what is not there', async () => {
    const cwd = workFolder();
    const fixed = compiled(cwd, 'peaks', '-static');
    const hidden = await runCli(['massif', '--tool', 'heaptrack', '--', fixed], { cwd });
    expect(hidden.code).toBe(125);
    expect(hidden.stderr).toBe(
      `pforge-prof: error: heaptrack does not see what ${fixed} allocates: it is linked statically; massif --pages-as-heap sees its pages, massif --rss how large it gets\n`,
    );
    expect((await runCli(['massif', '--tool', 'heaptrack', '--', './nothing'], { cwd })).code).toBe(127);
    const missing = await runCli(['massif', '--tool', 'heaptrack', '--', 'node', '--version'], {
      cwd,
      env: { PATH: pathWith({}) },
    });
    expect([missing.code, missing.stderr]).toEqual([
      125,
      'pforge-prof: error: heaptrack is not installed; apt-get install heaptrack\n',
    ]);
    expect(existsSync(join(cwd, 'heaptrack.zst'))).toBe(false);
    const mixed = await runCli(['massif', '--tool', 'heaptrack', '--depth', '3', '--', 'true'], { cwd });
    expect([mixed.code, mixed.stderr]).toEqual([
      2,
      'pforge-prof: error: --tool heaptrack runs no valgrind; leave the options of valgrind out\n',
    ]);
  });

  test('a path with blanks and an equals sign', async () => {
    const cwd = workFolder();
    compiled(cwd);
    copyFileSync(join(cwd, 'peaks'), join(cwd, 'größe=1 x'));
    execFileSync('chmod', ['+x', join(cwd, 'größe=1 x')]);
    const { code, stdout } = await runCli(['massif', '--tool', 'heaptrack', '--', './größe=1 x', 'a b'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('Command:            ./größe=1 x a b\n');
    expect(stdout).toMatch(/1 +907 KiB +92\.\d+% +grab \(/);
  });
});

test.skipIf(!heaptrack).each([
  ['fails', 'echo "libdw is too old" >&2; exit 1', 'heaptrack left no recording: libdw is too old'],
  [
    'was told of nothing',
    'echo "allocations: 0" >&2',
    'heaptrack does not see what true allocates: it changes its user',
  ],
])('an interpreter of heaptrack that %s', async (_what, said, message) => {
  const home = workFolder();
  mkdirSync(join(home, 'lib/heaptrack/libexec'), { recursive: true });
  mkdirSync(join(home, 'bin'));
  copyFileSync(findTool('heaptrack')!, join(home, 'bin/heaptrack'));
  const theirs = join(dirname(realpathSync(findTool('heaptrack')!)), '../lib/heaptrack/libheaptrack_preload.so');
  symlinkSync(theirs, join(home, 'lib/heaptrack/libheaptrack_preload.so'));
  const interpreter = join(home, 'lib/heaptrack/libexec/heaptrack_interpret');
  writeFileSync(interpreter, `#!/bin/sh\ncat > /dev/null\n${said}\n`, { mode: 0o755 });
  const cwd = workFolder();
  const env = { PATH: `${join(home, 'bin')}:${process.env.PATH}` };
  const { code, stderr } = await runCli(['massif', '--tool', 'heaptrack', '--', 'true'], { cwd, env });
  expect(stderr).toContain(`error: ${message}`);
  expect([code, readdirSync(cwd)]).toEqual([125, []]);
});

describe.skipIf(!jemalloc)('massif --tool jemalloc', () => {
  test('the heap over time by samples, with names; the last dump is read too', async () => {
    const cwd = workFolder();
    const { code, stdout, stderr } = await runCli(['massif', '--tool', 'jemalloc', '--', keeper(cwd)], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain('note: jemalloc samples one allocation in 512 KiB: numbers are estimates');
    expect(stderr).toContain('kept jemalloc.out jemalloc.heap');
    expect(stdout).toMatch(/^Peak +\d+ MiB {2}snapshot \d of \d, marked by jemalloc$/m);
    const result = JSON.parse((await runCli(['massif', '--json', 'jemalloc.out'], { cwd })).stdout);
    // 200 MiB; looked at after each 64
    expect(result.peak.total).toBeGreaterThan(110 << 20);
    expect(result.peak.total).toBeLessThan(250 << 20);
    expect(result.sites[0]).toMatchObject({ name: 'hoard', line: 5 });
    expect(stdout).toMatch(/^ +1 +[\d,]+ +\d+\.\d+% +(?:1[5-9]|2[0-4])\d MiB +\d+(?:\.\d+)? MiB {2}hoard \(/m);
    const folded = await runCli(['convert', 'jemalloc.heap', '--event-filter', 'alloc_space', '--format', 'folded'], {
      cwd,
    });
    expect(folded.stdout).toMatch(/main \S+:7;hoard \S+:5 [12]\d{8}\n/);
  });

  test('a program that a signal ends: what was looked at last', async () => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(
      ['massif', '--tool', 'jemalloc', '-o', 'heap.svg', '--', keeper(cwd), 'wait'],
      { cwd, signals: [{ after: 'hoarded', signal: 'SIGINT', to: 'group' }] },
    );
    expect(code).toBe(0);
    expect(stderr).toContain('it writes at the end of a program only where that ends by itself');
    expect(readFileSync(join(cwd, 'heap.svg'), 'utf8')).toContain('hoard (');
  });

  test.each([
    ['that is killed before it has allocated much', ['sh', '-c', 'kill -9 $$'], 'it was ended by a signal before'],
    ['that goes on without jemalloc', ['env', '-u', 'LD_PRELOAD', '-u', 'MALLOC_CONF', 'true'], 'it changes its user'],
  ])('a program %s leaves nothing, and why is said', async (_which, program, why) => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(['massif', '--tool', 'jemalloc', '--', ...program], { cwd });
    expect(stderr).toContain(`jemalloc left nothing of ${program[0]}: ${why}`);
    expect(code).toBe(125);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('flame --heap', () => {
  test.skipIf(!heaptrack)('draws the peak by heaptrack where that is installed', async () => {
    const cwd = workFolder();
    const { code, stderr, stdout } = await runCli(
      ['flame', '--heap', '--format', 'folded', '-o', 'x', '--', keeper(cwd)],
      {
        cwd,
      },
    );
    expect([code, stdout]).toEqual([3, 'hoarded\n']);
    expect(stderr).toContain('recording with heaptrack');
    expect(readFileSync(join(cwd, 'x'), 'utf8')).toMatch(/^main \S+:7;hoard \S+:5 209715200$/m);
  });

  test.skipIf(!valgrind || !gcc)('a static program: massif and dhat do not see it either, and say so', async () => {
    const cwd = workFolder();
    const fixed = compiled(cwd, 'peaks', '-static');
    const unseen = (tool: string) =>
      `note: the program is linked statically, so ${tool} does not see what it allocates: massif --pages-as-heap sees`;
    expect((await runCli(['massif', '--', fixed], { cwd })).stderr).toContain(unseen('massif'));
    expect((await runCli(['dhat', '--', fixed], { cwd })).stderr).toContain(unseen('dhat'));
    const pages = await runCli(['massif', '--pages-as-heap', '--json', '--', fixed], { cwd });
    expect(pages.stderr).not.toContain('linked statically');
    expect(JSON.parse(pages.stdout).maximum.total).toBeGreaterThan(900 << 10);
  });

  test.skipIf(!jemalloc)('by jemalloc: estimates, and that is said', async () => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(
      ['flame', '--collector', 'jemalloc', '--format', 'folded', '-o', 'x', '--', keeper(cwd)],
      { cwd },
    );
    expect(code).toBe(3);
    expect(stderr).toContain('note: jemalloc samples one allocation in 512 KiB: numbers are estimates');
    expect(readFileSync(join(cwd, 'x'), 'utf8')).toMatch(/main \S+:7;hoard \S+:5 [12]\d{8}\n/);
  });

  test.skipIf(!valgrind || !gcc)(
    'by massif where it is not, or is asked for; a caller is one frame in pictures',
    async () => {
      const cwd = workFolder();
      const { stdout, code } = await runCli(
        ['flame', '--collector', 'massif', '--format', 'text', '-o', '-', '--', compiled(cwd)],
        { cwd },
      );
      expect(code).toBe(0);
      expect(stdout).toMatch(/main peaks\.c\n/);
      expect(stdout).toMatch(/grab peaks\.c:8/);
    },
  );

  test('recordings that are there: the peak, or any snapshot', async () => {
    const peak = await runCli(['flame', '--heap', '--format', 'text', massifOut]);
    expect(peak.stdout).toContain('923 KiB');
    const early = await runCli(['flame', '--heap', '--snapshot', '21', '--format', 'folded', massifOut]);
    expect(early.stderr).toContain('snapshot 21 of 94, with details');
    const report = await runCli(['report', '--snapshot', 'peak', '--json', massifOut]);
    expect(JSON.parse(report.stdout).weight.total).toBe(945_376);
    const cwd = workFolder();
    for (const [name, input] of [
      ['a.pprof', massifOut],
      ['b.speedscope.json', heaptrackOut],
    ] as const) {
      expect(
        (
          await runCli(
            ['convert', input, '-o', name, ...(name === 'b.speedscope.json' ? ['--format', 'speedscope'] : [])],
            { cwd },
          )
        ).code,
      ).toBe(0);
    }
    const again = await runCli(['report', '--json', 'a.pprof'], { cwd });
    expect(JSON.parse(again.stdout).weight).toMatchObject({ unit: 'bytes', total: 945_376 });
  });

  test.each([
    [['flame', '--heap', join(root, 'fixtures/folded/threads.folded')], 'there is no memory in a recording of samples'],
    [['flame', '--heap', '-e', 'cycles', '--', 'true'], '--heap and --event contradict each other'],
    [['flame', '--heap', '--collector', 'v8', '--', 'true'], '--heap and --collector v8 contradict each other'],
    [['flame', '--heap', '--pid', '1'], 'the heap of a process that runs already cannot be recorded'],
    [
      ['report', '--snapshot', '1', join(root, 'fixtures/dhat/blocks.out')],
      'is no heap over time (dhat): it has no snapshots',
    ],
  ])('%j is refused in one line', async (args, said) => {
    const { code, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

const perf = requireTool('perf', findTool('perf') !== undefined);
test.skipIf(!perf || !gcc)('who grew the resident memory: docs/massif.md’s page faults', async () => {
  const cwd = workFolder();
  const source = `#include <stdlib.h>
char *volatile kept[60];
__attribute__((noinline)) static void grows(int i) {
  kept[i] = malloc(1 << 20);
  for (int at = 0; at < 1 << 20; at += 4096) kept[i][at] = 1;
}
int main(void) { for (int i = 0; i < 60; i++) grows(i); return 0; }
`;
  writeFileSync(join(cwd, 'toucher.c'), source);
  execFileSync('gcc', ['-g', '-O1', '-fno-omit-frame-pointer', 'toucher.c', '-o', 'toucher'], { cwd });
  const { stdout } = await runCli(['flame', '-e', 'page-faults', '--json', '-o', 'x.svg', '--', './toucher'], { cwd });
  const { top, weight } = JSON.parse(stdout);
  expect(weight.type).toBe('page-faults');
  // 60 MiB in pages of 4 KiB, all touched for the first time there
  const grew = top.find(({ name }: { name: string }) => name === 'grows').total * 4096;
  expect(grew).toBeGreaterThan(0.9 * 60 * 2 ** 20);
  expect(grew).toBeLessThan(1.1 * 60 * 2 ** 20);
});

test.skipIf(!valgrind)('what ms_print would say of heaptrack’s recordings, byte for byte', async () => {
  const cwd = workFolder();
  for (const name of ['peaks', 'leak', 'deep', 'empty', 'names', 'odd-path']) {
    const input = join(root, 'fixtures/heaptrack', `${name}.heaptrack`);
    const recording = await readHeaptrack(await openInput(input));
    writeFileSync(join(cwd, 'x'), [...heaptrackAsMassif(recording)].join(''));
    const golden = execFileSync('ms_print', ['x'], { cwd }).toString();
    const { stdout } = await runCli(['massif', '--ms-print', input], { cwd });
    expect(stdout.replace(`ms_print arguments: ${input}`, 'ms_print arguments: x')).toBe(golden);
  }
});
