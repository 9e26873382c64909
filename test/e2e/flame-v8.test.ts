import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

/** Some 300 ms of work in a function that can be found again. */
const work = (name: string, ms = 300): string =>
  `function ${name}() { const end = Date.now() + ${ms}; while (Date.now() < end); } ${name}();`;

/** Records a script with the V8 collector. */
async function record(script: string, options: CliOptions = {}) {
  const cwd = options.cwd ?? workFolder();
  writeFileSync(join(cwd, 'script.js'), script);
  const TMPDIR = workFolder();
  const args = ['flame', '--collector', 'v8', '--format', 'folded', '-o', 'out', '--', 'node', 'script.js'];
  const result = await runCli(args, { ...options, cwd, env: { TMPDIR, ...options.env } });
  const file = join(cwd, 'out');
  return { ...result, folded: existsSync(file) ? readFileSync(file, 'utf8') : '', left: readdirSync(TMPDIR) };
}

describe('the profile is kept, and the exit code is the program’s own, when the program', () => {
  const endings: readonly [string, string, number][] = [
    ['ends by itself', '', 0],
    ['calls process.exit', 'process.exit(5)', 5],
    ['calls process.reallyExit', 'process.reallyExit(6)', 6],
    ['throws', 'throw new Error("thrown")', 1],
    ['leaves a rejection unhandled', 'Promise.reject(new Error("thrown"))', 1],
    ['sends itself SIGTERM', 'process.kill(process.pid, "SIGTERM")', 143],
    ['sends itself SIGINT in a loop', 'process.kill(process.pid, "SIGINT"); for (;;);', 130],
    ['aborts', 'process.abort()', 134],
  ];
  test.each(endings)('%s', async (_name, ending, expected) => {
    const { code, folded, left } = await record(`${work('beforeTheEnd')} ${ending}`);
    expect(folded).toMatch(/^script\.js;.*beforeTheEnd [^;]*script\.js:1:\d+ \d+$/m);
    expect(folded).not.toContain('preload/v8-cpu');
    expect(code).toBe(expected);
    expect(left).toEqual([]);
  });

  test('is killed by SIGKILL: all but the last seconds', async () => {
    const script = `${work('early', 4200)} process.kill(process.pid, 'SIGKILL')`;
    const { code, folded, stderr } = await record(script);
    expect(folded).toContain('early');
    expect(stderr).toContain('the program was killed by SIGKILL');
    expect(code).toBe(137);
  });
});

test('node --cpu-prof loses the profile to a signal that ends the program; we do not', async () => {
  const cwd = workFolder();
  const script = `${work('busy')} process.kill(process.ppid === 0 ? 0 : process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`;
  const outside = `${work('busy')} require('child_process').spawn('kill', ['-TERM', String(process.pid)]); setInterval(() => {}, 1000);`;
  spawnSync(process.execPath, ['--cpu-prof', '--cpu-prof-dir', cwd, '-e', outside]);
  expect(readdirSync(cwd)).toEqual([]);
  for (const text of [script, outside]) {
    const { code, folded } = await record(text);
    expect(folded).toContain('busy');
    expect(code).toBe(143);
  }
});

describe('threads and processes', () => {
  test('worker threads are recorded and named', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'helper.js'), work('inWorker'));
    const { folded } = await record(
      `const { Worker } = require('worker_threads'); new Worker('./helper.js'); new Worker('./helper.js'); ${work('inMain')}`,
      { cwd },
    );
    expect(folded).toMatch(/^script\.js;.*inMain /m);
    expect(folded).toMatch(/^worker_1_\(helper\.js\);.*inWorker /m);
    expect(folded).toMatch(/^worker_2_\(helper\.js\);.*inWorker /m);
  });

  test('a worker thread that is terminated while busy, and one that process.exit cuts short', async () => {
    for (const ending of ['worker.terminate()', 'process.exit(0)']) {
      const { folded, code } = await record(`
        const { Worker } = require('worker_threads');
        const worker = new Worker('function busyWorker() { for (;;); } busyWorker()', { eval: true });
        setTimeout(() => ${ending}, 600);`);
      expect(folded).toContain('busyWorker');
      expect(code).toBe(0);
    }
  });

  test.each([
    ['fork', `cp.fork('./child.js')`],
    ['spawn', `cp.spawn('node', ['child.js'], { stdio: 'inherit' })`],
    ['spawnSync', `cp.spawnSync(process.execPath, ['child.js'])`],
    ['a shell', `cp.execSync('true && node child.js')`],
    ['an environment of its own', `cp.spawnSync('node', ['child.js'], { env: { PATH: process.env.PATH } })`],
  ])('a child process by %s', async (_name, start) => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'child.js'), work('inChild'));
    const { folded } = await record(`const cp = require('child_process'); ${start}; ${work('inParent', 100)}`, { cwd });
    expect(folded).toMatch(/^child\.js;.*inChild /m);
    expect(folded).toMatch(/^script\.js;.*inParent /m);
  });
});

describe('the program sees itself as it would be without us', () => {
  const script = `
    const cp = require('child_process');
    const own = Object.keys(process.env).filter((key) => /PFORGE_PROF_V8/.test(key));
    const child = cp.spawnSync('env').stdout.toString().split('\\n').filter((line) => /^(NODE_OPTIONS|PFORGE_PROF_V8)/.test(line));
    console.log(JSON.stringify({
      options: process.env.NODE_OPTIONS ?? null, own, child, argv: process.argv.length, execArgv: process.execArgv,
      listeners: ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name)),
    }));
    ${work('some', 100)}`;

  test('its environment, arguments and listeners', async () => {
    const { stdout, stderr } = await record(script, { env: { NODE_OPTIONS: '' } });
    expect(JSON.parse(stdout)).toEqual({
      options: '',
      own: [],
      child: ['NODE_OPTIONS='],
      argv: 2,
      execArgv: [],
      listeners: [0, 0, 0],
    });
    expect(stderr).not.toMatch(/warning|deprecat/i);
  });

  test('the user’s own NODE_OPTIONS stay and work', async () => {
    const cwd = workFolder();
    mkdirSync(join(cwd, 'a b'));
    writeFileSync(join(cwd, 'a b/user.cjs'), 'globalThis.user = true');
    const NODE_OPTIONS = `--require "${cwd}/a b/user.cjs"`;
    const { stdout } = await record(`console.log(globalThis.user, process.env.NODE_OPTIONS); ${work('some', 100)}`, {
      cwd,
      env: { NODE_OPTIONS },
    });
    expect(stdout).toBe(`true ${NODE_OPTIONS}\n`);
  });

  test('a program that is not node: 125, and why', async () => {
    const { code, stderr } = await runCli(['flame', '--collector', 'v8', '--', 'true']);
    expect(stderr).toMatch(/error: no samples .*: nothing to draw; no profile was written: the program is not node/);
    expect(code).toBe(125);
  });

  test('a running process that is not node cannot be attached to', async () => {
    const child = spawn('sleep', ['60']);
    const { code, stderr } = await runCli(['flame', '--collector', 'v8', '--pid', String(child.pid)]);
    child.kill('SIGKILL');
    expect(stderr).toMatch(/process \d+ is sleep, not node; .*--collector perf/);
    expect(code).toBe(125);
  });
});
