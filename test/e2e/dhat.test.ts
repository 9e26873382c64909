import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { root, runCli, workFolder } from './run-cli.ts';

const valgrind = requireTool('valgrind', findTool('valgrind') !== undefined);
const gcc = requireTool('gcc', findTool('gcc') !== undefined);
const recordings = join(root, 'fixtures/dhat');
const blocks = join(recordings, 'blocks.out');

describe('reading what dhat left', () => {
  test('totals as valgrind has them, a table, what stands out', async () => {
    const { code, stdout, stderr } = await runCli(['dhat', 'blocks.out'], { cwd: recordings });
    expect([code, stderr]).toEqual([0, '']);
    const totals = readFileSync(join(recordings, 'blocks.totals'), 'utf8').trim().split('\n');
    for (const [i, line] of totals.entries()) expect(stdout.split('\n')[i]!.startsWith(line)).toBe(true);
    expect(stdout).toMatch(
      /^ {5}1 +46\.9 KiB +34\.78% +2,000 +24 B +40 instrs +0\.04 +0\.04 {2}short_lived \(blocks\.c:\d+\)$/m,
    );
    expect(stdout).toMatch(
      /^Never read, so written in vain: 29\.3 KiB, 21\.74% of all bytes, in 1 block\n {2}29\.3 KiB {2}never_read/m,
    );
    expect(stdout).toMatch(/^ {2}12\.9 KiB {2}holes \(blocks\.c:\d+\): of 52 bytes 4-47$/m);
  });

  test('--metric sorts, --limit cuts, --tree shows callers', async () => {
    const peak = await runCli(['dhat', '--metric', 'gb', '--limit', '2', blocks]);
    expect(peak.stdout).toContain('Allocated by function, bytes at the peak:');
    expect(peak.stdout).toMatch(
      /^ {5}1 +29\.3 KiB +51\.55%.* never_read .*\n {5}2 .*untouched .*\n\.\.\. \d+ more: 8\.01 KiB/m,
    );
    const tree = await runCli(['dhat', '--tree', '--metric', 'rb', blocks]);
    expect(tree.stdout).toMatch(/ main \(blocks\.c\)\n.* ├ grows \(blocks\.c:\d+\)\n/);
  });

  test('--dh-view is the text of dh_view', async () => {
    const { stdout } = await runCli(['dhat', '--dh-view', '--metric', 'tbk-short-lived', blocks]);
    expect(stdout).toMatch(/^Invocation \{\n {2}Mode: {4}heap\n {2}Command: \.\/blocks\n/);
    expect(stdout).toMatch(
      /significance threshold: \(total >= 11\.59 blocks \(0\.5%\)\) && \(avg lifetime <= 500 instrs\)\n$/,
    );
    const standard = await runCli(['dhat', '--dh-view', '-'], { stdin: readFileSync(blocks) });
    expect(standard.stdout).toMatch(/significance threshold: total >= 23\.18 blocks \(1%\)\n$/);
  });

  test('--json has every number', async () => {
    const { stdout } = await runCli(['dhat', '--json', blocks]);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ format: 'dhat', mode: 'heap', command: './blocks', metric: 'tb' });
    expect(result.totals).toMatchObject({ tb: 138_004, tbk: 2318, gb: 58_200, eb: 0 });
    expect(result.sites[0]).toMatchObject({ number: 1, name: 'short_lived', file: 'blocks.c', tb: 48_000, tbk: 2000 });
    expect(result.findings.map(({ kind }: { kind: string }) => kind)).toContain('never-written');
  });

  test('pictures and files of any metric', async () => {
    const cwd = workFolder();
    const sum = (text: string) =>
      text
        .split('\n')
        .filter((line) => /\d$/.test(line))
        .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
    expect((await runCli(['dhat', blocks, '-o', 'x.svg'], { cwd })).stderr).toMatch(/wrote x\.svg \(\d+ KiB\)/);
    expect(readFileSync(join(cwd, 'x.svg'), 'utf8')).toContain('Allocated: total bytes');
    expect((await runCli(['dhat', blocks, '--metric', 'gb', '-o', 'x.html'], { cwd })).code).toBe(0);
    expect(sum((await runCli(['dhat', blocks, '--format', 'folded'])).stdout)).toBe(138_004);
    expect(sum((await runCli(['dhat', blocks, '--format', 'folded', '--metric', 'tbk'])).stdout)).toBe(2318);
    expect(sum((await runCli(['flame', '--format', 'folded', blocks])).stdout)).toBe(138_004);
    const peak = await runCli(['flame', '--format', 'folded', '--event-filter', 'peak_space', blocks]);
    expect(sum(peak.stdout)).toBe(58_200);
    await runCli(['convert', blocks, '-o', 'x.pprof'], { cwd });
    const back = JSON.parse((await runCli(['report', '--json', 'x.pprof'], { cwd })).stdout);
    expect(back.weight).toEqual({ type: 'alloc_space', unit: 'bytes', total: 138_004 });
  });

  test.each([
    [['dhat', '--metric', 'gb', join(recordings, 'copies.out')], 'there is no gb in a recording of mode copy; it has '],
    [['dhat', '--metric', 'nix', blocks], 'Known are tb, tbk, '],
    [['dhat', '--metric', 'tb-unused', blocks], '--metric tb-unused is a sort of dh_view; add --dh-view'],
    [['dhat', '--dh-view', '--metric', 'tl', blocks], 'dh_view does not sort by tl; it sorts by tb, tbk, '],
    [['dhat', '--dh-view', '-o', 'x.svg', blocks], '--dh-view is text'],
    [['dhat', '--mode', 'copy', blocks], '--mode is for recording: there is no program after --'],
    [['dhat', join(root, 'fixtures/massif/peaks.out')], 'is valgrind massif output, no output of dhat'],
    [['dhat', '--metric', 'eb', '-o', 'x.svg', blocks], 'its eb is 0'],
    [['dhat', blocks, blocks], 'dhat reads one file'],
    [['dhat', '--tree', '--dh-view', blocks], 'give only one of: --dh-view, --tree'],
    [['dhat', '/no/such'], '/no/such'],
    [['dhat'], 'nothing to read'],
  ])('%j is refused in one line', async (args, said) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a file that was cut says where', async () => {
    const { code, stderr } = await runCli(['dhat', '-'], { stdin: readFileSync(blocks).subarray(0, 700) });
    expect(code).toBe(2);
    expect(stderr).toMatch(/error: standard input: line \d+, column \d+: the JSON ends too early; the file was cut/);
  });
});

