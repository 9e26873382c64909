import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { pathWith } from './fake-tools.ts';
import { runCli, workFolder } from './run-cli.ts';

const stdin = 'main;parse 30\nmain;render 70\n';
/** Writes down its arguments, one a line. */
const noting = (file: string): string => `printf '%s\\n' "$@" > '${file}'`;

test('--open gives the file to xdg-open, as a URL of its own', async () => {
  const cwd = workFolder();
  const PATH = pathWith({ 'xdg-open': noting('opened') });
  const name = `it's $(touch pwned) %41.svg`;
  const { code, stderr } = await runCli(['flame', '-q', '--open', '-o', name, '-'], {
    cwd,
    stdin,
    env: { PATH, BROWSER: '' },
  });
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(readFileSync(join(cwd, 'opened'), 'utf8')).toBe(`${pathToFileURL(join(cwd, name)).href}\n`);
  expect(existsSync(join(cwd, 'pwned'))).toBe(false);
});

test('what is drawn of a file is opened too', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'x.folded'), stdin);
  const PATH = pathWith({ 'xdg-open': noting('opened') });
  const args = ['flame', '-q', '--open', '-o', 'x.svg', 'x.folded'];
  const { code } = await runCli(args, { cwd, env: { PATH, BROWSER: '' } });
  expect(code).toBe(0);
  expect(readFileSync(join(cwd, 'opened'), 'utf8')).toBe(`${pathToFileURL(join(cwd, 'x.svg')).href}\n`);
});

test('without -o the picture goes to flamegraph.svg, to have something to open', async () => {
  const cwd = workFolder();
  const PATH = pathWith({ 'xdg-open': noting('opened') });
  await runCli(['flame', '-q', '--open', '-'], { cwd, stdin, env: { PATH, BROWSER: '' } });
  expect(readFileSync(join(cwd, 'opened'), 'utf8')).toMatch(/^file:\/\/\/.*\/flamegraph\.svg\n$/);
});

test('BROWSER comes first: a list of commands, with arguments and a place for the URL; the first that works is taken', async () => {
  const cwd = workFolder();
  const PATH = pathWith({
    'xdg-open': noting('by-xdg-open'),
    broken: 'exit 3',
    mine: noting('by-mine'),
  });
  const BROWSER = 'no-such-browser:broken:mine --new-window %s --after';
  const { code } = await runCli(['flame', '-q', '--open', '-'], { cwd, stdin, env: { PATH, BROWSER } });
  expect(code).toBe(0);
  expect(readFileSync(join(cwd, 'by-mine'), 'utf8')).toMatch(/^--new-window\nfile:\/\/\/.*flamegraph\.svg\n--after\n$/);
  expect(existsSync(join(cwd, 'by-xdg-open'))).toBe(false);
});

test('a browser that runs on is not waited for', async () => {
  const PATH = pathWith({ 'xdg-open': `${noting('opened')}; exec /bin/sleep 3` });
  const cwd = workFolder();
  const { code, signal } = await runCli(['flame', '-q', '--open', '-'], { cwd, stdin, env: { PATH, BROWSER: '' } });
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  expect(existsSync(join(cwd, 'opened'))).toBe(true);
});

test.each([
  ['none is there', {}],
  ['xdg-open finds none', { 'xdg-open': 'exit 3' }],
])('no browser, %s: the place of the file is said, and that is no failure', async (_name, scripts) => {
  const { code, stderr } = await runCli(['flame', '--open', '-o', 'x.svg', '-'], {
    stdin,
    env: { PATH: pathWith(scripts), BROWSER: '' },
  });
  expect(code).toBe(0);
  expect(stderr).toMatch(/no browser could be started \(set BROWSER, .*\); open it yourself: file:\/\/\/.*\/x\.svg\n/);
});

test('--open and standard output do not go together', async () => {
  const { code, stderr } = await runCli(['flame', '--open', '-o', '-', '-'], { stdin });
  expect(code).toBe(2);
  expect(stderr).toMatch(/error: --open needs a file; give -o a file name\n/);
});
