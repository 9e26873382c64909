import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { loadCompiled } from '../src/code-cache.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-code-'));
const home = join(folder, 'home');
const path = join(folder, 'bundle.js');
const kept = join(home, '.cache', 'pforge-prof');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
});

const bundle = (word: string): string =>
  `(function(exports,require,module,__filename,__dirname){exports.say=(name)=>{const inner=()=>'${word} '+name;return inner()};exports.at=__dirname;exports.sep=require('node:path').sep})`;

function load(word: string, build = 'b1', env: NodeJS.ProcessEnv = { HOME: home }) {
  writeFileSync(path, bundle(word));
  return loadCompiled(path, build, createRequire(import.meta.url), env) as {
    say(name: string): string;
    at: string;
    sep: string;
  };
}
const file = (): string => join(kept, readdirSync(kept)[0]!);

test('a bundle is a CommonJS module', () => {
  expect(load('hello')).toMatchObject({ at: folder, sep: '/' });
});

test('what was compiled is kept, for its user alone, and used', () => {
  expect(load('hello').say('you')).toBe('hello you');
  expect(statSync(kept).mode & 0o777).toBe(0o700);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  // V8 looks at the length of the source only: that the old word is said shows where the code came from
  expect(load('adieu').say('you')).toBe('hello you');
});

test('another build takes the place of the one before', () => {
  load('hello');
  expect(load('adieu', 'b2').say('you')).toBe('adieu you');
  expect(load('salut', 'b2').say('you')).toBe('adieu you');
  expect(readdirSync(kept)).toHaveLength(1);
});

test('XDG_CACHE_HOME goes before HOME', () => {
  load('hello', 'b1', { HOME: '/nowhere', XDG_CACHE_HOME: home });
  expect(readdirSync(home)).toEqual(['pforge-prof']);
});

test('broken code is not run', () => {
  load('hello');
  const whole = readFileSync(file());
  for (let at = 0; at < whole.length; at += 7) {
    const broken = Buffer.from(whole);
    broken[at]! ^= 1 << (at % 8);
    writeFileSync(file(), at % 2 === 0 ? broken : whole.subarray(0, at));
    expect(load('adieu').say('you')).toBe('adieu you');
  }
});

test('code that others may write is not run', () => {
  load('hello');
  chmodSync(file(), 0o620);
  expect(load('adieu').say('you')).toBe('adieu you');
});

test.skipIf(process.geteuid?.() !== 0)('nor code of another user', () => {
  load('hello');
  chownSync(file(), 12345, 12345);
  expect(load('adieu').say('you')).toBe('adieu you');
  rmSync(home, { recursive: true });
  mkdirSync(home);
  chownSync(home, 12345, 12345);
  load('hello');
  expect(readdirSync(home)).toEqual([]);
});

test.each([
  ['without a home', {}],
  ['with one that is not there', { HOME: '/nowhere/at/all' }],
  ['with one that is no path', { HOME: 'home' }],
  ['where node shall keep nothing', { HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' }],
])('nothing is kept %s', (_, env) => {
  expect(load('hello', 'b1', env).say('you')).toBe('hello you');
  expect(load('adieu', 'b1', env).say('you')).toBe('adieu you');
  expect(readdirSync(home)).toEqual([]);
});

test('where nothing can be written it works all the same', () => {
  writeFileSync(join(home, '.cache'), 'a file');
  expect(load('hello').say('you')).toBe('hello you');
});

test('what is read byte by byte has no characters of several bytes', () => {
  for (const name of ['program.js', 'execa.js']) {
    const bytes = readFileSync(join(import.meta.dirname, '../dist', name));
    expect(bytes.findIndex((byte) => byte > 127)).toBe(-1);
  }
});
