import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringWidth } from '../../src/terminal/string-width.ts';
import { runCli, workFolder } from './run-cli.ts';

/** A program with something of each kind that stands out, and two snapshots of it. */
const PROGRAM = `
const { EventEmitter } = require('events');
class Session { constructor(i) { this.user = Buffer.from('user, and what they like to hear again and again ' + i % 5).toString('latin1'); this.data = new Array(20).fill(i); } }
globalThis.sessions = new Map(); for (let i = 0; i < 1500; i++) sessions.set(i, new Session(i));
globalThis.bus = new EventEmitter(); bus.setMaxListeners(0);
for (let i = 0; i < 300; i++) { const big = new Array(40).fill(i); bus.on('tick\\u001b[31m', function onTick() { return big; }); }
for (let i = 0; i < 150; i++) setTimeout(function later() {}, 100000 + i).unref();
globalThis.bytes = Buffer.alloc(3e6);
require('v8').writeHeapSnapshot('before.heapsnapshot');
for (let i = 1500; i < 2000; i++) sessions.set(i, new Session(i));
require('v8').writeHeapSnapshot('after.heapsnapshot');
`;

const cwd = workFolder();
const run = (words: readonly string[], env: NodeJS.ProcessEnv = {}) => runCli(['heap', ...words], { cwd, env });

beforeAll(() => {
  writeFileSync(join(cwd, 'app.js'), PROGRAM);
  execFileSync(process.execPath, ['app.js'], { cwd });
});

describe('a snapshot in words', () => {
  test('by type and constructor, what holds much, and what stands out', async () => {
    const { code, stdout, stderr } = await run(['before.heapsnapshot'], { COLUMNS: '120' });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^before\.heapsnapshot: [\d.]+ MiB in [\d,]+ objects, [\d,]+ references\n/);
    expect(stdout).toMatch(/\n *Retained +Share +Shallow +Count +Distance {2}Constructor\n/);
    expect(stdout).toMatch(/ +1,500 +\d+ {2}Session\n/);
    expect(stdout).toMatch(/% +[\d.]+ \w+ {2}sessions: Map @\d+\n/);
    expect(stdout).toMatch(
      /\nListeners: .* 300 where an event has more than 10\n.* 300 for 'tick\\x1b\[31m' on {2}EventEmitter @\d+/,
    );
    expect(stdout).toMatch(/\nTimers: .* 15\d that wait\n.* 150 x {2}later\(\) @\d+ \(.*app\.js:7\)/);
    expect(stdout).toMatch(/\nFunctions made over and over: .* of them\n.* 300 x {2}onTick\(\) @\d+ \(.*app\.js:6\)/);
    expect(stdout).toMatch(/\nDuplicate strings: .* texts\n.* 300 x {2}"user, and .* \d"/);
    expect(stdout).toMatch(/\nArrayBuffers: 2\.\d+ MiB/);
    expect(stdout).toMatch(/\nLarge collections: .*\n.* in {2}Map @\d+/);
    expect(stdout).not.toContain('\u001b');
  });

  test.each([
    [['before.heapsnapshot']],
    [['before.heapsnapshot', '--dominators']],
    [['before.heapsnapshot', '--strings']],
    [['diff', 'before.heapsnapshot', 'after.heapsnapshot']],
  ])('%j fits the window', async (words) => {
    for (const columns of [60, 80, 200]) {
      const { code, stdout } = await run(words, { COLUMNS: String(columns) });
      expect(code).toBe(0);
      expect(stdout.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
    }
  });

  test('--retainers tells why an object is alive; --dominators what holds what alone', async () => {
    const { stdout } = await run(['before.heapsnapshot', '--json']);
    const { largest, format, nodes, bytes, findings } = JSON.parse(stdout);
    expect({ format }).toEqual({ format: 'heapsnapshot' });
    expect(nodes).toBeGreaterThan(10_000);
    expect(bytes).toBeGreaterThan(3e6);
    expect(findings.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.arrayContaining(['listeners', 'timers', 'closures', 'duplicate-strings', 'buffers', 'collections']),
    );
    const map = largest.find(({ heldAs }: { heldAs: string }) => heldAs === 'sessions');
    const why = await run(['before.heapsnapshot', '--retainers', `@${map.id}`]);
    expect(why.stdout).toMatch(new RegExp(`^Map @${map.id}\\n`));
    expect(why.stdout).toMatch(/Shortest way to it from a root:\n +global @\d+\n +\.sessions +Map @\d+\n/);
    const tree = await run(['before.heapsnapshot', '--dominators', '--min-percent', '2']);
    expect(tree.stdout).toMatch(/─ sessions: Map @\d+\n/);
    expect(tree.stdout).toMatch(/ 1,500 +[│ ]+└─ Session\n/);
    const json = JSON.parse((await run(['before.heapsnapshot', '--retainers', `${map.id}`, '--json'])).stdout);
    expect(json.object).toMatchObject({ id: map.id, class: 'Map' });
    expect(json.path.at(-1)).toMatchObject({ reference: '.sessions', name: 'Map', id: map.id });
    const absent = await run(['before.heapsnapshot', '--retainers', '@2']);
    expect(absent.code).toBe(2);
    expect(absent.stderr).toMatch(/holds no object @2; /);
  });

  test('compressed, and from a pipe', async () => {
    writeFileSync(join(cwd, 'x.gz'), gzipSync(readFileSync(join(cwd, 'before.heapsnapshot'))));
    const plain = JSON.parse((await run(['before.heapsnapshot', '--json'])).stdout);
    expect(JSON.parse((await run(['x.gz', '--json'])).stdout)).toEqual(plain);
    const bytes = readFileSync(join(cwd, 'before.heapsnapshot'));
    const piped = await runCli(['heap', '-', '--strings', '--json'], { cwd, stdin: bytes });
    expect(JSON.parse(piped.stdout).strings[0].count).toBeGreaterThan(1);
    const summary = JSON.parse((await runCli(['heap', '-', '--json'], { cwd, stdin: bytes })).stdout);
    expect(summary).toEqual(plain);
  });
});

