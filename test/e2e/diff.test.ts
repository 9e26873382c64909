import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, root, runCli, workFolder } from './run-cli.ts';

/** Two recordings in which `parse` grew and all else stayed. */
const BEFORE = 'main;parse;scan 1000\nmain;render;paint 3000\nmain;render;layout 2500\nmain;idle 3500\n';
const AFTER = 'main;parse;scan 2200\nmain;render;paint 3020\nmain;render;layout 2480\nmain;idle 3510\n';

function folderOf(files: Readonly<Record<string, string>> = { 'a.folded': BEFORE, 'b.folded': AFTER }): string {
  const cwd = workFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}

const diff = (args: readonly string[], files?: Readonly<Record<string, string>>, stdin = '') =>
  runCli(['diff', ...args], { cwd: folderOf(files), stdin });

describe('diff A B', () => {
  test('the picture to standard output, the summary to standard error', async () => {
    const { stdout, stderr, code } = await diff(['a.folded', 'b.folded']);
    expect(stdout).toMatch(/^<\?xml [\s\S]*<svg [\s\S]*<\/svg>\n$/);
    expect(stderr).toMatch(/^before {2}a\.folded {2}10,000 samples\nafter {3}b\.folded {2}11,210 samples\n/);
    expect(stderr).toMatch(/ grew .* scan\n/);
    expect(stderr).not.toMatch(/ (?:grew|shrank) .* (?:paint|layout|idle)\n/);
    expect(code).toBe(0);
  });

  test('to a terminal: diff.svg, and its name', () => {
    const cwd = folderOf();
    // `script` gives the program a terminal
    const { stdout } = spawnSync('script', ['-qec', `${process.execPath} ${bin} diff a.folded b.folded`, '/dev/null'], {
      cwd,
      encoding: 'utf8',
    });
    expect(stdout).toContain('wrote diff.svg (');
    // This terminal says that it is 0 columns wide
    expect(stdout).toMatch(/grew .* parse/);
    expect(readFileSync(join(cwd, 'diff.svg'), 'utf8')).toContain('</svg>');
  });

  test('diffflame --version', () => {
    const { stdout } = spawnSync(process.execPath, [join(root, 'bin/diffflame.js'), '--version'], { encoding: 'utf8' });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/m);
  });

  test('diffflame is another word, and a program of its own', async () => {
    const args = ['a.folded', 'b.folded', '--format', 'folded', '-q'];
    const { stdout } = await diff(args);
    expect(stdout).toContain('main;parse;scan 1000 2200\n');
    expect((await runCli(['diffflame', ...args], { cwd: folderOf() })).stdout).toBe(stdout);
    const own = spawnSync(process.execPath, [join(root, 'bin/diffflame.js'), ...args], {
      cwd: folderOf(),
      encoding: 'utf8',
    });
    expect(own.stdout).toBe(stdout);
  });

  test.each([
    ['svg', /<svg /],
    ['html', /^<!doctype html>/i],
    ['txt', /^before {2}a\.folded/],
    ['md', /^# Comparison of two profiles\n/],
    ['csv', /^what,verdict,before/],
    ['json', /^\{\n {2}"version": 1/],
    ['folded', /^main;idle 3500 3510\n/],
  ])('-o x.%s', async (extension, expected) => {
    const cwd = folderOf();
    const name = `x.${extension}`;
    const { stdout, stderr, code } = await runCli(['diff', 'a.folded', 'b.folded', '-o', name], { cwd });
    expect([stdout, code]).toEqual(['', 0]);
    expect(stderr).toContain(`wrote ${name} (`);
    expect(readFileSync(join(cwd, name), 'utf8')).toMatch(expected);
  });

  test.each(['text', 'md', 'csv', 'json'])('--format %s: on standard output, and not said twice', async (format) => {
    const { stdout, stderr, code } = await diff(['a.folded', 'b.folded', '--format', format]);
    expect(stdout).toContain('scan');
    expect([stderr, code]).toEqual(['', 0]);
  });

  test('--json: totals, unit, the number of significant paths, every path', async () => {
    const { stdout, stderr } = await diff(['a.folded', 'b.folded', '--json']);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ before: 10_000, after: 11_210, unit: 'count', significant: 2 });
    expect(result.frames).toHaveLength(7);
    const scan = result.frames.find(({ name }: { name: string }) => name === 'scan');
    expect(scan).toMatchObject({ path: ['main', 'parse', 'scan'], before: 1000, after: 2200, verdict: 'grew' });
    expect(scan.delta).toBeCloseTo(2200 - 1000 * 1.121, 6);
    expect(scan.low).toBeLessThan(scan.delta);
    expect(scan.high).toBeGreaterThan(scan.delta);
    expect(scan.p).toBeLessThan(0.001);
    expect(stderr).toBe('');
  });

  test('--json beside a file', async () => {
    const cwd = folderOf();
    const { stdout } = await runCli(['diff', 'a.folded', 'b.folded', '--json', '-o', 'x.svg'], { cwd });
    expect(JSON.parse(stdout).significant).toBe(2);
    expect(existsSync(join(cwd, 'x.svg'))).toBe(true);
    const { code, stderr } = await runCli(['diff', 'a.folded', 'b.folded', '--json', '-o', '-'], { cwd });
    expect(stderr).toContain('both want standard output');
    expect(code).toBe(2);
  });

  test('a file and standard input; -q', async () => {
    const { stdout, stderr } = await diff(['-', 'b.folded', '--format', 'folded', '-q'], undefined, BEFORE);
    expect(stdout).toContain('main;parse;scan 1000 2200\n');
    expect(stderr).toBe('');
  });

  test('the same file twice: nothing changed', async () => {
    const { stdout, code } = await diff(['a.folded', 'a.folded', '--format', 'text', '--fail-on-regression']);
    expect(stdout).toContain('nothing changed significantly\n');
    expect(code).toBe(0);
  });

  test('several runs of each side', async () => {
    const files = Object.fromEntries(
      [1, 2, 3].flatMap((run) => [
        [`a${run}`, BEFORE.replace('1000', String(990 + run * 5))],
        [`b${run}`, AFTER.replace('2200', String(2190 + run * 5))],
      ]),
    );
    const { stdout } = await diff(['--before', 'a1', 'a2', 'a3', '--after', 'b1', 'b2', 'b3', '--json'], files);
    const result = JSON.parse(stdout);
    expect(result.inputs.before).toMatchObject({ name: 'a1, a2, a3', runs: 3 });
    expect(result.before).toBeCloseTo(10_000, 6);
    expect(result.frames.find(({ name }: { name: string }) => name === 'scan')).toMatchObject({
      before: 1000,
      verdict: 'grew',
    });
  });
});

