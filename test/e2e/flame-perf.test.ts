import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { nodes } from '../other-nodes.ts';
import { functionsOf } from '../render/compact/data-of.ts';
import { requireTool } from '../require-tool.ts';
import { example, runCli, workFolder } from './run-cli.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);
const gcc = requireTool('gcc', findTool('gcc') !== undefined);

const line = (stderr: string): string => stderr.split('\n').find((text) => text.includes('error:')) ?? stderr;

describe.skipIf(!perf)('flame with perf', () => {
  test('shows JavaScript and native frames in one graph', async () => {
    const cwd = workFolder();
    const args = ['flame', '-o', 'out.svg', '--', 'node', example('server.js'), '--load', '1'];
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect(stderr).toContain('wrote out.svg');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^answered \d+ requests in 1 s\n$/);
    const svg = readFileSync(join(cwd, 'out.svg'), 'utf8');
    const names = functionsOf(svg);
    expect(names).toContainEqual(expect.stringMatching(/^findProducts .*server\.js:\d+:\d+$/));
    expect(names).toContainEqual(expect.stringMatching(/^(node::|uv_|v8::)/));
  });

  test('one stack holds both, from main to JavaScript', async () => {
    const args = ['flame', '--format', 'folded', '-o', 'out.folded', '--', 'node', example('server.js'), '--load', '1'];
    const cwd = workFolder();
    await runCli(args, { cwd });
    const folded = readFileSync(join(cwd, 'out.folded'), 'utf8').split('\n');
    const both = folded.filter((stack) => /;(uv_run|node::\w+[^;]*);.*;findProducts [^;]*server\.js:/.test(stack));
    expect(both.length).toBeGreaterThan(0);
    expect(folded.filter((stack) => stack.startsWith('sh;') || stack.startsWith('setpriv;'))).toEqual([]);
  });

  test('leaves nothing behind but the picture', async () => {
    const cwd = workFolder();
    const TMPDIR = workFolder();
    const script = 'console.log(process.pid); for (let i = 0; i < 3e8; i++);';
    const { stdout, stderr } = await runCli(['flame', '--', 'node', '-e', script], { cwd, env: { TMPDIR } });
    expect(stderr).toContain('wrote flamegraph.svg');
    expect(readdirSync(TMPDIR)).toEqual([]);
    expect(existsSync(`/tmp/perf-${Number(stdout)}.map`)).toBe(false);
    expect(readdirSync(cwd)).toEqual(['flamegraph.svg']);
  });

  test('a private folder that cannot be removed is told in one line, and the picture is there', async () => {
    const cwd = workFolder();
    const TMPDIR = workFolder();
    // Longer than a path may be: whoever goes there goes step by step
    const script = `
      process.chdir(require('node:fs').readdirSync('.').find((name) => name.startsWith('pforge-prof-')));
      for (let depth = 0; depth < 20; depth++) {
        require('node:fs').mkdirSync('x'.repeat(250));
        process.chdir('x'.repeat(250));
      }
      for (let i = 0; i < 3e8; i++);`;
    const words = ['flame', '-q', '-o', join(cwd, 'out.svg'), '--', 'node', '-e', script];
    try {
      const { code, stderr } = await runCli(words, { cwd: TMPDIR, env: { TMPDIR } });
      expect(stderr).toMatch(
        /^pforge-prof: note: \S+\/pforge-prof-\w+ is left: it cannot be removed \(ENAMETOOLONG\)\n$/,
      );
      expect(code).toBe(0);
      expect(readdirSync(cwd)).toEqual(['out.svg']);
    } finally {
      execFileSync('rm', ['-rf', TMPDIR]);
    }
  });

  test('names regular expressions, on every node', async () => {
    const cwd = workFolder();
    const script =
      "for (let i = 0; i < 3e6; i++) /(\\w+)@(\\w+)[.]com/.test('some words, user1@example5.com and more')";
    for (const [, node] of nodes()) {
      await runCli(['flame', '--format', 'folded', '-o', 'o', '--', node, '-e', script], { cwd });
      expect(readFileSync(join(cwd, 'o'), 'utf8')).toContain(';RegExp: (\\w+)@(\\w+)[.]com ');
    }
  });

  test('names the JavaScript of node programs that a script starts', async () => {
    const cwd = workFolder();
    const script = `node -e 'function hotChild() { for (let i = 0; i < 3e8; i++); } hotChild()'`;
    await runCli(['flame', '--format', 'folded', '-o', 'o', '--', 'sh', '-c', `${script}; exit 0`], { cwd });
    expect(readFileSync(join(cwd, 'o'), 'utf8')).toContain(';hotChild ');
  });

  test('attaches to a running process for a while and leaves it alone', async () => {
    const { spawn } = await import('node:child_process');
    const busy = spawn(process.execPath, [
      '--perf-basic-prof-only-functions',
      '-e',
      'function hotLoop() { for (;;); } hotLoop()',
    ]);
    const cwd = workFolder();
    const args = ['flame', '--pid', String(busy.pid), '-d', '0.5', '--format', 'folded', '-o', 'o'];
    const { code } = await runCli(args, { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'o'), 'utf8')).toContain('hotLoop');
    expect(busy.exitCode).toBe(null);
    busy.kill('SIGKILL');
  });

  test('a process that is not there is a usage error', async () => {
    const { code, stderr } = await runCli(['flame', '--pid', '999999999', '-d', '1']);
    expect(line(stderr)).toContain('there is no process 999999999');
    expect(code).toBe(2);
  });

  test('an event that this machine does not have is said before the program runs', async () => {
    const { code, stdout, stderr } = await runCli(['flame', '-e', 'no-such-event', '--', 'echo', 'ran']);
    expect(code).toBe(125);
    expect(stdout).toBe('');
    expect(line(stderr)).toMatch(/does not have that event; .*cpu-clock/);
  });

  test('no sample is an error, and an older picture stays', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'flamegraph.svg'), 'older');
    const { code, stderr } = await runCli(['flame', '-F', '1', '--', 'true'], { cwd });
    expect(line(stderr)).toMatch(/no samples in [\d.]+ s at 1 Hz: nothing to draw/);
    expect(code).toBe(125);
    expect(readFileSync(join(cwd, 'flamegraph.svg'), 'utf8')).toBe('older');
    expect(readdirSync(cwd)).toEqual(['flamegraph.svg']);
  });

  test('a ./perf in the current folder never runs', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'perf'), '#!/bin/sh\ntouch "$0.ran"\n');
    chmodSync(join(cwd, 'perf'), 0o755);
    const PATH = `:.:${process.env.PATH}`;
    const { code } = await runCli(['flame', '--', 'node', '-e', 'for (let i = 0; i < 2e8; i++);'], {
      cwd,
      env: { PATH },
    });
    expect(code).toBe(0);
    expect(existsSync(join(cwd, 'perf.ran'))).toBe(false);
  });
});