test('drawn, a frame is as wide as what would be free without it', async () => {
  const { code, stderr } = await run(['before.heapsnapshot', '-o', 'x.svg']);
  expect(code).toBe(0);
  expect(stderr).toMatch(/wrote x\.svg/);
  expect(readFileSync(join(cwd, 'x.svg'), 'utf8')).toContain('sessions: Map');
  const folded = await run(['before.heapsnapshot', '-o', '-', '--format', 'folded']);
  const lines = folded.stdout.trim().split('\n');
  const total = lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  const { bytes } = JSON.parse((await run(['before.heapsnapshot', '--json'])).stdout);
  expect(total / bytes).toBeGreaterThan(0.99);
  expect(total).toBeLessThanOrEqual(bytes);
});

describe('snapshots of one process compared', () => {
  test('what came and went, what holds it, and a check for CI', async () => {
    const { code, stdout, stderr } = await run(
      ['diff', 'before.heapsnapshot', 'after.heapsnapshot', '--fail-on-growth', '1KiB'],
      { COLUMNS: '120' },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/failed: the heap grew by [\d.]+ KiB; 1 KiB are allowed/);
    expect(stdout).toMatch(/ \+500 +500 +0 .* Session\n/);
    expect(stdout).toMatch(
      /1\. sessions: Map @\d+ holds more Session\n {3}since the first snapshot \+500 of them, \+[\d.]+ KiB/,
    );
    expect(stdout).toMatch(/\.sessions +Map @\d+ {2}<- grows\n/);
    const passed = await run([
      'diff',
      'before.heapsnapshot',
      'after.heapsnapshot',
      '--fail-on-growth',
      '50MiB',
      '--json',
    ]);
    expect(passed.code).toBe(0);
    const json = JSON.parse(passed.stdout);
    expect(json.classes.find(({ name }: { name: string }) => name === 'Session')).toMatchObject({
      ...{ addedCount: 500, removedCount: 0, countDelta: 500 },
    });
    expect(json.suspects[0]).toMatchObject({ what: 'Session', holderName: 'sessions: Map' });
    const same = await run(['diff', 'after.heapsnapshot', 'after.heapsnapshot', '--fail-on-growth', '0']);
    expect(same.code).toBe(0);
    expect(same.stdout).toMatch(/no object came, none went\n\nNothing holds more than before\.\n$/);
  });

  test('of different processes they are told to be', async () => {
    writeFileSync(
      join(cwd, 'other.js'),
      `globalThis.x = require('http'); require('v8').writeHeapSnapshot('other.heapsnapshot');`,
    );
    execFileSync(process.execPath, ['other.js'], { cwd });
    const { stderr } = await run(['diff', 'before.heapsnapshot', 'other.heapsnapshot']);
    expect(stderr).toMatch(/note: before\.heapsnapshot and other\.heapsnapshot seem to be of different processes/);
  });
});