describe.skipIf(!valgrind || !gcc)('recording', () => {
  test('the program runs as it would; what dhat left is kept; totals are those that valgrind prints', async () => {
    const cwd = workFolder();
    const program = join(cwd, 'blocks');
    execFileSync('gcc', ['-g', '-O1', join(root, 'fixtures/src/blocks.c'), '-o', program]);
    const { code, stdout, stderr, survivors } = await runCli(['dhat', '--', program], { cwd });
    expect([code, survivors]).toEqual([0, []]);
    expect(stderr).toMatch(/^pforge-prof: kept dhat\.out \(\d+ KiB\)\n$/);
    expect(readdirSync(cwd).sort()).toEqual(['blocks', 'dhat.out']);
    const said = execFileSync('sh', ['-c', 'valgrind --tool=dhat --dhat-out-file=/dev/null "$0" 2>&1', program], {
      cwd,
    })
      .toString()
      .split('\n')
      .map((line) => line.replace(/^==\d+== /, ''))
      .filter((line) => /^(?:Total|At t-\w+|Reads|Writes): /.test(line));
    expect(said).toHaveLength(5);
    for (const [i, line] of said.entries()) expect(stdout.split('\n')[i]!.startsWith(line)).toBe(true);
    const copies = await runCli(
      ['dhat', '--mode', 'copy', '--num-callers=2', '--dhat-out-file', 'c.out', '--', program],
      {
        cwd,
      },
    );
    expect(copies.stdout).toContain('mode copy');
    expect(copies.stdout).toContain('Copied by function, total bytes:');
    const events = await runCli(['dhat', '--mode', 'ad-hoc', '-q', '--', program, 'events'], { cwd });
    expect(events.stdout).toMatch(/^Total: {5}3,395 units in 103 events, /);
  });

  test('exit code and standard streams are the program’s', async () => {
    const { code, stdout, stderr } = await runCli(['dhat', '-q', '--', 'sh', '-c', 'read x; echo got $x; exit 7'], {
      stdin: 'in\n',
    });
    expect([code, stderr]).toEqual([7, '']);
    expect(stdout).toMatch(/^got in\nTotal: /);
  });

  test('programs that a script starts are recorded; the one that allocates most is shown', async () => {
    const cwd = workFolder();
    const script = 'ls -R /usr/include/valgrind >/dev/null; true';
    const { stdout, stderr } = await runCli(['dhat', '--', 'sh', '-c', script], { cwd });
    expect(stderr).toMatch(/of 2 programs that were recorded, the largest amount of memory: \S*ls -R/);
    expect(stdout).toMatch(/^Run: {7}\S*ls -R/m);
    const all = await runCli(['dhat', '--trace-children', '--', 'sh', '-c', script], { cwd });
    expect(all.stderr).toContain('kept dhat.out dhat-2.out');
    const own = await runCli(['dhat', '--trace-children', 'no', '--', 'sh', '-c', script], { cwd });
    expect(own.stdout).toMatch(/^Run: {7}sh -c ls/m);
  });

  test('Ctrl-C ends the program and keeps what it was', async () => {
    const cwd = workFolder();
    const { code, stdout, stderr, survivors } = await runCli(
      ['dhat', '--', 'sh', '-c', 'echo ready; while :; do :; done'],
      { cwd, signals: [{ after: 'ready', signal: 'SIGINT', to: 'group' }] },
    );
    expect([code, survivors]).toEqual([0, []]);
    expect(stderr).toContain('SIGINT: stopping the program; the profile is kept');
    expect(stdout).toContain('At t-end:');
    expect(existsSync(join(cwd, 'dhat.out'))).toBe(true);
  });

  test('a program that is not there; valgrind that is not there', async () => {
    expect((await runCli(['dhat', '--', '/no/such'])).code).toBe(127);
    const { code, stderr } = await runCli(['dhat', '--', '/bin/true'], { env: { PATH: '/nowhere' } });
    expect(code).toBe(125);
    expect(stderr).toContain('valgrind is not installed; apt-get install valgrind');
  });
});