describe.skipIf(!perf || !gcc)('flame with perf and native programs', () => {
  const folder = workFolder();
  const compile = (name: string, source: string, ...flags: string[]): string => {
    const program = join(folder, name);
    execFileSync('gcc', ['-O2', '-g', ...flags, source, '-o', program]);
    return program;
  };
  let withPointers = '';
  let withoutPointers = '';
  let crashing = '';

  beforeAll(() => {
    withPointers = compile('primes', example('primes.c'), '-fno-omit-frame-pointer');
    withoutPointers = compile('primes-omit', example('primes.c'), '-fomit-frame-pointer');
    const source = join(folder, 'crash.c');
    writeFileSync(
      source,
      `#include <stdlib.h>
       int main(void) { for (volatile long i = 0; i < 200000000; i++); *(volatile int *)0 = 1; return 0; }`,
    );
    crashing = compile('crash', source, '-fno-omit-frame-pointer');
  });

  test('a C program with frame pointers', async () => {
    const cwd = workFolder();
    const { code, stdout } = await runCli(['flame', '--format', 'folded', '-o', 'o', '--', withPointers, '1000000'], {
      cwd,
    });
    expect(code).toBe(0);
    expect(stdout).toBe('78498 primes below 1000000\n');
    expect(readFileSync(join(cwd, 'o'), 'utf8')).toMatch(/primes;.*main;count_primes;is_prime(;divides)? \d+/);
  });

  test('a C program without frame pointers still gives whole stacks', async () => {
    const cwd = workFolder();
    await runCli(['flame', '--format', 'folded', '-o', 'o', '--', withoutPointers, '1000000'], { cwd });
    expect(readFileSync(join(cwd, 'o'), 'utf8')).toMatch(/main;count_primes;is_prime(;divides)? \d+/);
  });

  test('a program that exits 7 makes the command exit 7, with the graph written', async () => {
    const cwd = workFolder();
    const program = ['sh', '-c', `${withPointers} 1000000 >/dev/null; exit 7`];
    const { code, stderr } = await runCli(['flame', '--', ...program], { cwd });
    expect(code).toBe(7);
    expect(stderr).toMatch(/wrote flamegraph.svg .*; the program exited 7/);
    expect(readFileSync(join(cwd, 'flamegraph.svg'), 'utf8')).toMatch(/<\/svg>\s*$/);
  });

  test('a program killed by SIGSEGV gives 139, with the graph written', async () => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(['flame', '--', crashing], { cwd });
    expect(code).toBe(139);
    expect(stderr).toContain('the program was killed by SIGSEGV');
    expect(readFileSync(join(cwd, 'flamegraph.svg'), 'utf8')).toMatch(/<title>main /);
  });
});
