import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionsOf } from '../render/compact/data-of.ts';
import { bin, example, root, runCli, workFolder } from './run-cli.ts';

const folded = 'main;parse;scan 30\nmain;render 70\n';

/** One clear line, no stack trace. */
function errorOf(stderr: string): string {
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^pforge-prof: error: /);
  return lines[0]!;
}

describe('programs that cannot be started', () => {
  const cases: readonly [string, readonly string[], number, RegExp][] = [
    ['not found on PATH', ['no-such-program'], 127, /cannot run no-such-program: not found on PATH/],
    ['no such file', ['./no-such-program'], 127, /cannot run \.\/no-such-program: no such file/],
    ['not executable', [join(root, 'README.md')], 126, /README\.md: it is not executable/],
    ['a directory', [root], 126, /it is a directory/],
    ['empty name', [''], 127, /program name is empty/],
  ];
  test.each(cases)('%s', async (_name, program, expected, pattern) => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(['flame', '--', ...program], { cwd });
    const said = stderr.split('\n').filter((text) => text.includes('error:'));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(pattern);
    expect(code).toBe(expected);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('inputs and outputs that cannot be used', () => {
  test.each(['flame', 'diff'])('%s: an extension that stands for no format', async (command) => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'a.folded'), folded);
    const inputs = command === 'diff' ? ['a.folded', 'a.folded'] : ['a.folded'];
    const { code, stderr } = await runCli([command, ...inputs, '-o', 'picture.pgn'], { cwd });
    expect(errorOf(stderr)).toMatch(
      /no format that can be written has the extension \.pgn; say which with --format: .*svg/,
    );
    expect(code).toBe(2);
    expect(readdirSync(cwd)).toEqual(['a.folded']);
  });

  test('a missing input', async () => {
    const { code, stderr } = await runCli(['flame', 'no-such.folded']);
    expect(errorOf(stderr)).toContain('no-such.folded');
    expect(code).toBe(2);
  });

  test('a folder as input', async () => {
    const { code, stderr } = await runCli(['flame', root]);
    expect(errorOf(stderr)).toMatch(/folder|directory/);
    expect(code).toBe(2);
  });

  test('an unknown format names the known ones', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'x'), '<!doctype html><title>404</title>');
    const { code, stderr } = await runCli(['flame', 'x'], { cwd });
    expect(errorOf(stderr)).toMatch(/HTML.*perf-script.*folded.*cpuprofile/);
    expect(code).toBe(2);
    expect(readdirSync(cwd)).toEqual(['x']);
  });

  test('an unknown --input-format', async () => {
    const { code, stderr } = await runCli(['flame', '--input-format', 'nope', '-'], { stdin: folded });
    expect(errorOf(stderr)).toContain("unknown input format 'nope'");
    expect(code).toBe(2);
  });

  test('an unknown --format', async () => {
    const { code, stderr } = await runCli(['flame', '--format', 'nope', '-'], { stdin: folded });
    expect(errorOf(stderr)).toMatch(/nope.*svg, html, text, .*folded/);
    expect(code).toBe(2);
  });

  test('a missing output folder is said before the program runs', async () => {
    const { code, stdout, stderr } = await runCli(['flame', '-o', 'no/such/x.svg', '--', 'echo', 'ran']);
    expect(errorOf(stderr)).toContain('the folder no/such does not exist; mkdir -p no/such');
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });

  test('an output that is a folder', async () => {
    const { code, stderr } = await runCli(['flame', '-o', root, '-'], { stdin: folded });
    expect(errorOf(stderr)).toContain('it is a folder');
    expect(code).toBe(2);
  });

  test('a full disk leaves the older file and no other', async () => {
    const { code, stderr } = await runCli(['flame', '-q', '-o', '/dev/full', '-'], { stdin: folded });
    expect(errorOf(stderr)).toContain('cannot write /dev/full: no space left');
    expect(code).toBe(125);
  });

  test('an empty input', async () => {
    const { code, stderr } = await runCli(['flame', '-'], { stdin: '' });
    expect(errorOf(stderr)).toContain('standard input is empty');
    expect(code).toBe(2);
  });

  test.each([
    [[], /nothing to draw/],
    [['--'], /no program follows --/],
    [['x', '--', 'true'], /only one of/],
    [['-F', 'fast', '--', 'true'], /-F.*number from 1/],
    [['--nope', '--', 'true'], /unknown option '--nope'/],
    [['--focus', '(', '-'], /no regular expression/],
  ])('usage: flame %j', async (args, pattern) => {
    const { code, stderr } = await runCli(['flame', ...args], { stdin: folded });
    expect(errorOf(stderr)).toMatch(pattern);
    expect(code).toBe(2);
  });

  test('an unknown command', async () => {
    const { code, stderr } = await runCli(['zzzzzz']);
    expect(errorOf(stderr)).toMatch(/unknown command zzzzzz; known are flame, .*report, convert, .*doctor/);
    expect(code).toBe(2);
  });

  test.each([
    ['flam', 'flame'],
    ['perfstat', 'perf-stat'],
    ['dif', 'diff'],
  ])('a command that is spelled nearly right: %s', async (word, meant) => {
    const { code, stderr } = await runCli([word]);
    expect(errorOf(stderr)).toContain(`unknown command ${word}; did you mean ${meant}; see pforge-prof --help`);
    expect(code).toBe(2);
  });

  test('an option that is spelled nearly right', async () => {
    const { stderr } = await runCli(['flame', '--titel', 'x', '-']);
    expect(errorOf(stderr)).toContain("unknown option '--titel' (Did you mean --title?)");
  });

  test('control characters in a file name do not reach the terminal', async () => {
    const { stderr } = await runCli(['flame', 'a\u001b]0;title\u0007b']);
    expect(stderr).not.toMatch(/[\u001b\u0007]/);
    errorOf(stderr);
  });

  test('a stack trace only with --debug', async () => {
    const { stderr } = await runCli(['flame', '--debug', 'no-such']);
    expect(stderr).toMatch(/\n\s+at /);
  });
});

