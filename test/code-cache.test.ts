import {
  chmodSync,
  chownSync,
  existsSync,
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
import { setFlagsFromString } from 'node:v8';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { type CallOfBundle, loadCompiled } from '../src/code-cache.ts';

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
  `(function(exports,require,module,__filename,__dirname){exports.say=(name)=>{const inner=()=>'${word} '+name;return inner()};exports.other=()=>'${word}'+'!'.repeat(3);exports.at=__dirname;exports.sep=require('node:path').sep})`;

function load(
  word: string,
  build = 'b1',
  { env = { HOME: home }, words = ['flame', '-o', 'x.svg'], exitCode = 0 }: CallOfBundle & { exitCode?: number } = {},
) {
  writeFileSync(path, bundle(word));
  let atEnd = (_exitCode: number): void => {};
  const call = { env, words, atExit: (work: typeof atEnd) => (atEnd = work) };
  const loaded = loadCompiled(path, build, createRequire(import.meta.url), call) as {
    say(name: string): string;
    other(): string;
    at: string;
    sep: string;
  };
  return { ...loaded, end: () => atEnd(exitCode) };
}
/** A whole run. */
function run(...words: Parameters<typeof load>): string {
  const { say, end } = load(...words);
  const said = say('you');
  end();
  return said;
}
const file = (): string => join(kept, readdirSync(kept)[0]!);

test('a bundle is a CommonJS module', () => {
  expect(load('hello')).toMatchObject({ at: folder, sep: '/' });
});

test('a bundle loads others beside it, whose code is kept as well', () => {
  const first = join(folder, 'first.js');
  writeFileSync(
    first,
    '(function(exports,require,module,__filename,__dirname,loadBeside){exports.say=()=>loadBeside("bundle.js","b1").say("you")})',
  );
  writeFileSync(path, bundle('hello'));
  const ends: ((exitCode: number) => void)[] = [];
  const call: CallOfBundle = { env: { HOME: home }, words: ['flame'], atExit: (work) => ends.push(work) };
  const { say } = loadCompiled(first, 'b1', createRequire(import.meta.url), call) as { say(): string };
  expect(say()).toBe('hello you');
  for (const end of ends) end(0);
  expect(readdirSync(kept).map((name) => name.replace(/-v.*/, ''))).toEqual(['bundle.js-flame', 'first.js-flame']);
});

test('what was compiled is kept, for its user alone, and used', () => {
  expect(run('hello')).toBe('hello you');
  expect(statSync(kept).mode & 0o777).toBe(0o700);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  // V8 looks at the length of the source only: that the old word is said shows where the code came from
  expect(run('adieu')).toBe('hello you');
});

test('functions that were not run are not kept, and added by a call of another kind that runs them', () => {
  run('hello');
  const small = statSync(file()).size;
  expect(load('adieu').other()).toBe('adieu!!!');
  // Known words add nothing, others do: extensions count, names of files do not
  for (const [words, larger] of [
    [['flame', '-o', 'y.svg'], false],
    [['flame', '-o', 'y.html'], true],
  ] as const) {
    const { other, end } = load('hello', 'b1', { words });
    other();
    end();
    expect(statSync(file()).size > small).toBe(larger);
  }
  expect(load('adieu').other()).toBe('hello!!!');
  expect(load('adieu').say('you')).toBe('hello you');
});

test('each command has its own; words that are none, or were wrong, keep nothing', () => {
  for (const words of [['Flame'], ['--help'], ['../up'], []]) run('hello', 'b1', { words });
  run('hello', 'b1', { exitCode: 2 });
  expect(existsSync(kept)).toBe(false);
  run('hello', 'b1', { words: ['flame'] });
  run('hello', 'b1', { words: ['perf-stat'], exitCode: 1 });
  expect(readdirSync(kept)).toHaveLength(2);
});

test('flags of the engine that are set meanwhile do not matter', () => {
  const { say, end } = load('hello');
  say('you');
  setFlagsFromString('--no-lazy-feedback-allocation');
  end();
  setFlagsFromString('--lazy-feedback-allocation');
  expect(run('adieu')).toBe('hello you');
});

test('another build takes the place of the one before', () => {
  run('hello');
  expect(run('adieu', 'b2')).toBe('adieu you');
  expect(run('salut', 'b2')).toBe('adieu you');
  expect(readdirSync(kept)).toHaveLength(1);
});

test('XDG_CACHE_HOME goes before HOME', () => {
  run('hello', 'b1', { env: { HOME: '/nowhere', XDG_CACHE_HOME: home } });
  expect(readdirSync(home)).toEqual(['pforge-prof']);
});

test('broken code is not run', () => {
  run('hello');
  const whole = readFileSync(file());
  for (let at = 0; at < whole.length; at += 7) {
    const broken = Buffer.from(whole);
    broken[at]! ^= 1 << (at % 8);
    writeFileSync(file(), at % 2 === 0 ? broken : whole.subarray(0, at));
    expect(run('adieu')).toBe('adieu you');
  }
});

test('code that others may write is not run', () => {
  run('hello');
  chmodSync(file(), 0o620);
  expect(run('adieu')).toBe('adieu you');
});

test.skipIf(process.geteuid?.() !== 0)('nor code of another user', () => {
  run('hello');
  chownSync(file(), 12345, 12345);
  expect(run('adieu')).toBe('adieu you');
  rmSync(home, { recursive: true });
  mkdirSync(home);
  chownSync(home, 12345, 12345);
  run('hello');
  expect(readdirSync(home)).toEqual([]);
});

test.each([
  ['without a home', {}],
  ['with one that is not there', { HOME: '/nowhere/at/all' }],
  ['with one that is no path', { HOME: 'home' }],
  ['where node shall keep nothing', { HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' }],
])('nothing is kept %s', (_, env) => {
  expect(run('hello', 'b1', { env })).toBe('hello you');
  expect(run('adieu', 'b1', { env })).toBe('adieu you');
  expect(readdirSync(home)).toEqual([]);
});

test('where nothing can be written it works all the same', () => {
  writeFileSync(join(home, '.cache'), 'a file');
  expect(run('hello')).toBe('hello you');
});

test('what is read byte by byte has no characters of several bytes', () => {
  for (const name of ['program.js', 'drawing.js', 'others.js', 'execa.js']) {
    const bytes = readFileSync(join(import.meta.dirname, '../dist', name));
    expect(bytes.findIndex((byte) => byte > 127)).toBe(-1);
  }
});
