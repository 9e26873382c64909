import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pathWith } from './fake-tools.ts';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

const folded = 'main;parse 30\nmain;render 70\n';

/** Serves until the address was printed and a signal came. */
async function view(args: readonly string[], options: CliOptions = {}, signal: NodeJS.Signals = 'SIGINT') {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'x.folded'), folded);
  const signals = [{ after: '/\n', signal, to: 'group' as const }];
  return { cwd, ...(await runCli(['view', ...args], { cwd, signals, ...options })) };
}

describe('view', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('prints the address; %s ends it, exit code 0', async (signal) => {
    const { code, stdout, stderr, survivors } = await view(['--no-open', 'x.folded'], {}, signal);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/\n$/);
    expect(stderr).toBe('pforge-prof: serving x.folded to browsers of this machine until Ctrl-C\n');
    expect(code).toBe(0);
    expect(survivors).toEqual([]);
  });

  test('opens the browser at that address, and lives on without one', async () => {
    const notes = `printf '%s\\n' "$@" > opened`;
    // The signal ends it once the browser has been tried; at that moment it may still be one of the group.
    const signals = [{ after: '/\n', signal: 'SIGINT' as const, to: 'leader' as const }];
    const opened = await view(['x.folded'], { signals, env: { PATH: pathWith({ 'xdg-open': notes }), BROWSER: '' } });
    expect(readFileSync(join(opened.cwd, 'opened'), 'utf8')).toBe(opened.stdout);
    const alone = await view(['x.folded'], { env: { PATH: pathWith({}), BROWSER: '' } });
    expect(alone.stderr).toContain(`open it yourself: ${alone.stdout}`);
    expect([opened.code, alone.code]).toEqual([0, 0]);
  });

  test('--no-open opens nothing; --json tells programs', async () => {
    const PATH = pathWith({ 'xdg-open': 'echo > opened' });
    const signals = [{ after: '\n', signal: 'SIGINT' as const, to: 'group' as const }];
    const { stdout, cwd } = await view(['--no-open', '--json', 'x.folded'], { signals, env: { PATH, BROWSER: '' } });
    expect(JSON.parse(stdout)).toEqual({
      url: expect.stringMatching(/^http:/),
      port: expect.any(Number),
      inputs: ['x.folded'],
    });
    expect(existsSync(join(cwd, 'opened'))).toBe(false);
  });

  test('standard input', async () => {
    const { code, stdout } = await view(['--no-open', '-'], { stdin: folded });
    expect(stdout).toMatch(/^http:/);
    expect(code).toBe(0);
  });

  test.each([
    [[], /nothing to view; give a recording/],
    [['missing'], /missing/],
    [['--port', '70000', 'x.folded'], /--port.*0 to 65535/],
    [['x.folded', '--', 'node'], /view runs no program; pforge-prof flame records one/],
    [['--focus', 'nobody', 'x.folded'], /no sample is left/],
  ])('usage: %j', async (args, pattern) => {
    const { code, stderr, stdout } = await view(args);
    expect(stderr).toMatch(pattern);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await view(['--no-open', '--port', String(port), 'x.folded']);
    other.close();
    expect(stderr).toBe(
      `pforge-prof: error: cannot listen on port ${port}: it is in use; leave --port out to take one that is free\n`,
    );
    expect(code).toBe(2);
  });

  test('a broken recording is said before anything is served', async () => {
    const cwd = workFolder();
    mkdirSync(join(cwd, 'd'));
    writeFileSync(join(cwd, 'bad.json'), '{"nodes":[');
    const { code, stdout } = await runCli(['view', '--no-open', 'bad.json'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });
});