describe('reading recordings', () => {
  test('standard input to standard output, which is no terminal', async () => {
    const { code, stdout, stderr } = await runCli(['flame', '-'], { stdin: folded });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<\?xml/);
    expect(stdout).toContain('render (70 samples, 70.00%)');
    expect(stderr).toMatch(/70\.0%.* render/);
  });

  test('several inputs merge', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'a'), folded);
    const { stdout } = await runCli(['flame', '--format', 'folded', 'a', '-'], { cwd, stdin: folded });
    expect(stdout).toBe('main;parse;scan 60\nmain;render 140\n');
  });

  test('--focus, --ignore, --hide', async () => {
    const run = async (...args: string[]) =>
      (await runCli(['flame', '-q', '--format', 'folded', ...args, '-'], { stdin: folded })).stdout;
    expect(await run('--focus', '^scan')).toBe('main;parse;scan 30\n');
    expect(await run('--ignore', '^scan')).toBe('main;render 70\n');
    expect(await run('--hide', '^parse')).toBe('main;render 70\nmain;scan 30\n');
  });

  test('--json tells the result on standard output', async () => {
    const { stdout, stderr } = await runCli(['flame', '--json', '-'], { stdin: folded });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ format: 'folded', weight: { type: 'samples', unit: 'count', total: 100 } });
    expect(report.top[0]).toMatchObject({ name: 'render', self: 70, total: 70 });
    expect(stderr).toBe('');
  });

  test('the extension of -o picks the format; the written file can be read again', async () => {
    const cwd = workFolder();
    for (const name of ['x.json', 'x.folded', 'x.cpuprofile', 'x.svg', 'x.txt']) {
      const { code, stderr } = await runCli(['flame', '-o', name, '-'], { cwd, stdin: folded });
      expect(stderr).toContain(`wrote ${name}`);
      expect(code).toBe(0);
    }
    for (const name of ['x.json', 'x.folded']) {
      const { stdout } = await runCli(['flame', '-q', '--format', 'folded', name], { cwd });
      expect(stdout).toBe(folded);
    }
    const { stdout } = await runCli(['flame', '-q', '--format', 'folded', 'x.cpuprofile'], { cwd });
    expect(stdout).toMatch(/^main;parse;scan \d+\nmain;render \d+\n$/m);
    expect(readFileSync(join(cwd, 'x.txt'), 'utf8')).toContain('render');
  });

  test('the picture replaces what was there, through a link', async () => {
    const cwd = workFolder();
    mkdirSync(join(cwd, 'real'));
    writeFileSync(join(cwd, 'real/x.svg'), 'older');
    symlinkSync('real/x.svg', join(cwd, 'x.svg'));
    await runCli(['flame', '-o', 'x.svg', '-'], { cwd, stdin: folded });
    expect(readFileSync(join(cwd, 'real/x.svg'), 'utf8')).toMatch(/<\/svg>\s*$/);
    expect(readdirSync(join(cwd, 'real'))).toEqual(['x.svg']);
  });
});

