import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';

const bin = resolve(import.meta.dirname, '../bin/pforge-prof.js');
const folder = mkdtempSync(join(tmpdir(), 'pforge-start-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const listing = join(folder, 'listing.cjs');
writeFileSync(
  listing,
  "const known = new Set(process.moduleLoadList); process.once('exit', () => require('node:fs').writeFileSync(3, " +
    "process.moduleLoadList.filter((name) => !known.has(name)).join(',')));",
);

/** What a call says, and which modules of node it loads beyond those that are in every process. */
function start(...words: string[]): {
  modules: readonly string[];
  stdout: string;
  stderr: string;
  code: number | null;
} {
  const { status, output } = spawnSync(process.execPath, ['--require', listing, bin, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: folder },
  });
  const modules = output[3]!.split(',').map((name) => name.replace(/^NativeModule /, ''));
  return { modules, stdout: output[1]!, stderr: output[2]!, code: status };
}

test.each([
  ['--version', /^\d+\.\d+\.\d+\n$/],
  ['--help', /^Usage: .*\n/m],
])('%s makes no stream of node', (word, says) => {
  const { modules, stdout, code } = start(word);
  expect(stdout).toMatch(says);
  expect(code).toBe(0);
  expect(modules.filter((name) => /stream|^net$|^tty$/.test(name))).toEqual([]);
});

test('a command loads nothing for work that it is not asked for', () => {
  const { modules, stderr, code } = start('flame');
  expect(stderr).toContain('nothing to draw');
  expect(code).toBe(2);
  const costly = ['https', 'http', 'tls', 'crypto', 'child_process', 'internal/fs/promises', 'stream/consumers'];
  expect(modules.filter((name) => costly.includes(name))).toEqual([]);
  expect(modules).toContain('vm');
});

/** A call by a shell, with what follows it on its line. */
function inShell(
  rest: string,
  ...words: string[]
): { modules: readonly string[]; stderr: string; code: number | null } {
  const script = `"$@" ${rest}`;
  const { status, output } = spawnSync(
    'sh',
    ['-c', script, 'sh', process.execPath, '--require', listing, bin, ...words],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, XDG_CACHE_HOME: folder },
    },
  );
  const modules = output[3]!.split(',').map((name) => name.replace(/^NativeModule /, ''));
  return { modules, stderr: output[2]!, code: status };
}

/** Of V8's coverage: a function of the program, by its first range. */
interface Covered {
  readonly functionName: string;
  readonly ranges: readonly [{ readonly startOffset: number; readonly endOffset: number; readonly count: number }];
}

/** The parts of the program that a call runs: those that are imported when they are needed, the length of all, and their files. */
function partsOf(...words: string[]): {
  readonly imported: readonly string[];
  readonly length: number;
  readonly files: readonly string[];
} {
  const coverage = mkdtempSync(join(folder, 'coverage-'));
  const env = { ...process.env, NODE_V8_COVERAGE: coverage, NODE_DISABLE_COMPILE_CACHE: '1' };
  expect(spawnSync(process.execPath, [bin, ...words], { env, stdio: 'ignore' }).status).toBe(0);
  const { result } = JSON.parse(readFileSync(join(coverage, readdirSync(coverage)[0]!), 'utf8')) as {
    readonly result: readonly { readonly url: string; readonly functions: readonly Covered[] }[];
  };
  const loaded = result.filter(({ url }) => /\/dist\/(?:program|drawing|others)\.js$/.test(url));
  const functions = loaded.flatMap((file) => file.functions);
  const run = functions.filter(({ functionName, ranges }) => functionName.startsWith('./') && ranges[0].count > 0);
  const names = run.map(({ functionName }) => functionName.replace(/^\.\/(?:\w+\/)?(.+?)(?:-[0-9A-Z]{8})?\.js$/, '$1'));
  return {
    files: [...new Set(loaded.map(({ url }) => basename(url, '.js')))].sort(),
    imported: names.filter((name) => name !== 'chunk' && name !== 'program').sort(),
    length: run.reduce((sum, { ranges: [{ startOffset, endOffset }] }) => sum + endOffset - startOffset, 0),
  };
}

const fixtures = resolve(import.meta.dirname, '../fixtures');
const perfData = join(folder, 'shell.data');
writeFileSync(perfData, gunzipSync(readFileSync(join(fixtures, 'perf-data/shell.data.gz'))));

test.each([
  ['a file', (out: string) => `> ${out} 2> ${out}.err`],
  ['a pipe', (out: string) => `2> ${out}.err | cat > ${out}`],
])('a recording is read, and written to %s, without streams of node', (_, rest) => {
  const out = join(folder, 'direct.folded');
  const { modules, code } = inShell(rest(out), 'convert', perfData, '-o', '-');
  expect(code).toBe(0);
  expect(modules.filter((name) => /stream|^net$|^tty$|zlib|^v8$/.test(name))).toEqual([]);
  expect(start('convert', perfData, '-q', '-o', join(folder, 'file.folded')).code).toBe(0);
  expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(folder, 'file.folded'), 'utf8'));
});

const large = join(folder, 'large.folded');
writeFileSync(large, Array.from({ length: 30_000 }, (_, i) => `main;work${String(i).padStart(5, '0')} 1\n`).join(''));

test('a slow reader of a pipe gets every byte, one that goes away ends the writing without a word', () => {
  const out = join(folder, 'slow.folded');
  const { code, modules } = inShell(`2> ${out}.err | (sleep 0.5; cat) > ${out}`, 'convert', large, '-o', '-');
  expect(code).toBe(0);
  expect(readFileSync(out, 'utf8')).toBe(readFileSync(large, 'utf8'));
  expect(modules).toContain('net');
  expect(inShell('| head -1 > /dev/null', 'convert', large, '-o', '-').stderr).toBe('');
});

// Every reader of a format and every command would be 2.4 million
test.each([
  [join(fixtures, 'folded/threads.folded'), ['limits', 'read-folded', 'write'], 400_000],
  [join(fixtures, 'perf-script/threads.txt'), ['blocks', 'open-kernel'], 400_000],
  [perfData, ['read-perf-data'], 620_000],
])('to convert %s no reader of another format is loaded', (input, parts, most) => {
  const { imported, length, files } = partsOf('convert', input, '-q', '-o', join(folder, 'out.folded'));
  expect(imported).toEqual(['convert', 'registry', ...parts].sort());
  expect(length).toBeLessThan(most);
  expect(files).toEqual(['program']);
});

test.each([
  ['flame', perfData, '-q', '-o', join(folder, 'out.svg')],
  ['flame', perfData, '-q', '-o', join(folder, 'out.html')],
  ['flame', join(fixtures, 'perf-script/threads.txt'), '-q', '-o', join(folder, 'out.svg')],
  ['flame', join(fixtures, 'folded/threads.folded'), '-o', join(folder, 'out.txt')],
  ['report', perfData, '--format', 'md'],
  ['report', perfData, '--format', 'csv'],
])('%s %s %s %s does not read the source of all commands', (...words) => {
  expect(partsOf(...words).files).toEqual(['drawing', 'program']);
});

test('the program is in its three files without anything standing twice', () => {
  const names = ['program', 'drawing', 'others'].flatMap((file) => {
    const source = readFileSync(resolve(import.meta.dirname, `../dist/${file}.js`), 'latin1');
    return [...source.matchAll(/^(?:\(function.*?\{)?"\.\/(?:\w+\/)?([\w.-]+)":function\(require,/gm)].map(
      ([, name]) => name,
    );
  });
  expect(names.length).toBeGreaterThan(200);
  expect(new Set(names).size).toBe(names.length);
});
