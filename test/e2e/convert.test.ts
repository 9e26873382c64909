import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, workFolder } from './run-cli.ts';

const folded = 'main;parse;scan 30\nmain;render 70\n';

const PERF_SCRIPT = `app 12/12 1.000000: 10 cycles:
	ffffffff81 sys_read+0x1 ([kernel.kallsyms])
	       401 work+0x1 (/bin/app)
	       400 main+0x1 (/bin/app)

app helper 12/13 2.500000: 20 cycles:
	       501 Interpreter (/tmp/perf-12.map)
	       400 main+0x1 (/bin/app)

other 14/14 4.000000: 1 instructions:
	       400 main+0x1 (/bin/other)

`;

const convert = (args: readonly string[], stdin: string, cwd = workFolder()) =>
  runCli(['convert', ...args], { cwd, stdin });

describe('convert', () => {
  test('folded text on standard output without -o', async () => {
    const { code, stdout } = await convert(['-q', '-'], PERF_SCRIPT);
    expect(stdout).toBe('app;main;work;sys_read 10\napp_helper;main;Interpreter 20\n');
    expect(code).toBe(0);
  });

  test('the extension of -o picks the format; what is written can be read', async () => {
    const cwd = workFolder();
    for (const name of ['x.json', 'x.cpuprofile', 'x.folded', 'x.txt']) {
      const { code, stdout, stderr } = await convert(['-', '-o', name], folded, cwd);
      expect(stdout).toBe('');
      expect(stderr).toMatch(`wrote ${name}`);
      expect(code).toBe(0);
      const back = await convert(['-q', name], '', cwd);
      expect(back.stdout).toMatch(/^main;parse;scan \d+\nmain;render \d+\n$/m);
    }
    expect(readdirSync(cwd).sort()).toEqual(['x.cpuprofile', 'x.folded', 'x.json', 'x.txt']);
  });

  test('several inputs merge; --format and --input-format override', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'a.svg'), folded);
    const { stdout } = await convert(['-q', 'a.svg', '-', '--input-format', 'folded', '--format', 'json'], folded, cwd);
    expect(JSON.parse(stdout)).toMatchObject({ pforgeProf: 'profile' });
    const merged = await convert(['-q', 'a.svg', '-'], folded, cwd);
    expect(merged.stdout).toBe('main;parse;scan 60\nmain;render 140\n');
  });

  test('--json tells what was written', async () => {
    const { stdout } = await convert(['-', '-o', 'x.folded', '--json', '-q'], folded);
    expect(JSON.parse(stdout)).toMatchObject({ output: 'x.folded', format: 'folded', weight: { total: 100 } });
  });

  test('what the format cannot hold is said, and only what the profile has', async () => {
    const said = async (stdin: string, ...args: string[]) =>
      (await convert(['-', ...args], stdin)).stderr.split('\n').filter((line) => line.includes('hold'));
    expect(await said(PERF_SCRIPT)).toEqual([
      'pforge-prof: note: folded stacks hold no times, no thread ids, no weights beside cycles (samples, instructions), ' +
        'no modules and no kinds of code: left out (json keeps them)',
    ]);
    expect(await said(PERF_SCRIPT, '-o', 'x.json')).toEqual([]);
    expect(await said(folded)).toEqual([]);
    expect(await said(folded, '-o', 'x.pprof')).toEqual([]);
    const { stdout } = await convert(['-', '-o', 'x.pprof', '--json', '-q'], PERF_SCRIPT);
    expect(JSON.parse(stdout).notes).toContain('pprof files hold no times: left out (json keeps them)');
  });

  test('flame says it too', async () => {
    const args = ['flame', '-', '-o', 'x.gecko'];
    const note = 'Firefox profiles hold no weights beside cycles (samples, instructions): left out (json keeps them)';
    expect((await runCli(args, { stdin: PERF_SCRIPT })).stderr).toContain(`pforge-prof: note: ${note}\n`);
    const { stdout } = await runCli([...args, '--json', '-q'], { stdin: PERF_SCRIPT });
    expect(JSON.parse(stdout).notes).toContain(note);
  });

  test.each<[readonly string[], string]>([
    [['--pids'], 'app-12;main;work;sys_read 10\napp_helper-12;main;Interpreter 20\n'],
    [['--tids'], 'app-12/12;main;work;sys_read 10\napp_helper-12/13;main;Interpreter 20\n'],
    [['--kernel'], 'app;main;work;sys_read_[k] 10\napp_helper;main;Interpreter 20\n'],
    [['--jit'], 'app;main;work;sys_read 10\napp_helper;main;Interpreter_[j] 20\n'],
    [['--all'], 'app;main;work;sys_read_[k] 10\napp_helper;main;Interpreter_[j] 20\n'],
    [['--event-filter', 'instructions'], 'other;main 1\n'],
    [['--event-filter', 'instructions:u'], 'other;main 1\n'],
    [['--event', 'instructions'], 'other;main 1\n'],
    [['--skip-after', 'work'], 'app_helper;main;Interpreter 20\nwork;sys_read 10\n'],
    [['--thread', 'helper'], 'app_helper;main;Interpreter 20\n'],
    [['--pid', '12', '--focus', 'work'], 'app;main;work;sys_read 10\n'],
    [['--time', '1..2'], 'app_helper;main;Interpreter 20\n'],
    [['--time', '..1.5'], 'app;main;work;sys_read 10\n'],
    [['--hide', 'work', '--time', '..1'], 'app;main;sys_read 10\n'],
  ])('%j', async (args, expected) => {
    expect((await convert(['-q', ...args, '-'], PERF_SCRIPT)).stdout).toBe(expected);
  });

  test.each([
    ['--pids', 'json'],
    ['--tids', 'json'],
    ['--pids', 'speedscope'],
    ['--pids', 'pprof'],
    ['--pids', 'gecko'],
  ])('%s as %s: the root frames stand once in the file', async (option, format) => {
    const cwd = workFolder();
    await convert(['-q', option, '-o', `x.${format}`, '-'], PERF_SCRIPT, cwd);
    const expected = (await convert(['-q', option, '-'], PERF_SCRIPT)).stdout;
    expect((await convert(['-q', `x.${format}`], '', cwd)).stdout).toBe(expected);
  });

  test('what was left out is said', async () => {
    const { stderr } = await convert(['--thread', 'helper', '-'], PERF_SCRIPT);
    expect(stderr).toContain('--thread left out 33.3% of the weight');
  });

  test.each<[readonly string[], RegExp]>([
    [[], /nothing to convert/],
    [['-', '--', 'true'], /convert runs no program; pforge-prof flame records one/],
    [['-', '-o', 'x.svg'], /extension \.svg; .*--format: .*folded.*flame/],
    [['-', '--format', 'nope'], /--format.*nope.*folded/],
    [['-', '--event-filter', 'nope'], /no event nope in the recording; it has samples/],
    [['-', '--thread', 'x'], /--thread cannot choose/],
    [['-', '--pid', '1'], /--pid cannot choose/],
    [['-', '--time', '1..2'], /--time cannot choose/],
    [['-', '--time', '2..1'], /--time.*two numbers/],
    [['-', '--focus', 'nothing'], /no sample is left/],
    [['-', '--json'], /both want standard output/],
  ])('usage: convert %j', async (args, pattern) => {
    const { code, stdout, stderr } = await convert(args, folded);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(pattern);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('--help has examples', async () => {
    const { stdout } = await runCli(['convert', '--help']);
    expect(stdout).toContain('pforge-prof convert perf.data -o out.folded');
    expect(stdout).toMatch(/--skip-after <function>/);
  });
});

describe('flame has the same options', () => {
  test('--all in folded text, --tids in the picture', async () => {
    const run = (...args: string[]) => runCli(['flame', '-q', ...args, '-'], { stdin: PERF_SCRIPT });
    expect((await run('--format', 'folded', '--all')).stdout).toContain('sys_read_[k] 10\n');
    expect((await run('--tids')).stdout).toContain('<title>app-12/12 (');
    expect((await run('--format', 'md')).stdout).toMatch(/^# Profile\n/);
  });
});