describe('redacted', () => {
  test('the file is private, holds no string of the program, and reads like the original', async () => {
    const { code, stderr } = await run(['before.heapsnapshot', '--redact', '-o', 'r.heapsnapshot']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/wrote r\.heapsnapshot/);
    expect(statSync(join(cwd, 'r.heapsnapshot')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(cwd, 'r.heapsnapshot'), 'latin1')).not.toMatch(/"user, and/);
    const [before, after] = await Promise.all(
      ['before.heapsnapshot', 'r.heapsnapshot'].map(async (name) => JSON.parse((await run([name, '--json'])).stdout)),
    );
    expect(after.nodes).toBe(before.nodes);
    expect(after.types).toEqual(before.types);
    const session = ({ name }: { name: string }) => name === 'Session';
    expect(after.classes.find(session)).toEqual(before.classes.find(session));
  });

  test('in its own place', async () => {
    writeFileSync(join(cwd, 'own.heapsnapshot'), readFileSync(join(cwd, 'before.heapsnapshot')));
    const { code, stderr } = await run(['own.heapsnapshot', '--redact', '-o', 'own.heapsnapshot']);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('wrote own.heapsnapshot') });
    expect(readFileSync(join(cwd, 'own.heapsnapshot'), 'latin1')).not.toMatch(/"user, and/);
  });

  test.each([
    ['other strings in front', (text: string) => text.replace('{"snapshot":{', '{"snapshot":{"strings":["x"],')],
    ['its strings under a name that is escaped', (text: string) => text.replace('"strings":[', '"string\\u0073":[')],
  ])('of one with %s nothing is written, rather than what it holds', async (_, changed) => {
    const text = readFileSync(join(cwd, 'before.heapsnapshot'), 'latin1');
    writeFileSync(join(cwd, 'odd.heapsnapshot'), changed(text), 'latin1');
    expect((await run(['odd.heapsnapshot', '--json'])).code).toBe(0);
    const { code, stderr } = await run(['odd.heapsnapshot', '--redact', '-o', 'o.heapsnapshot']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^pforge-prof: error: odd\.heapsnapshot .*; .*\n$/);
    expect(existsSync(join(cwd, 'o.heapsnapshot'))).toBe(false);
  });

  test('not from a pipe', async () => {
    const stdin = readFileSync(join(cwd, 'before.heapsnapshot'));
    const { code, stderr } = await runCli(['heap', '-', '--redact', '-o', 'o.heapsnapshot'], { cwd, stdin });
    expect(code).toBe(2);
    expect(stderr).toMatch(/standard input must be read twice to be redacted; give a file/);
  });
});

describe('usage', () => {
  test.each([
    [['before.heapsnapshot', '--strings', '--dominators'], /give only one of: --dominators, --strings/],
    [['before.heapsnapshot', 'after.heapsnapshot'], /heap shows one snapshot/],
    [['before.heapsnapshot', '--strings', '-o', 'x.svg'], /--strings is text or JSON, no svg/],
    [['before.heapsnapshot', '--redact'], /--redact writes a snapshot/],
    [['before.heapsnapshot', '--fail-on-growth', '1'], /--fail-on-growth compares snapshots/],
    [['before.heapsnapshot', '-o', 'x.md'], /cannot be written as md/],
    [['app.js', '--strings'], /app\.js/],
    [['diff', 'before.heapsnapshot'], /heap diff compares two snapshots or more/],
    [['diff', 'before.heapsnapshot', 'app.js'], /app\.js/],
    [['before.heapsnapshot', '--retainers', 'x'], /It must be the id of an object/],
    [['--strings', '--', 'node', 'app.js'], /--strings is a view of a snapshot/],
  ])('%j', async (words, message) => {
    const { code, stdout, stderr } = await run(words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(existsSync(join(cwd, 'x.svg.tmp'))).toBe(false);
  });

  test('a snapshot that is cut is told of in one line', async () => {
    const whole = readFileSync(join(cwd, 'before.heapsnapshot'));
    writeFileSync(join(cwd, 'cut.heapsnapshot'), whole.subarray(0, whole.length >> 1));
    for (const words of [
      ['cut.heapsnapshot'],
      ['diff', 'cut.heapsnapshot', 'after.heapsnapshot'],
      ['cut.heapsnapshot', '--redact', '-o', 'c.heapsnapshot'],
    ]) {
      const { code, stderr } = await run(words);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^pforge-prof: error: cut\.heapsnapshot:.*\n$/);
    }
    expect(existsSync(join(cwd, 'c.heapsnapshot'))).toBe(false);
  });
});
