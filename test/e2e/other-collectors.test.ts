import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findNodeTool } from '../../src/processes/node-tools.ts';
import { optionalTool } from '../require-tool.ts';
import { pathWith } from './fake-tools.ts';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

const tools = { '0x': findNodeTool('0x'), clinic: findNodeTool('clinic') };
const work = (name: string, ms = 400): string =>
  `function ${name}() { const end = Date.now() + ${ms}; while (Date.now() < end); } ${name}();`;

/** Records a script with a tool that was found when the tests began. */
async function record(collector: keyof typeof tools, script: string, options: CliOptions = {}) {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'script.js'), script);
  const TMPDIR = workFolder();
  const PATH = [dirname(tools[collector]!.path), process.env.PATH].join(delimiter);
  const args = ['flame', '--collector', collector, '--format', 'folded', '-o', 'out', '--', 'node', 'script.js', '-x'];
  const result = await runCli(args, { ...options, cwd, env: { TMPDIR, PATH } });
  const file = join(cwd, 'out');
  return {
    ...result,
    folded: existsSync(file) ? readFileSync(file, 'utf8') : '',
    left: [...readdirSync(TMPDIR), ...readdirSync(cwd).filter((name) => !['out', 'script.js'].includes(name))],
  };
}

describe.skipIf(!optionalTool('0x', tools['0x'] !== undefined))('--collector 0x', () => {
  test('records a program; its output, its exit code and its folder are as without us', async () => {
    const script = `console.log('said', process.argv.slice(2)); ${work('hotFunction')} process.exitCode = 7;`;
    const { code, stdout, folded, left, survivors } = await record('0x', script);
    expect(folded).toMatch(/hotFunction [^;]*script\.js:1:\d+ \d+$/m);
    expect(stdout).toBe("said [ '-x' ]\n");
    expect(code).toBe(7);
    expect({ left, survivors }).toEqual({ left: [], survivors: [] });
  });

  test('worker threads are there too, which 0x itself leaves out', async () => {
    const worker = `new (require('worker_threads').Worker)(${JSON.stringify(work('inWorker'))}, { eval: true });`;
    const { folded } = await record('0x', `${worker} ${work('inMain')}`);
    expect(folded).toContain('inWorker');
    expect(folded).toContain('inMain');
  });

  test('a program that a signal ends; one that Ctrl-C ends', async () => {
    const killed = await record('0x', `${work('before')} process.kill(process.pid, 'SIGKILL');`);
    expect(killed.code).toBe(137);
    expect(killed.folded).toContain('before');
    const script = `${work('before')} console.log('ready'); setInterval(() => {}, 1000);`;
    const stopped = await record('0x', script, { signals: [{ after: 'ready', signal: 'SIGINT', to: 'group' }] });
    expect(stopped.code).toBe(0);
    expect(stopped.folded).toContain('before');
    expect(stopped.survivors).toEqual([]);
  });
});

describe.skipIf(!optionalTool('clinic', tools.clinic !== undefined))('--collector clinic', () => {
  test('records a program, and says what it does not tell', async () => {
    const { code, folded, stderr, left } = await record('clinic', work('hotFunction', 1500));
    expect(folded).toMatch(/hotFunction [^;]*script\.js:1:\d+ \d+$/m);
    expect(stderr).toContain('clinic flame does not tell how the program ended');
    expect(code).toBe(0);
    expect(left).toEqual([]);
  });
});

test('a command called 0x that belongs to no package of that name is not what is driven', async () => {
  const cwd = workFolder();
  const words = ['flame', '--collector', '0x', '--', 'node', '-e', '0'];
  const { code, stderr } = await runCli(words, { cwd, env: { PATH: pathWith({ '0x': 'echo ran > ran' }) } });
  expect(stderr).toMatch(/\/0x does not belong to a package named 0x; npm install --save-dev 0x\n$/);
  expect(code).toBe(125);
  expect(readdirSync(cwd)).toEqual([]);
});

describe.each([
  ['0x', '0x', '0x is neither in node_modules nor on PATH; npm install --save-dev 0x'],
  ['clinic', 'clinic flame', 'clinic is neither in node_modules nor on PATH; npm install --save-dev clinic'],
])('what --collector %s refuses', (collector, title, advice) => {
  test('a machine without it: 125 and how to get it; nothing has run', async () => {
    const cwd = workFolder();
    const program = ['node', '-e', `require('fs').writeFileSync('ran', '')`];
    const args = ['flame', '--collector', collector, '--', ...program];
    const { code, stderr } = await runCli(args, { cwd, env: { PATH: pathWith({}) } });
    expect(stderr).toBe(`pforge-prof: error: ${advice}\n`);
    expect(code).toBe(125);
    expect(readdirSync(cwd)).toEqual([]);
  });

  /** A folder with a package of the tool's name, of which nothing may run. */
  const withTool = (): string => {
    const cwd = workFolder();
    mkdirSync(join(cwd, 'node_modules', collector), { recursive: true });
    mkdirSync(join(cwd, 'node_modules/.bin'));
    const manifest = { name: collector, version: '1.2.3' };
    writeFileSync(join(cwd, 'node_modules', collector, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(cwd, 'node_modules', collector, 'cmd.js'), '#!/bin/sh\necho ran > ran\n', { mode: 0o755 });
    symlinkSync(`../${collector}/cmd.js`, join(cwd, 'node_modules/.bin', collector));
    return cwd;
  };

  test.each([
    [['--', 'ls'], `${title} records node programs only`, 125],
    [['--pid', String(process.pid)], `${title} cannot be attached to a running process`, 125],
    [['--off-cpu', '--', 'node', '-v'], `${title} does not see threads wait`, 2],
    [['--', 'no-such-program'], 'cannot run no-such-program', 127],
  ])('%j', async (words, message, expected) => {
    const cwd = withTool();
    const { code, stderr } = await runCli(['flame', '--collector', collector, ...words], { cwd });
    expect(stderr).toContain(message);
    expect(code).toBe(expected);
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  });

  test('doctor tells whether it is here, without running it', async () => {
    const found = async (cwd: string) => {
      const { stdout } = await runCli(['doctor', '--json'], { cwd, env: { PATH: pathWith({}) } });
      return JSON.parse(stdout).checks.find(({ name }: { name: string }) => name === title);
    };
    const cwd = withTool();
    expect(await found(cwd)).toMatchObject({ state: 'ok', detail: expect.stringContaining('1.2.3') });
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
    expect(await found(workFolder())).toMatchObject({
      state: 'optional',
      remedy: `npm install --save-dev ${collector}`,
    });
  });
});
