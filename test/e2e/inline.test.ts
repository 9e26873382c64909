import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { elfOfBytes } from '../../src/symbols/elf-file.ts';
import { requireTool } from '../require-tool.ts';
import { runCli, workFolder } from './run-cli.ts';

const perf = findTool('perf');
const tools = ['perf', 'gcc', 'addr2line', 'nm', 'objcopy'].map((tool) =>
  requireTool(tool, findTool(tool) !== undefined),
);

const SOURCE = `#define INLINED static inline __attribute__((always_inline)) unsigned
INLINED inner(unsigned x) { for (int i = 0; i < 50; i++) x = x * 1664525u + 1013904223u; return x; }
INLINED middle(unsigned x) { return inner(x) ^ inner(x + 1); }
__attribute__((noinline)) unsigned outer(unsigned n) { unsigned s = 0; while (n--) s += middle(n + s); return s; }
int main(void) { return outer(3000000) & 1; }
`;

describe.skipIf(tools.includes(false))('functions that the compiler inlined', () => {
  const cwd = workFolder();

  beforeAll(() => {
    writeFileSync(join(cwd, 'program.c'), SOURCE);
    for (const kind of ['-no-pie', '-pie']) {
      const flags = ['-g', '-O2', '-fno-omit-frame-pointer', '-fPIE', kind];
      execFileSync('gcc', [...flags, 'program.c', '-o', `program${kind}`], { cwd });
      const record = ['record', '-q', '-e', 'cpu-clock', '-F', '499', '-g', '-o', `${kind}.data`, `./program${kind}`];
      execFileSync(perf!, record, { cwd, stdio: 'ignore' });
      const text = execFileSync(perf!, ['script', '--no-inline', '-i', `${kind}.data`], { cwd, stdio: 'pipe' });
      writeFileSync(join(cwd, `${kind}.txt`), text);
    }
  });

  const run = async (args: readonly string[]) => (await runCli(['convert', '-q', ...args], { cwd })).stdout;

  test.each(['./-no-pie.data', './-no-pie.txt', './-pie.data', './-pie.txt'])(
    '%s: --inline shows and marks them',
    async (file) => {
      expect(await run([file])).not.toMatch('inner');
      expect(await run([file, '--inline'])).toMatch(/;outer;middle_\[i\];inner_\[i\] \d+$/m);
      expect(await run([file, '--inline', '--context'])).toMatch(
        /;outer \/[^;]*\/program\.c:4;middle \/[^;]*\/program\.c:3_\[i\];inner \/[^;]*\/program\.c:2_\[i\] \d+$/m,
      );
    },
  );

  test('what a perf.data has of binaries without debug information, or with broken one, is said', async () => {
    const whole = readFileSync(join(cwd, 'program-pie'));
    try {
      execFileSync('objcopy', ['--strip-debug', 'program-pie'], { cwd });
      const bare = await runCli(['convert', './-pie.data', '--inline'], { cwd });
      expect(bare.stdout).toMatch(/;outer \d+$/m);
      expect(bare.stderr).toMatch(/binaries without debug information.*\/program-pie/);
      const broken = Buffer.from(whole);
      const { offset, size } = elfOfBytes('program', whole)!.sections.get('.debug_abbrev')!;
      broken.fill(0xff, offset, offset + size);
      writeFileSync(join(cwd, 'program-pie'), broken);
      const damaged = await runCli(['convert', './-pie.data', '--inline'], { cwd });
      expect(damaged.stdout).toMatch(/;outer \d+$/m);
      expect(damaged.stderr.match(/its debug information is broken/g)).toHaveLength(1);
      expect(damaged.code).toBe(0);
    } finally {
      writeFileSync(join(cwd, 'program-pie'), whole);
    }
  });

  test('--context gives the report the lines', async () => {
    const { stdout } = await runCli(['report', './-pie.txt', '--inline', '--context'], { cwd });
    expect(stdout).toMatch(/inner_\[i\] +\/.*\/program\.c:2 +inlined/);
  });

  test.each(['./-no-pie.txt', './-pie.txt'])('%s: --compat perl names them as stackcollapse-perf.pl', async (file) => {
    const perl = ['--compat', 'perl'];
    expect(await run([file, ...perl, '--inline'])).toMatch(/;outer;middle;inner \d+$/m);
    expect(await run([file, ...perl, '--inline', '--context'])).toMatch(
      /;outer:program\.c:4;middle:program\.c:3;inner:program\.c:2 \d+$/m,
    );
    expect(await run([file, ...perl, '--context'])).toBe(await run([file, ...perl]));
  });

  test('a binary that is not here is named, and its frames stay', async () => {
    const text = 'app 1/1 1.0: 3 cycles:\n\t401 f+0x1 (/not/here)\n\t402 g+0x1 (/not/here)\n\n';
    for (const compat of [[], ['--compat', 'perl']]) {
      const { stdout, stderr } = await runCli(['convert', '-', '--inline', ...compat], { cwd, stdin: text });
      expect(stdout).toBe('app;g;f 3\n');
      expect(stderr).toMatch('binaries that are not on this machine');
      expect(stderr).toMatch('/not/here');
    }
  });

  test('frames that perf has resolved already are not resolved again', async () => {
    const script = execFileSync(perf!, ['script', '--no-inline', '-i', './-pie.data'], { cwd, encoding: 'utf8' });
    const [line] = /^.* outer\+.*$/m.exec(script)!;
    const text = `app 1/1 1.0: 3 cycles:\n\t401 inner (inlined)\n${line}\n\n`;
    const { stdout } = await runCli(['convert', '-q', '-', '--inline'], { cwd, stdin: text });
    expect(stdout).toBe('app;outer;inner_[i] 3\n');
  });

  test('--context alone is refused: it has no meaning', async () => {
    const { code, stderr } = await runCli(['report', './-pie.txt', '--context'], { cwd });
    expect(stderr).toMatch('--context goes with --inline');
    expect(code).toBe(2);
  });
});
