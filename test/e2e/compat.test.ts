import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, workFolder } from './run-cli.ts';

const PERF_SCRIPT = `my app 12/13 1.000000: 10 cycles:ppp:
	ffffffff81 sys_read+0x1 ([kernel.kallsyms])
	       401 std::map<int, void (*)(int)>::at(int)+0x1 (/bin/app)
	       400 (anonymous namespace)::main+0x1 (/bin/app)

my app 12/13 1.100000: 5 cycles:ppp:
	       401 fib+0x1 (/bin/app)
	       401 fib+0x3 (/bin/app)

my app 12/13 2.000000: 1 cycles:ppp:
	       401 last (/bin/app)
`;

const DTRACE = `CPU     ID                    FUNCTION:NAME\n\n  a.out\`f+0x2\n  a.out\`main\n  3\n`;

const run = (args: readonly string[], stdin: string) => runCli(args, { cwd: workFolder(), stdin });

describe('--compat', () => {
  test('perl: the text of stackcollapse-perf.pl on standard output, what it lost on standard error', async () => {
    const { code, stdout, stderr } = await run(
      ['convert', '-', '-o', '-', '--format', 'folded', '--compat', 'perl', '--kernel', '--tids'],
      PERF_SCRIPT,
    );
    expect(stdout).toBe('my_app-12/13;fib;fib 5\nmy_app-12/13;std::map<int, void ;sys_read_[k] 10\n');
    expect(stderr).toMatch('the last sample is not closed by a blank line and left out: 1');
    expect(stderr).toMatch('frames whose name starts with a bracket left out: 1');
    expect(code).toBe(0);
  });

  test('inferno: its own names, and the sample at the end', async () => {
    const { stdout } = await run(['convert', '-q', '-', '--compat', 'inferno'], PERF_SCRIPT);
    expect(stdout).toBe('my_app;fib;fib 5\nmy_app;last 1\nmy_app;std::map<int, void (*)(int)>::at;sys_read 10\n');
    expect((await run(['convert', '-q', '-', '--compat', 'inferno'], DTRACE)).stdout).toBe('a.out`main;a.out`f 3\n');
  });

  test('report and flame see the same names', async () => {
    const report = await run(['report', '-', '--compat', 'perl', '--format', 'csv'], PERF_SCRIPT);
    expect(report.stdout).toMatch('std::map<int, void ');
    const flame = await run(['flame', '-', '-o', '-', '--compat', 'perl', '--pids', '--fold-recursion'], PERF_SCRIPT);
    expect(flame.stdout).toMatch(/<title>my_app-12 /);
    expect(flame.stdout).toMatch(/<title>fib \(5 /);
    const folded = await run(
      ['flame', '-', '-o', '-', '--format', 'folded', '--compat', 'perl', '--fold-recursion'],
      PERF_SCRIPT,
    );
    expect(folded.stdout).toBe('my_app;fib 5\nmy_app;std::map<int, void ;sys_read 10\n');
  });

  test('no samples is no error: the other tool prints nothing', async () => {
    const { code, stdout } = await run(['convert', '-', '--compat', 'perl', '--event-filter', 'x'], PERF_SCRIPT);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  test('a format that the other tool does not read is refused, naming those that it does', async () => {
    const { code, stderr } = await run(['convert', '-', '--compat', 'perl'], DTRACE);
    expect(stderr).toBe(
      'pforge-prof: error: --compat perl does not read dtrace (standard input); it reads perf-data, perf-script\n',
    );
    expect(code).toBe(2);
    expect((await run(['report', '-', '--compat', 'inferno'], 'a;b 1\n')).stderr).toMatch(
      'it reads perf-data, perf-script, dtrace',
    );
  });

  test('what makes no sense is refused', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'a.txt'), PERF_SCRIPT);
    for (const args of [
      ['convert', 'a.txt', 'a.txt', '--compat', 'perl'],
      ['flame', '--compat', 'perl', '--', 'true'],
      ['convert', 'a.txt', '--no-modules'],
      ['convert', 'a.txt', '--compat', 'perl', '--skip-after', 'f'],
      ['report', 'a.txt', '--compat', 'inferno', '--inline'],
      ['convert', 'a.txt', '--compat', 'perl6'],
    ]) {
      const { code, stderr } = await runCli(args, { cwd });
      expect(stderr).toMatch(/--(?:compat|no-modules)/);
      expect(code).toBe(2);
    }
  });
});

test('--fold-recursion: frames that repeat directly become one', async () => {
  const { stdout } = await run(
    ['convert', '-q', '-', '--fold-recursion'],
    'main;f;f;f;g 1\nmain;f;g 2\nmain;f;g;f 3\n',
  );
  expect(stdout).toBe('main;f;g 3\nmain;f;g;f 3\n');
});
