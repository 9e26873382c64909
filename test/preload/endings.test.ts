import { describe, expect, test } from 'vitest';
import { profileProgram } from './profile-program.ts';

describe('a program that ends by itself leaves its profile, and ends as it would without us', () => {
  test.each([
    ['its end', 'hot(600)', 0, null],
    ['process.exit', 'hot(600); process.exit(5)', 5, null],
    ['process.exitCode', 'hot(600); process.exitCode = 3', 3, null],
    ['process.reallyExit', 'hot(600); process.reallyExit(6)', 6, null],
    ['throw', 'hot(600); throw new Error("boom")', 1, null],
    ['an unhandled rejection', 'hot(600); Promise.reject(new Error("boom"))', 1, null],
    ['process.exit in an exit listener', 'process.on("exit", () => process.exit(9)); hot(600)', 9, null],
    ['SIGTERM to itself', 'hot(600); process.kill(process.pid, "SIGTERM"); line("alive")', null, 'SIGTERM'],
    ['SIGKILL to itself', 'hot(600); process.kill(process.pid, "SIGKILL"); line("alive")', null, 'SIGKILL'],
    ['a crash', 'hot(600); process.kill(process.pid, "SIGSEGV"); line("alive")', null, 'SIGSEGV'],
  ])('%s', async (_title, source, code, signal) => {
    const [profiled, plain] = [await profileProgram({ source }), await profileProgram({ source, plain: true })];
    expect(profiled).toMatchObject({ code, signal });
    expect([profiled.code, profiled.signal]).toEqual([plain.code, plain.signal]);
    expect([profiled.stdout, profiled.stderr]).toEqual([plain.stdout, plain.stderr]);
    expect(profiled.threads).toMatchObject([{ name: 'main.js', process: 'main.js' }]);
    expect(profiled.threads[0]!.hot).toBeGreaterThan(5);
    expect(profiled.others).toEqual([]);
  });

  test('process.abort, with no frame of ours in its report', async () => {
    const result = await profileProgram({ source: 'hot(600); process.abort()' });
    expect(result.signal).toBe('SIGABRT');
    expect(result.threads[0]!.hot).toBeGreaterThan(5);
    expect(result.stderr).not.toContain('v8-cpu');
  });

  test('what exit listeners do is in the profile of process.exit', async () => {
    const source = 'process.on("exit", () => hot(600)); process.exit(0)';
    expect((await profileProgram({ source })).threads[0]!.hot).toBeGreaterThan(5);
  });
});

describe('a program ended by a signal', () => {
  const SERVER = 'setInterval(() => hot(20), 25); setTimeout(() => line("ready"), 300);';

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const)(
    '%s leaves the profile, and is what the program dies of',
    async (signal) => {
      const result = await profileProgram({ source: SERVER, once: { printed: 'ready', send: signal } });
      expect(result).toMatchObject({ code: null, signal, stderr: '' });
      expect(result.threads[0]!.hot).toBeGreaterThan(5);
    },
  );

  test('plain node --cpu-prof loses the profile on SIGINT', async () => {
    const { code, signal, threads } = await profileProgram({
      source: SERVER,
      nodeArgs: ['--cpu-prof', '--cpu-prof-dir=profiles'],
      plain: true,
      once: { printed: 'ready', send: 'SIGINT' },
    });
    expect({ code, signal, threads }).toEqual({ code: null, signal: 'SIGINT', threads: [] });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends for(;;), and leaves the profile', async (signal) => {
    const source = 'setTimeout(() => { line("ready"); for (;;) hot(10); }, 200)';
    const result = await profileProgram({ source, once: { printed: 'ready', send: signal } });
    expect(result).toMatchObject({ code: null, signal });
    expect(result.threads).toHaveLength(1);
  });

  test('SIGKILL leaves what was written before', async () => {
    const source = `const written = () => require('node:fs').readdirSync('profiles').some((name) => name.endsWith('.cpuprofile'));
do hot(50); while (!written()); line('written'); for (;;) hot(10);`;
    const result = await profileProgram({ source, checkpointMs: 100, once: { printed: 'written', send: 'SIGKILL' } });
    expect(result.signal).toBe('SIGKILL');
    expect(result.threads[0]!.hot).toBeGreaterThan(5);
  });

  test('a request over the control line is answered in the midst of for(;;)', async () => {
    const result = await profileProgram({
      source: 'setTimeout(() => { line("ready"); for (;;) hot(10); }, 300)',
      once: { printed: 'ready', send: 'flush', kill: 'SIGKILL' },
    });
    expect(result.signal).toBe('SIGKILL');
    expect(result.threads).toHaveLength(1);
  });

  test.each([
    ['a graceful listener', 'process.on("SIGTERM", () => { line("closing"); clearInterval(timer); })', 0, null],
    [
      'a listener for one time that takes its time',
      'process.once("SIGTERM", () => setTimeout(() => { line("clean"); process.exit(4); }, 300))',
      4,
      null,
    ],
    [
      'a listener that cleans up and sends the signal again',
      'const end = () => { process.off("SIGTERM", end); line("clean"); process.kill(process.pid, "SIGTERM"); line("alive"); }; process.on("SIGTERM", end)',
      null,
      'SIGTERM',
    ],
  ])('%s runs as without us', async (_title, listener, code, signal) => {
    const source = `const timer = setInterval(() => hot(20), 25); setTimeout(() => line("ready"), 300); ${listener}`;
    const once = { printed: 'ready', send: 'SIGTERM' } as const;
    const [profiled, plain] = [
      await profileProgram({ source, once }),
      await profileProgram({ source, once, plain: true }),
    ];
    expect(profiled).toMatchObject({ code, signal });
    expect([profiled.code, profiled.signal]).toEqual([plain.code, plain.signal]);
    expect(profiled.stdout).toBe(plain.stdout);
    expect(profiled.threads[0]!.hot).toBeGreaterThan(5);
  });

  test('a program that ignores it goes on', async () => {
    const source = 'process.on("SIGINT", () => { line("ignored"); setTimeout(() => process.exit(7), 200); });';
    const result = await profileProgram({ source: source + SERVER, once: { printed: 'ready', send: 'SIGINT' } });
    expect(result).toMatchObject({ code: 7, stdout: 'ready\nignored\n' });
  });
});