describe('help and version', () => {
  test('--version', async () => {
    const { stdout, code } = await runCli(['--version']);
    expect(stdout).toBe(`${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}\n`);
    expect(code).toBe(0);
  });

  test('--help names every command, and the exit codes', async () => {
    const { stdout, code } = await runCli(['--help']);
    expect(stdout).toMatch(/flame .*\n(?:.*\n)*.*report .*\n.*convert .*\n(?:.*\n)*.*doctor/);
    expect(stdout).toMatch(/Exit codes: .*125/);
    expect(code).toBe(0);
  });

  test.each([[['flame', '--help']], [['help', 'flame']]])('%j explains the command', async (args) => {
    const { stdout, code } = await runCli(args);
    expect(stdout).toMatch(/--call-graph <how>/);
    expect(stdout).toMatch(/pforge-prof flame -- node server.js/);
    expect(code).toBe(0);
  });

  test('without a word: ten lines on stderr, exit code 2', async () => {
    const { stdout, stderr, code } = await runCli([]);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage:');
    expect(stderr).toMatch(/--help lists all commands/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(10);
    expect(code).toBe(2);
  });

  test('a command loads only its own modules', () => {
    const source = readFileSync(bin, 'utf8');
    expect(source).not.toMatch(/flame|doctor/);
    const cli = readFileSync(join(root, 'dist/cli.cjs'), 'utf8');
    expect(cli).not.toMatch(/perf-record|flameSvg|commander/);
  });

  test('what the first start compiled serves the second', async () => {
    const env = { XDG_CACHE_HOME: workFolder() };
    const first = await runCli(['convert', '-'], { env, stdin: 'a;b 1\n' });
    const [kept] = readdirSync(join(env.XDG_CACHE_HOME, 'pforge-prof'));
    expect(kept).toContain('program.js');
    const { ino } = statSync(join(env.XDG_CACHE_HOME, 'pforge-prof', kept!));
    expect(await runCli(['convert', '-'], { env, stdin: 'a;b 1\n' })).toEqual(first);
    expect(statSync(join(env.XDG_CACHE_HOME, 'pforge-prof', kept!)).ino).toBe(ino);
  });
});

describe('doctor', () => {
  test('has a line for everything that recording needs', async () => {
    const { stdout, code } = await runCli(['doctor']);
    for (const name of ['node', 'Linux perf', 'perf_event_paranoid', 'kptr_restrict', 'valgrind', 'chromium', 'wrk']) {
      expect(stdout).toContain(name);
    }
    expect(code).toBe(0);
  });

  test('says the one command that mends what is missing', async () => {
    const folder = workFolder();
    symlinkSync(process.execPath, join(folder, 'node'));
    const { stdout, code } = await runCli(['doctor', '--json'], { env: { PATH: folder } });
    const { checks } = JSON.parse(stdout);
    const perf = checks.find(({ name }: { name: string }) => name === 'Linux perf');
    expect(perf).toMatchObject({ state: 'missing', detail: 'perf is not installed' });
    expect(perf.remedy).toContain('apt-get install linux-perf');
    expect(code).toBe(0);
  });
});

describe('without perf', () => {
  const onlyNode = (): string => {
    const folder = workFolder();
    symlinkSync(process.execPath, join(folder, 'node'));
    return folder;
  };

  test('a node program is recorded with the V8 profiler, and that is said', async () => {
    const cwd = workFolder();
    const args = ['flame', '--', 'node', example('server.js'), '--load', '1'];
    const { code, stderr } = await runCli(args, { cwd, env: { PATH: onlyNode() } });
    expect(stderr).toMatch(/perf cannot record: it is not installed .*V8's profiler/);
    expect(code).toBe(0);
    const svg = readFileSync(join(cwd, 'flamegraph.svg'), 'utf8');
    const names = functionsOf(svg);
    expect(names).toContainEqual(expect.stringMatching(/^findProducts .*server\.js:\d+:\d+$/));
    expect(names).toContainEqual(expect.stringMatching(/^worker \d+ \(load\.js\)/));
  });

  test('any other program: 125, and the command that installs perf', async () => {
    const folder = onlyNode();
    symlinkSync('/bin/true', join(folder, 'true'));
    const { code, stderr } = await runCli(['flame', '--', 'true'], { env: { PATH: folder } });
    expect(errorOf(stderr)).toMatch(/perf cannot record: it is not installed; apt-get install linux-perf/);
    expect(errorOf(stderr)).toContain('--collector callgrind');
    expect(code).toBe(125);
  });
});

test('a pattern that would never end is ended', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'x.folded'), `main;${'a'.repeat(60)}b 1\n`);
  const { code, stderr } = await runCli(['report', 'x.folded', '--focus', '(a+)+$'], { cwd });
  expect(errorOf(stderr)).toContain('matching /(a+)+$/ takes more than 10 s: it tries too many ways');
  expect(code).toBe(2);
});
