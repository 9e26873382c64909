import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { root, runCli, workFolder } from './run-cli.ts';

const valgrind = requireTool('valgrind', findTool('valgrind') !== undefined);
const perl = requireTool('perl', findTool('perl') !== undefined);
const gcc = requireTool('gcc', findTool('gcc') !== undefined);
const recordings = join(root, 'fixtures/massif');
const peaks = join(recordings, 'peaks.out');
const printed = (name: string) =>
  gunzipSync(readFileSync(join(root, 'fixtures/ms_print', `${name}.txt.gz`))).toString();

function compiled(cwd: string): string {
  const program = join(cwd, 'peaks');
  execFileSync('gcc', ['-g', '-O1', join(root, 'fixtures/src/peaks.c'), '-o', program]);
  return program;
}

describe('reading what massif left', () => {
  test('the text of ms_print, then who allocated it', async () => {
    const { code, stdout, stderr } = await runCli(['massif', 'peaks.out'], { cwd: recordings });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const golden = printed('peaks');
    expect(stdout.startsWith(golden)).toBe(true);
    expect(stdout.slice(golden.length)).toMatch(
      /^\nPeak .*\nMaximum .*\nAt the end .*\n.*\n\nNumber {2}Allocated {2}Frequency {2}Function\n {5}1 {4}907 KiB {5}98\.25% {2}grab \(peaks\.c:8\)\n/,
    );
  });

  test.skipIf(!valgrind)('--ms-print is that text alone, with its options in the words of the person', async () => {
    const options = ['--y=10', '--threshold=5%', '--x=100'];
    const golden = execFileSync('ms_print', [...options, 'ls.out'], { cwd: recordings }).toString();
    const { stdout } = await runCli(['massif', '--ms-print', ...options, 'ls.out'], { cwd: recordings });
    expect(stdout).toBe(golden);
    const apart = await runCli(['massif', '--ms-print', '--y', '10', '--threshold', '5%', '--x', '100', 'ls.out'], {
      cwd: recordings,
    });
    expect(apart.stdout).toBe(golden);
  });

  test('names stand whole with --full-names; that they are cut is said', async () => {
    const cwd = workFolder();
    const text = readFileSync(peaks, 'utf8').replaceAll('grab (', 'a::{closure#0} (');
    const cut = await runCli(['massif', '-'], { cwd, stdin: text });
    expect(cut.stderr).toMatch(/note: \d+ names are cut at #, as ms_print cuts them; --full-names shows all of them/);
    expect(cut.stdout).toContain('0x1091A4: a::{closure\n'.slice(9));
    const whole = await runCli(['massif', '--full-names', '-'], { cwd, stdin: text });
    expect(whole.stdout).toContain('a::{closure#0} (peaks.c:8)\n');
    expect(whole.stderr).toBe('');
  });

  test('--json has all snapshots, the marked peak beside the maximum, every site', async () => {
    const { stdout } = await runCli(['massif', '--json', join(recordings, 'leak.out')]);
    const result = JSON.parse(stdout);
    expect(result.format).toBe('massif');
    expect(result.maximum.total).toBeGreaterThan(result.peak.total);
    expect(result.snapshots[result.maximum.snapshot].total).toBe(result.maximum.total);
    const sum = result.sites.reduce((total: number, { bytes }: { bytes: number }) => total + bytes, 0);
    expect(sum).toBe(result.snapshots[result.snapshot].total);
    expect(result.sites[0]).toMatchObject({ number: 1, name: 'grab', file: 'peaks.c', line: 8 });
  });

  test('--json stands on standard output beside a picture in a file', async () => {
    const cwd = workFolder();
    const chart = await runCli(['massif', '--json', '-o', 'heap.svg', peaks], { cwd });
    expect(JSON.parse(chart.stdout).peak.total).toBe(945_376);
    expect(readFileSync(join(cwd, 'heap.svg'), 'utf8')).toContain('class="pforge-heap"');
    const flame = await runCli(['massif', '--json', '--flame', '-o', 'peak.svg', peaks], { cwd });
    expect(JSON.parse(flame.stdout).weight).toMatchObject({ unit: 'bytes', total: 945_376 });
    expect(readFileSync(join(cwd, 'peak.svg'), 'utf8')).toContain('pforge-flame');
    expect(JSON.parse((await runCli(['massif', '--json', '--flame', peaks], { cwd })).stdout).format).toBe('massif');
    const both = await runCli(['massif', 'diff', '--json', '-o', 'diff.svg', peaks, peaks], { cwd });
    expect(JSON.parse(both.stdout).sites).toEqual([]);
    expect(readFileSync(join(cwd, 'diff.svg'), 'utf8')).toContain('class="pforge-heap"');
  });

  test('a chart, a page, a flame graph of any snapshot', async () => {
    const cwd = workFolder();
    expect((await runCli(['massif', peaks, '-o', 'heap.svg'], { cwd })).stderr).toMatch(/wrote heap\.svg \(\d+ KiB\)/);
    expect(readFileSync(join(cwd, 'heap.svg'), 'utf8')).toContain('class="pforge-heap"');
    expect((await runCli(['massif', peaks, '-o', 'heap.html'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'heap.html'), 'utf8')).toContain('<th>Frequency</th>');
    const folded = await runCli(['massif', '--flame', '--format', 'folded', peaks], { cwd });
    const peak = folded.stdout.split('\n').filter((line) => /\d$/.test(line));
    expect(peak.reduce((total, line) => total + Number(line.split(' ').at(-1)), 0)).toBe(945_376);
    const { stdout } = await runCli(['flame', '--format', 'folded', peaks], { cwd });
    expect(stdout).toBe(folded.stdout);
    const early = await runCli(['massif', '--flame', '--snapshot', '21', peaks], { cwd });
    expect(early.stdout).toContain('pforge-flame');
    expect(early.stderr).toMatch(/note: snapshot 21 of 94, with details/);
  });

  test.each([
    [['massif', '--snapshot', '1', peaks], `massif kept no details of snapshot 1 in ${peaks}; it has details of `],
    [['massif', '--snapshot', 'x', peaks], 'It must be the number of a snapshot, or peak'],
    [['massif', '--stacks', 'yes', peaks], '--stacks is for recording: there is no program after --'],
    [['massif', join(root, 'fixtures/callgrind/threads.out')], 'is callgrind output, no output of massif'],
    [
      ['massif', '--format', 'pprof', peaks],
      'the heap over time cannot be written as pprof; --flame writes one snapshot so',
    ],
    [['massif', '--ms-print', '-o', 'x.svg', peaks], '--ms-print is text'],
    [['massif', '--json', '--flame', '-o', '-', peaks], '--json and -o - both want standard output'],
    [['massif', 'diff', '--json', '--format', 'text', peaks, peaks], '--json and --format text contradict each other'],
    [['massif'], 'nothing to read'],
    [['massif', '--stacks', '--pages-as-heap', '--', 'true'], 'give only one of: --stacks, --pages-as-heap'],
  ])('%j is refused in one line', async (args, said) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('massif diff', () => {
  const diff = (...args: string[]) => runCli(['massif', 'diff', ...args], { cwd: recordings });

  test('sizes and sites; the gate is an exit code', async () => {
    const same = await diff('peaks.out', 'peaks.out', '--fail-if-peak-grows', '0');
    expect(same.code).toBe(0);
    expect(same.stdout).toMatch(/nothing changed\n$/);
    const grown = await diff('peaks-bytes.out', 'leak.out', '--fail-if-peak-grows=5%');
    expect(grown.code).toBe(1);
    expect(grown.stdout).toMatch(/^Maximum +923 KiB +1\.2 MiB +\+303 KiB +\+32\.9%$/m);
    expect(grown.stderr).toContain(
      'failed: the heap at its largest: 923 KiB before, 1.2 MiB after; 5% more is allowed',
    );
    const result = JSON.parse((await diff('peaks.out', 'ls.out', '--json')).stdout);
    expect(result.sites.find(({ name }: { name: string }) => name === 'grab')).toMatchObject({
      after: 0,
      file: 'peaks.c',
    });
  });

  test('both charts in one picture', async () => {
    const cwd = workFolder();
    await diff('peaks.out', 'leak.out', '-o', join(cwd, 'x.svg'));
    expect(readFileSync(join(cwd, 'x.svg'), 'utf8').match(/class="pforge-heap"/g)).toHaveLength(2);
  });

  test('one flame graph of both, with the gate; a title for pictures alone', async () => {
    const cwd = workFolder();
    const same = await diff('peaks.out', 'peaks.out', '--flame', '--format', 'json');
    expect(JSON.parse(same.stdout).frames.filter(({ delta }: { delta: number }) => delta !== 0)).toEqual([]);
    const grown = await diff(
      'peaks-bytes.out',
      'leak.out',
      '--flame',
      '-o',
      join(cwd, 'd.svg'),
      '--fail-if-peak-grows',
      '5',
    );
    expect(grown.code).toBe(1);
    expect(grown.stderr).toContain('failed: the heap at its largest');
    expect(readFileSync(join(cwd, 'd.svg'), 'utf8')).toContain('pforge-flame');
    await diff('peaks.out', 'leak.out', '--title', 'Mine & yours', '-o', join(cwd, 'x.svg'));
    expect(readFileSync(join(cwd, 'x.svg'), 'utf8')).toContain('Mine &amp; yours');
    expect((await diff('peaks.out', 'leak.out', '--title', 'x')).stderr).toContain('--title is for pictures');
    for (const option of ['--threshold', '--x', '--y']) {
      expect((await diff('peaks.out', 'leak.out', option, '9')).stderr).toContain(`massif diff has no ${option}:`);
    }
    expect((await diff('peaks.out', 'leak.out', '--full-names')).stderr).toContain('massif diff has no --full-names');
  });

  test('what it cannot do is said', async () => {
    expect((await diff('peaks.out', 'leak.out', '--snapshot', '3')).stderr).toContain(
      'a snapshot of one side has no counterpart',
    );
    expect((await diff('peaks.out', 'leak.out', '--ms-print')).stderr).toContain('massif diff has no --ms-print');
    expect((await diff('peaks.out')).stderr).toContain('massif reads one file');
  });
});

describe('--rss', () => {
  test('a program that is over at once', async () => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(['massif', '--rss', '--', 'true'], { cwd });
    expect(stderr).toBe('pforge-prof: error: the program ended before its memory could be looked at\n');
    expect([code, readdirSync(cwd)]).toEqual([125, []]);
  });

  const script = `
    const kept = [], buffers = [];
    let turns = 0;
    const timer = setInterval(() => {
      for (let i = 0; i < 30000; i++) kept.push({ i, text: 'x' + i });
      buffers.push(Buffer.alloc(3e6, 1));
      if (++turns === 25) { clearInterval(timer); console.log(process.env.X); process.exitCode = 4; }
    }, 30);`;

  test('resident memory of node by its parts, in a file that all else reads', async () => {
    const cwd = workFolder();
    const { code, stdout, stderr } = await runCli(['massif', '--rss', '--json', '--', 'node', '-e', script], {
      cwd,
      env: { X: 'seen' },
    });
    expect(code).toBe(4);
    expect(stderr).toMatch(/^pforge-prof: kept massif\.out \(\d+ KiB\); the program exited 4\n$/);
    expect(stdout.startsWith('seen\n')).toBe(true);
    const result = JSON.parse(stdout.slice(5));
    expect(result).toMatchObject({ timeUnit: 'ms', massifArguments: '--rss' });
    expect(result.maximum.total).toBeGreaterThan(75e6);
    expect(result.peak).toEqual(result.maximum);
    const parts = new Map<string, number>(
      result.sites.map(({ name, bytes }: { name: string; bytes: number }) => [name, bytes]),
    );
    // 25 buffers of 3 MB
    expect(parts.get('JavaScript: buffers')).toBeGreaterThan(50e6);
    expect(parts.get('JavaScript heap: in use')).toBeGreaterThan(20e6);
    expect(parts.get('mapped files: programs and libraries')).toBeGreaterThan(1e6);
    const chart = await runCli(['massif', 'massif.out', '-o', 'rss.svg'], { cwd });
    expect(chart.code).toBe(0);
    expect(readFileSync(join(cwd, 'rss.svg'), 'utf8')).toContain('Resident memory over time');
    const text = await runCli(['massif', 'massif.out'], { cwd });
    expect(text.stdout).toContain('Resident at the peak, by what it is:');
    if (valgrind) {
      const golden = execFileSync('ms_print', ['massif.out'], { cwd }).toString();
      expect(text.stdout.startsWith(golden)).toBe(true);
    }
  });

  test('that node computed without a pause is said', async () => {
    const script = 'const end = Date.now() + 1500; while (Date.now() < end);';
    const { stderr } = await runCli(['massif', '--rss', '--', 'node', '-e', script]);
    expect(stderr).toMatch(
      /note: a node program computed without a pause for up to \d\.?\d* s and told nothing of its heap/,
    );
  });

  test('children count; Ctrl-C keeps what there is', async () => {
    const child =
      'globalThis.kept = Buffer.alloc(90e6, 1); setTimeout(() => console.log(/ready/.source), 1500); setInterval(() => {}, 1e3)';
    const { code, stdout, survivors } = await runCli(
      ['massif', '--rss', '--json', '--', 'sh', '-c', `node -e '${child}'; true`],
      {
        signals: [{ after: 'ready', signal: 'SIGINT', to: 'group' }],
      },
    );
    expect([code, survivors]).toEqual([0, []]);
    expect(JSON.parse(stdout.slice('ready\n'.length)).maximum.total).toBeGreaterThan(90e6);
  });

  test.skipIf(!perl)('a program that a shell starts for a moment', async () => {
    const child = 'my $kept = "x" x 60e6; select(undef, undef, undef, 0.3)';
    const { code, stdout } = await runCli(['massif', '--rss', '--json', '--', 'sh', '-c', `perl -e '${child}'; true`], {
      cwd: workFolder(),
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).maximum.total).toBeGreaterThan(60e6);
  });

  test('it goes with no option of valgrind', async () => {
    const { code, stderr } = await runCli(['massif', '--rss', '--depth', '3', '--', 'true']);
    expect([code, stderr]).toEqual([
      2,
      'pforge-prof: error: --rss runs no valgrind; leave the options of valgrind out\n',
    ]);
  });
});

describe.skipIf(!valgrind || !gcc)('recording', () => {
  test('the program runs as it would; what massif left is kept; the text follows', async () => {
    const cwd = workFolder();
    const program = compiled(cwd);
    const options = [
      '--time-unit',
      'B',
      '--max-snapshots',
      '20',
      '--detailed-freq=3',
      '--alloc-fn',
      'grab',
      '--threshold=2',
    ];
    const { code, stdout, stderr, survivors } = await runCli(['massif', ...options, '--', program], { cwd });
    expect([code, survivors]).toEqual([0, []]);
    expect(stderr).toMatch(/^pforge-prof: kept massif\.out \(\d+ KiB\)\n$/);
    const golden = execFileSync('ms_print', ['--threshold=2', 'massif.out'], { cwd }).toString();
    expect(stdout.startsWith(golden)).toBe(true);
    expect(stdout).toMatch(/--threshold=2 --time-unit=B --detailed-freq=3 --max-snapshots=20 --alloc-fn=grab/);
    expect(readdirSync(cwd).sort()).toEqual(['massif.out', 'peaks']);
  });

  test('--stacks, --pages-as-heap, another name, a picture at once', async () => {
    const cwd = workFolder();
    const program = compiled(cwd);
    const stacks = await runCli(
      ['massif', '--stacks', '--massif-out-file', 's.out', '-o', 's.svg', '--', program, 'deep'],
      { cwd },
    );
    expect(stacks.stdout).toBe('');
    expect(readFileSync(join(cwd, 's.svg'), 'utf8')).toContain('[stacks]');
    const pages = await runCli(['massif', '--pages-as-heap', 'yes', '--json', '--', program], { cwd });
    expect(JSON.parse(pages.stdout).massifArguments).toContain('--pages-as-heap=yes');
    expect(readdirSync(cwd).sort()).toEqual(['massif.out', 'peaks', 's.out', 's.svg']);
  });

  test('exit code and standard streams are the program’s', async () => {
    const script = 'read x; echo got $x; echo err >&2; exit 7';
    const { code, stdout, stderr } = await runCli(['massif', '-q', '--', 'sh', '-c', script], { stdin: 'in\n' });
    expect(code).toBe(7);
    expect(stdout).toMatch(/^got in\n-{80}\nCommand: {12}sh -c read x/);
    expect(stderr).toBe('err\n');
  });

  test('programs that a script starts are recorded; the largest heap is shown', async () => {
    const cwd = workFolder();
    compiled(cwd);
    const { stdout, stderr } = await runCli(['massif', '--', 'sh', '-c', './peaks; true'], { cwd });
    expect(stderr).toMatch(/of 2 programs that were recorded, the largest heap: \.\/peaks/);
    expect(stdout).toContain('Command:            ./peaks\n');
    expect(readdirSync(cwd).sort()).toEqual(['massif.out', 'peaks']);
    const all = await runCli(['massif', '--trace-children', '--', 'sh', '-c', './peaks; true'], { cwd });
    expect(all.stderr).toContain('kept massif.out massif-2.out');
    const own = await runCli(['massif', '--trace-children', 'no', '--', 'sh', '-c', './peaks; true'], { cwd });
    expect(own.stdout).toContain('Command:            sh -c ./peaks; true\n');
  });

  test('Ctrl-C ends the program and keeps what it was', async () => {
    const cwd = workFolder();
    const { code, stdout, stderr, survivors } = await runCli(
      ['massif', '--', 'sh', '-c', 'echo ready; while :; do :; done'],
      { cwd, signals: [{ after: 'ready', signal: 'SIGINT', to: 'group' }] },
    );
    expect([code, survivors]).toEqual([0, []]);
    expect(stderr).toContain('SIGINT: stopping the program; the profile is kept');
    expect(stdout).toContain('Number of snapshots: ');
    expect(existsSync(join(cwd, 'massif.out'))).toBe(true);
  });

  test('node runs too, and what massif cannot see of it is said', async () => {
    const cwd = workFolder();
    const program =
      'const kept = []; for (let i = 0; i < 20; i++) kept.push(Buffer.alloc(1e6)); console.log(kept.length)';
    const { code, stdout, stderr } = await runCli(['massif', '--', 'node', '-e', program], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^20\n/);
    expect(stderr).toContain('the JavaScript heap is mapped, not allocated');
    expect(stdout).toMatch(/ArrayBufferAllocator|BackingStore|node::/);
  });

  test('a program that is not there, or becomes another one', async () => {
    const missing = await runCli(['massif', '--', '/no/such']);
    expect(missing.code).toBe(127);
    const cwd = workFolder();
    const became = await runCli(['massif', '--trace-children', 'no', '--', 'sh', '-c', 'sleep 1; exec sleep 2'], {
      cwd,
    });
    expect(became.code).toBe(125);
    expect(became.stderr).toMatch(
      /the program became another one, which is not recorded: \S+ \(--trace-children follows it\)/,
    );
    expect(became.stderr).toMatch(/error: massif left no recording: the program became another one/);
    const soon = await runCli(['massif', '--trace-children', 'no', '--', 'sh', '-c', 'exec true'], { cwd });
    expect(soon.code).toBe(125);
    expect(soon.stderr).toContain('--trace-children follows it');
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('without valgrind it says what to install', async () => {
    const { code, stderr } = await runCli(['massif', '--', '/bin/true'], { env: { PATH: '/nowhere' } });
    expect(code).toBe(125);
    expect(stderr).toContain('valgrind is not installed; apt-get install valgrind');
  });
});

test.skipIf(!valgrind)('recordings that are broken, all of them', async () => {
  const cwd = workFolder();
  const folder = workFolder();
  const TMPDIR = workFolder();
  const spoiled = `${findTool('valgrind')} "$@"\nfor file in "$TMPDIR"/pforge-prof-*/*.out; do echo broken > "$file"; done`;
  writeFileSync(join(folder, 'valgrind'), `#!/bin/sh\n${spoiled}\n`, { mode: 0o755 });
  const env = { TMPDIR, PATH: `${folder}:${process.env.PATH}` };
  const { code, stderr } = await runCli(['massif', '--', 'true'], { cwd, env });
  expect(stderr).toMatch(/error: massif left no recording that can be read; the recording of one program is broken/);
  expect([code, readdirSync(cwd), readdirSync(TMPDIR)]).toEqual([125, [], []]);
});