describe('options', () => {
  test('--no-normalize compares weights as they are', async () => {
    const { stdout } = await diff(['a.folded', 'b.folded', '--json', '--no-normalize']);
    const result = JSON.parse(stdout);
    expect(result.scale).toBe(1);
    expect(result.frames.find(({ name }: { name: string }) => name === 'scan').delta).toBe(1200);
  });

  test('--threshold and --alpha decide what is a change', async () => {
    const significant = async (...args: string[]) =>
      JSON.parse((await diff(['a.folded', 'b.folded', '--json', ...args])).stdout).significant;
    expect(await significant('--threshold', '20%')).toBe(0);
    expect(await significant('--threshold', '20')).toBe(0);
    expect(await significant('--alpha', '1e-300')).toBe(0);
  });

  test.each([
    ['--threshold', 'much', 'percentage'],
    ['--alpha', '1', 'between 0 and 1'],
    ['--fail-on-regression', 'a.folded', 'put the option behind the inputs'],
    ['--match', 'nothing', 'Allowed choices'],
    ['--widths', 'left', 'Allowed choices'],
  ])('%s %s is refused', async (option, value, message) => {
    const { code, stderr } = await diff(['a.folded', 'b.folded', option, value]);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });

  test('--match: builds differ in hashes and clones; exact takes them for other functions', async () => {
    const files = {
      'a.folded': BEFORE.replace('scan', 'scan::h0123456789abcdef'),
      'b.folded': AFTER.replace('scan', 'scan::hfedcba9876543210'),
    };
    const verdict = async (...args: string[]) => {
      const { frames } = JSON.parse((await diff(['a.folded', 'b.folded', '--json', ...args], files)).stdout);
      return frames
        .filter(({ name }: { name: string }) => name.startsWith('scan'))
        .map((frame: { verdict: string }) => frame.verdict);
    };
    expect(await verdict()).toEqual(['grew']);
    expect(await verdict('--match', 'exact')).toEqual(['new', 'gone']);
  });

  test('filters go for both sides', async () => {
    const { stdout } = await diff(['a.folded', 'b.folded', '--json', '--focus', 'render']);
    expect(JSON.parse(stdout)).toMatchObject({ before: 5500, after: 5500, significant: 0 });
    const { code, stderr } = await diff(['a.folded', 'b.folded', '--focus', 'nowhere']);
    expect(stderr).toContain('a.folded: no sample is left');
    expect(code).toBe(2);
  });

  test('-s and -n in folded text: as difffolded.pl has them', async () => {
    const files = { a: 'main;0x12 3\nmain;0x34 4\n', b: 'main;0x56 14\n' };
    expect((await diff(['a', 'b', '--format', 'folded', '-q', '-s'], files)).stdout).toBe('main;0x... 7 14\n');
    expect((await diff(['a', 'b', '--format', 'folded', '-q', '-n'], files)).stdout).toBe(
      'main;0x12 6 0\nmain;0x34 8 0\nmain;0x56 0 14\n',
    );
  });

  test('--top limits the tables', async () => {
    const { stdout } = await diff(['a.folded', 'b.folded', '--format', 'text', '--top', '1']);
    expect(stdout).toContain('... 1 more (--top 2)\n');
  });
});

