import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { preload, profileProgram } from './profile-program.ts';

/** Our 'exit' listener makes two where the program has one: node calls them from another line of its own. */
function withoutPlaces(text: string): string {
  return text.replace(/(node:events):\d+:\d+/g, '$1');
}

describe('the program does not notice', () => {
  test.each([
    ['the environment', 'for (const key of Object.keys(process.env).sort()) line(key + "=" + process.env[key])'],
    ['its arguments', 'line(JSON.stringify([process.argv.slice(2), process.execArgv]))'],
    [
      'signal listeners',
      'for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGWINCH"]) line(String(process.listenerCount(name)))',
    ],
    ['the module cache', 'line(JSON.stringify(Object.keys(require.cache).map((key) => key.split("/").pop())))'],
    ['global names', 'line(JSON.stringify(Object.getOwnPropertyNames(globalThis)) + typeof Object.prototype.onsignal)'],
    ['what keeps it alive', 'setTimeout(() => line(JSON.stringify(process.getActiveResourcesInfo())), 150)'],
    [
      'the stack of a signal listener',
      'process.once("SIGUSR2", () => { line(new Error().stack); clearInterval(timer); }); const timer = setInterval(() => {}, 1000); setTimeout(() => process.kill(process.pid, "SIGUSR2"), 200)',
    ],
    ['the stack of an exit listener', 'process.on("exit", () => line(new Error().stack))'],
    [
      'the end of a worker thread',
      'new (require("node:worker_threads").Worker)("1", { eval: true }).on("exit", () => line(new Error().stack))',
    ],
    [
      'an error of spawn',
      'require("node:child_process").spawn("/no/such/file").on("error", (error) => line(error.stack)); try { require("node:child_process").execFileSync("/no/such/file") } catch (error) { line(error.stack) }',
    ],
    [
      'the order of its ticks',
      'setImmediate(() => line("i")); process.nextTick(() => line("n")); Promise.resolve().then(() => line("p")); process.on("beforeExit", () => line("b"));',
    ],
    [
      'its own console.profile',
      'console.profile("mine"); console.profileEnd("mine"); console.profileEnd(); line("ok")',
    ],
    [
      'an inspector session of its own',
      `const { Session } = require('node:inspector'); const s = new Session(); s.connect();
s.post('Profiler.enable'); s.post('Profiler.start'); s.post('Profiler.stop', (error, { profile }) => line(String(profile.nodes.length > 0))); s.disconnect();`,
    ],
  ])('%s', async (_title, source) => {
    const options = { source, args: ['a', 'b c'], env: { NODE_OPTIONS: '--no-warnings --title="a b"' } };
    const profiled = await profileProgram(options);
    const plain = await profileProgram({ ...options, plain: true });
    const shown = ({ stdout, stderr, code, dir }: typeof plain): unknown => [
      withoutPlaces(stdout.replaceAll(dir, 'DIR')),
      stderr,
      code,
    ];
    expect(shown(profiled)).toEqual(shown(plain));
    expect(profiled.threads.length).toBeGreaterThan(0);
  });

  test('warnings about deprecated parts of node', async () => {
    for (const option of ['--pending-deprecation', '--trace-deprecation']) {
      expect((await profileProgram({ source: 'hot(100)', nodeArgs: [option] })).stderr).toBe('');
    }
  });

  test('promises do not run in the midst of its code', async () => {
    const source = `let ran = false; setTimeout(() => { Promise.resolve().then(() => { ran = true; }); process.nextTick(() => { ran = true; });
hot(500); line(String(ran)); }, 100)`;
    const result = await profileProgram({ source, checkpointMs: 10 });
    expect(result.stdout).toBe('false\n');
    expect(result.threads[0]!.segments).toBeGreaterThan(1);
  });
});

describe('programs of all kinds', () => {
  const HOT = 'const end = Date.now() + 200; while (Date.now() < end);';

  test.each([
    ['an ES module', { source: `import 'node:fs'; ${HOT}`, name: 'main.mjs' }, 'main.mjs'],
    ['an ES module with top-level await', { source: `await null; ${HOT}`, name: 'main.mjs' }, 'main.mjs'],
    ['node -e', { args: ['-e', HOT] }, 'node'],
    ['node -', { args: ['-'], stdin: HOT }, 'node'],
    ['a program on standard input', { stdin: HOT }, 'node'],
    ['one that leaves its folder', { source: 'process.chdir("/"); hot(200)' }, 'main.js'],
    [
      'one that clears its environment',
      { source: 'for (const key in process.env) delete process.env[key]; hot(200)' },
      'main.js',
    ],
    [
      'one with fake timers',
      {
        source:
          'Date.now = () => 0; process.hrtime.bigint = () => 0n; globalThis.setTimeout = null; for (let i = 0; i < 1e8; i++);',
      },
      'main.js',
    ],
    [
      'one that runs under loader hooks',
      { source: `import { register } from 'node:module'; register('data:text/javascript,'); ${HOT}`, name: 'main.mjs' },
      'main.mjs',
    ],
  ])('%s', async (_title, options, name) => {
    const result = await profileProgram(options);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.threads[0]!.name).toBe(name);
    expect(result.threads[0]!.samples).toBeGreaterThan(0);
  });

  test('node --test, with its processes', async () => {
    const source = "require('node:test').test('one', () => { hot(200); })";
    const result = await profileProgram({ source, nodeArgs: ['--test'], name: 'main.test.js' });
    expect(result.code).toBe(0);
    expect(result.threads.some(({ name, hot }) => name === 'main.test.js' && hot > 0)).toBe(true);
  });

  test('a preload whose path has blanks, quotes and backslashes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pforge "odd\\ path\' '));
    try {
      cpSync(dirname(preload), folder, { recursive: true });
      const source =
        "line(String(process.env.NODE_OPTIONS)); require('node:child_process').execFileSync('node', ['-e', '1'])";
      const result = await profileProgram({ source, preload: join(folder, 'v8-cpu.cjs') });
      expect(result).toMatchObject({ code: 0, stdout: 'undefined\n', stderr: '' });
      expect(result.threads).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a folder that is gone does no harm', async () => {
    const source = 'require("node:fs").rmSync("profiles", { recursive: true }); hot(300); line("fine")';
    expect(await profileProgram({ source, checkpointMs: 50 })).toMatchObject({ code: 0, stdout: 'fine\n', stderr: '' });
  });
});