describe('dhat diff', () => {
  const diff = (...args: string[]) => runCli(['dhat', 'diff', ...args], { cwd: recordings });

  test('a recording against itself, or moved to other addresses and folders: nothing', async () => {
    const cwd = workFolder();
    const text = readFileSync(join(recordings, 'blocks.out'), 'utf8');
    const moved = text.replace(
      /0x([0-9A-F]+): /g,
      (_all, digits: string) => `0x${(Number.parseInt(digits, 16) + 0x5000).toString(16).toUpperCase()}: `,
    );
    expect(moved).not.toBe(text);
    const elsewhere = moved.replaceAll('(blocks.c:', '(/build/2/blocks.c:');
    expect(elsewhere).not.toBe(moved);
    writeFileSync(join(cwd, 'elsewhere.out'), elsewhere);
    writeFileSync(join(cwd, 'moved.out'), moved);
    for (const other of ['blocks.out', join(cwd, 'moved.out'), join(cwd, 'elsewhere.out')]) {
      expect((await diff('blocks.out', other)).stdout).toMatch(/\nnothing changed\n$/);
      const { sites, totals } = JSON.parse((await diff('blocks.out', other, '--json')).stdout);
      expect(sites).toEqual([]);
      expect(totals.tb).toEqual({ before: 138_004, after: 138_004 });
    }
    const flame = await diff('blocks.out', join(cwd, 'moved.out'), '--flame', '--format', 'csv');
    expect(flame.code).toBe(0);
    const [head = '', ...rows] = flame.stdout.trim().split('\n');
    const delta = head.split(',').indexOf('delta');
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.map((row) => row.split(',')[delta]).filter((change) => change !== '0')).toEqual([]);
  });

  test('by function and metric; the gate is an exit code', async () => {
    const leak = await diff('blocks.out', 'blocks-leak.out', '--metric', 'eb', '--fail-if-grows', '5%');
    expect(leak.code).toBe(1);
    expect(leak.stdout).toMatch(/^Bytes at the end +0 B +48\.8 KiB +\+48\.8 KiB +new$/m);
    expect(leak.stdout).toMatch(/^ +1 +0 B +29\.3 KiB +\+29\.3 KiB +new +\+1 {2}never_read \(blocks\.c\)$/m);
    expect(leak.stderr).toContain('failed: bytes at the end: 0 B before, 48.8 KiB after; 5% more is allowed');
    expect((await diff('blocks.out', 'blocks-leak.out', '--fail-if-grows', '0')).code).toBe(0);
  });

  test('a flame graph of both', async () => {
    const cwd = workFolder();
    const { code, stderr } = await diff('blocks.out', 'ls.out', '-o', join(cwd, 'd.svg'));
    expect(code).toBe(0);
    expect(stderr).toContain('d.svg');
    expect(readFileSync(join(cwd, 'd.svg'), 'utf8')).toContain('pforge-flame');
  });

  test.each([
    [['blocks.out', 'events.out'], 'the sides count different things: mode heap and mode ad-hoc'],
    [['blocks.out', 'blocks.out', '--tree'], 'dhat diff has no --tree'],
    [['blocks.out', 'blocks.out', '--format', 'pprof'], 'the difference of two recordings cannot be written as pprof'],
    [['blocks.out'], 'dhat reads one file; dhat diff BEFORE AFTER compares two'],
  ])('%j is refused in one line', async (args, said) => {
    const { code, stderr } = await diff(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