describe('--fail-on-regression', () => {
  test('a function that grew: exit 1, and which', async () => {
    const { code, stderr } = await diff(['a.folded', 'b.folded', '-o', 'x.svg', '--fail-on-regression']);
    expect(stderr).toMatch(
      /regression: 2 functions grew significantly: (?:scan|parse) \+9\.\d\d points, (?:scan|parse) /,
    );
    expect(code).toBe(1);
  });

  test('by less than was asked for: exit 0', async () => {
    const { code, stderr } = await diff(['a.folded', 'b.folded', '--format', 'text', '--fail-on-regression', '50%']);
    expect(stderr).toContain('no regression: no function grew significantly by 50% of the whole or more');
    expect(code).toBe(0);
  });

  test('what shrank is none', async () => {
    const { code } = await diff([
      'b.folded',
      'a.folded',
      '--format',
      'text',
      '--fail-on-regression',
      '--ignore',
      'idle|render|paint|layout',
    ]);
    expect(code).toBe(0);
  });

  test('weights without counts of samples are judged by their runs', async () => {
    const bytes = (parse: number) => `# pforge-prof unit=bytes type=space\nmain;parse ${parse}\nmain;b 300000\n`;
    const files = {
      a1: bytes(20000),
      a2: bytes(20100),
      a3: bytes(19900),
      b1: bytes(40000),
      b2: bytes(40100),
      b3: bytes(39900),
    };
    const sides = ['--before', 'a1', 'a2', 'a3', '--after', 'b1', 'b2', 'b3'];
    const { code, stderr } = await diff([...sides, '--format', 'text', '--fail-on-regression'], files);
    expect(stderr).toContain('1 function grew significantly: parse');
    expect(code).toBe(1);
  });

  test('where nothing can be tested it does not pass in silence', async () => {
    const cpu = (text: string) => `# pforge-prof unit=nanoseconds type=cpu\n${text}`;
    const { code, stderr } = await diff(['a', 'b', '--format', 'text', '--fail-on-regression'], {
      a: cpu(BEFORE),
      b: cpu(AFTER),
    });
    expect(stderr).toContain('--fail-on-regression cannot judge');
    expect(code).toBe(2);
  });
});

describe('folded text of stackcollapse-perf.pl, which holds nanoseconds', () => {
  const of = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([stack, count]) => `${stack} ${count * 1_001_001}\n`)
      .join('');
  const files = {
    a: of({ 'a;main;layout': 15, 'a;main;parse': 17, 'a;main;render': 26, 'a;main;sort': 28 }),
    b: of({ 'a;main;layout': 12, 'a;main;parse': 25, 'a;main;render': 23, 'a;main;sort': 26 }),
  };

  test('86 samples are 86 samples', async () => {
    const { stdout, stderr } = await diff(['a', 'b', '--format', 'text'], files);
    expect(stdout).toMatch(/^before {2}a {2}86 samples {2}weight 86,086,086$/m);
    expect(stdout).toContain('nothing changed significantly');
    expect(stderr).toContain('note: a: all weights are multiples of 1,001,001');
  });

  test('--json tells of the samples', async () => {
    const told = JSON.parse((await diff(['a', 'b', '--json'], files)).stdout);
    expect(told).toMatchObject({
      before: 86_086_086,
      unit: 'count',
      significant: 0,
      inputs: { before: { samples: 86 } },
    });
  });
});

