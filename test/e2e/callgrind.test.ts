import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import type { CountersJson } from '../../src/render/counters/counters-json.ts';
import { requireTool } from '../require-tool.ts';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

const valgrind = requireTool('valgrind', findTool('valgrind') !== undefined);
const gcc = requireTool('gcc', findTool('gcc') !== undefined);

const SOURCE = `
#include <stdlib.h>
#include <signal.h>
#include <unistd.h>
__attribute__((noinline)) unsigned spin(unsigned n) { unsigned s = 0; for (unsigned i = 0; i < n; i++) s = s * 31 + i; return s; }
volatile unsigned sink;
int main(int argc, char **argv) {
  sink = spin(atoi(argv[1]));
  if (argc > 2 && argv[2][0] == 'w') for (;;) sink = spin(1000);
  if (argc > 2 && argv[2][0] == 'f') { if (fork() == 0) { sink = spin(500000); _exit(0); } sleep(1); }
  return argc > 2 ? atoi(argv[2]) : 0;
}`;

let program = '';

async function count(args: readonly string[], options: CliOptions = {}) {
  const cwd = options.cwd ?? workFolder();
  const TMPDIR = workFolder();
  const words = ['perf-stat', '--counter', 'callgrind', '-o', 'counts.json', ...args];
  const run = await runCli(words, { ...options, cwd, env: { TMPDIR } });
  const file = join(cwd, 'counts.json');
  const json = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CountersJson) : undefined;
  return { ...run, json, values: json?.counters[0]?.values ?? [], temporary: readdirSync(TMPDIR) };
}

describe.skipIf(!valgrind || !gcc)('callgrind', () => {
  beforeAll(() => {
    const cwd = workFolder();
    program = join(cwd, 'program');
    writeFileSync(`${program}.c`, SOURCE);
    execFileSync('gcc', ['-O1', '-g', `${program}.c`, '-o', program]);
  });

  test('counts instructions, the same to the digit in every run, and says who counted', async () => {
    const { code, json, values, stderr, temporary } = await count(['-r', '3', '--', program, '200000']);
    expect(code).toBe(0);
    expect(json!.counters).toMatchObject([{ name: 'callgrind-instructions', unit: 'count', source: 'callgrind' }]);
    expect(new Set(values).size).toBe(1);
    // Five instructions a turn of the loop, and what starting takes
    expect(values[0]).toBeGreaterThan(800_000);
    expect(values[0]).toBeLessThan(2_000_000);
    expect(stderr).toContain("counted by valgrind's simulation of a processor, exactly");
    expect(temporary).toEqual([]);
  });

  test('a hundredth more work is a hundredth more instructions', async () => {
    const one = (await count(['--', program, '1000000'])).values[0]!;
    const other = (await count(['--', program, '1010000'])).values[0]!;
    expect((other - one) / 10_000).toBeCloseTo(Math.round((other - one) / 10_000), 2);
    expect(other).toBeGreaterThan(one);
    const { stderr, code } = await runCli([
      ...['perf-stat', '--counter', 'callgrind', '-r', '2', '--fail-on-regression', '--vs', `${program} 1000000`],
      ...['--', program, '1010000'],
    ]);
    expect(stderr).toMatch(/callgrind-instructions +[\d,]+ +[\d,]+ +\+0\.\d\d% .* regressed/);
    expect(code).toBe(1);
  });

  test('caches and branches are simulated where that is asked for', async () => {
    const { json } = await count(['--cache-sim', '--branch-sim', '--', program, '1000']);
    expect(json!.counters.map(({ name }) => name)).toEqual([
      'callgrind-instructions',
      'callgrind-data-reads',
      'callgrind-data-writes',
      'callgrind-L1-icache-misses',
      'callgrind-L1-dcache-read-misses',
      'callgrind-L1-dcache-write-misses',
      'callgrind-LL-icache-misses',
      'callgrind-LL-dcache-read-misses',
      'callgrind-LL-dcache-write-misses',
      'callgrind-branches',
      'callgrind-branch-misses',
      'callgrind-indirect-branches',
      'callgrind-indirect-branch-misses',
    ]);
  });

  test('the program keeps its exit code and streams; a missing one is not found', async () => {
    const { code } = await count(['--', program, '10', '7']);
    expect(code).toBe(7);
    const { stdout } = await count(['--', 'sh', '-c', 'cat'], { stdin: 'through\n' });
    expect(stdout).toBe('through\n');
    expect((await count(['--', './no-such-program'])).code).toBe(127);
  });

  test('children are counted too', async () => {
    const alone = (await count(['--', program, '1000'])).values[0]!;
    const forked = (await count(['--', program, '1000', 'fork'])).values[0]!;
    expect(forked - alone).toBeGreaterThan(1_500_000);
  });

  test('Ctrl-C ends the program, not the counts', async () => {
    const { code, values, survivors } = await count(['--', program, '1000', 'wait'], {
      signals: [{ after: 5_000, signal: 'SIGINT', to: 'group' }],
    });
    expect(code).toBe(0);
    expect(values[0]).toBeGreaterThan(200_000);
    expect(survivors).toEqual([]);
  });

  test('node runs without chance of its own: two runs are within a ten-thousandth', async () => {
    const { code, values, stderr, stdout } = await count(['-r', '2', '--', 'node', '-e', 'console.log(6 * 7)']);
    expect(code).toBe(0);
    expect(stdout).toBe('42\n42\n');
    expect(Math.abs(values[0]! - values[1]!) / values[0]!).toBeLessThan(1e-4);
    expect(stderr).toContain('node runs without threads and chance of its own');
  });

  test('flame draws the instructions by function', async () => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(
      ['flame', '--collector', 'callgrind', '-o', 'out.folded', '--', program, '300000'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stderr).not.toContain('shares are rough');
    const folded = readFileSync(join(cwd, 'out.folded'), 'utf8');
    const spin = /;main [^;]*;spin [^;]* (\d+)$/m.exec(folded);
    expect(Number(spin?.[1])).toBeGreaterThan(1_000_000);
    const refused = await runCli(['flame', '--collector', 'callgrind', '-p', String(process.pid)], { cwd });
    expect(refused.code).toBe(125);
    expect(refused.stderr).toContain('callgrind cannot look into a running process');
  });
});