describe('one clear line and exit 2', () => {
  const json = JSON.stringify({
    nodes: [
      {
        id: 1,
        callFrame: { functionName: 'f', url: '', lineNumber: 0, columnNumber: 0, scriptId: '0' },
        selfSize: 5,
        children: [],
      },
    ],
  });
  const cases: readonly [string, readonly string[], RegExp, Readonly<Record<string, string>>?][] = [
    ['no input', [], /nothing to compare; give two recordings/],
    ['three inputs', ['a.folded', 'b.folded', 'a.folded'], /two inputs can be compared, not 3/],
    ['standard input twice', ['-', '-'], /standard input can be only one of the inputs/],
    ['one side of several runs', ['--before', 'a.folded'], /give both --before and --after/],
    [
      'one input that holds one side',
      ['a.folded'],
      /a\.folded holds one profile: what shall it be compared with\?; pforge-prof diff a\.folded OTHER/,
    ],
    ['a program', ['a.folded', 'b.folded', '--', 'true'], /diff runs no program/],
    ['a file that is not there', ['a.folded', 'nowhere'], /cannot read nowhere: no such file/],
    ['an empty file', ['a.folded', 'empty'], /empty is empty/, { 'a.folded': BEFORE, empty: '' }],
    ['a side without samples', ['a.folded', 'zero'], /no samples in zero/, { 'a.folded': BEFORE, zero: 'main 0\n' }],
    [
      'time and bytes',
      ['a.folded', 'b.heapprofile'],
      /the sides measure different things: a\.folded samples, b\.heapprofile inuse_space \(bytes\)/,
      { 'a.folded': BEFORE, 'b.heapprofile': `{"head":${json.slice(10, -2)}}` },
    ],
    [
      'two events',
      ['a', 'b'],
      /the sides measure different things: a cycles, b instructions; record both by the same event/,
      {
        a: `# pforge-prof unit=count type=cycles\n${BEFORE}`,
        b: `# pforge-prof unit=count type=instructions\n${AFTER}`,
      },
    ],
    ['a text for --classic', ['a.folded', 'b.folded', '--classic', '-o', 'x.md'], /--classic draws SVG, not md/],
  ];
  test.each(cases)('%s', async (_name, args, message, files?) => {
    const { stdout, stderr, code } = await diff(args, files);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([stdout, code]).toEqual(['', 2]);
  });

  test('a folder that cannot be written to: before anything is read', async () => {
    const cwd = folderOf();
    const { stderr, code } = await runCli(['diff', 'a.folded', 'b.folded', '-o', 'missing/x.svg'], { cwd });
    expect(stderr).toContain('cannot write missing/x.svg: the folder missing does not exist');
    expect(code).toBe(2);
    expect(readdirSync(cwd).sort()).toEqual(['a.folded', 'b.folded']);
  });
});

describe('one input that holds both sides', () => {
  test('folded text with two counts a line', async () => {
    const both = 'main;parse 1000 2200\nmain;render 5500 5500\nmain;idle 3500 3510\n';
    const { stdout } = await diff(['x.folded', '--json'], { 'x.folded': both });
    expect(JSON.parse(stdout)).toMatchObject({
      before: 10_000,
      after: 11_210,
      significant: 1,
      inputs: { before: { name: 'x.folded (before)' }, after: { name: 'x.folded (after)' } },
    });
  });

  test('what is written as folded text says the same as what it was made of', async () => {
    const cwd = folderOf();
    await runCli(['diff', 'a.folded', 'b.folded', '-o', 'x.folded'], { cwd });
    const [direct, again] = await Promise.all(
      [['a.folded', 'b.folded'], ['x.folded']].map(async (inputs) =>
        JSON.parse((await runCli(['diff', ...inputs, '--json'], { cwd })).stdout),
      ),
    );
    expect(again.frames).toEqual(direct.frames);
  });

  test('a side of it without samples', async () => {
    const { stderr, code } = await diff(['x.folded'], { 'x.folded': 'main;a 0 3\nmain;b 0 4\n' });
    expect(stderr).toContain('no samples in x.folded');
    expect(code).toBe(2);
  });
});

describe('a reader that goes away, a signal', () => {
  /** Enough stacks to be busy with for a while. */
  const large = () => {
    let text = '';
    for (let i = 0; i < 200_000; i++) text += `main;f${i % 977};g${i % 7919};h${i} ${1 + (i % 5)}\n`;
    return text;
  };

  test('Ctrl-C leaves nothing half done', async () => {
    const cwd = folderOf({ a: large(), b: large() });
    const { code, survivors } = await runCli(['diff', 'a', 'b', '-o', 'x.svg'], {
      cwd,
      signals: [{ after: 500, signal: 'SIGINT', to: 'group' }],
    });
    // null: it had not even begun when the signal came
    expect(code ?? 130).toBe(130);
    expect(survivors).toEqual([]);
    expect(readdirSync(cwd).sort()).toEqual(['a', 'b']);
  });

  test('| head ends without a word', async () => {
    const cwd = folderOf({ a: large(), b: large() });
    const child = spawn(process.execPath, [bin, 'diff', 'a', 'b', '--format', 'json', '-q'], { cwd });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    await new Promise<void>((done) => {
      child.stdout.once('data', () => {
        child.stdout.destroy();
        done();
      });
    });
    const code = await new Promise((done) => child.once('close', done));
    expect([stderr, code]).toEqual(['', 0]);
  });
});

test('a folder without permission', async () => {
  if (process.getuid?.() === 0) return;
  const cwd = folderOf();
  mkdirSync(join(cwd, 'closed'));
  chmodSync(join(cwd, 'closed'), 0o500);
  const { code, stderr } = await runCli(['diff', 'a.folded', 'b.folded', '-o', 'closed/x.svg'], { cwd });
  expect(stderr).toContain('permission denied');
  expect(code).toBe(2);
});
