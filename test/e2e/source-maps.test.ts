import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { bundled, profiled, writeProgram } from '../symbols/typed-program.ts';
import { runCli } from './run-cli.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);
const folder = mkdtempSync(join(tmpdir(), 'pforge-written-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => runCli(args, { cwd: folder });

describe('a bundle of TypeScript, minified', () => {
  let script = '';
  let recording = '';
  beforeAll(() => {
    writeProgram(folder);
    script = bundled(folder, 'app.mjs');
    recording = profiled(script);
  });

  test('report, convert and flame show what was written', async () => {
    const { stdout: table } = await run('report', recording);
    expect(table).toMatch(/ spinning +\S+wörk %41 #1\.ts:1 /);
    const { stdout: folded } = await run('convert', '-q', recording);
    expect(folded).toMatch(/;declared \S+app\.ts:3:\d+;spinning \/.*\.ts:1:\d+ \d+$/m);
    const { stdout: svg } = await run('flame', '-q', recording);
    expect(svg).toMatch(/<title>spinning [^<]*\.ts:1:\d+ \(/);
  });

  test('--no-source-maps shows what ran', async () => {
    for (const args of [['report'], ['convert', '-q'], ['flame', '-q', '--format', 'folded']]) {
      const { stdout, code } = await run(...args, '--no-source-maps', recording);
      expect(code).toBe(0);
      expect(stdout).toContain('app.mjs:1');
      expect(stdout).not.toMatch(/spinning|\.ts:/);
    }
  });

  test('a program that is recorded shows what was written', async () => {
    const args = ['flame', '--collector', 'v8', '--format', 'folded', '-o', 'v8.folded', '--', 'node', script];
    expect((await run(...args)).code).toBe(0);
    expect(readFileSync(join(folder, 'v8.folded'), 'utf8')).toMatch(/;spinning \/.*\.ts:1:\d+ \d+$/m);
  });

  test('maps that could not be read are one note', async () => {
    const text = `main;s ${join(folder, 'lost.js')}:1:10 3\n`;
    writeFileSync(join(folder, 'lost.js'), 'function s(n){}\n//# sourceMappingURL=lost.js.map');
    writeFileSync(join(folder, 'lost.folded'), text);
    const { stdout, stderr, code } = await run('convert', 'lost.folded');
    expect(stdout).toBe(text);
    expect(stderr).toContain(
      `note: a source map was not read: ${folder}/lost.js: there is no file ${folder}/lost.js.map`,
    );
    expect(code).toBe(0);
    expect((await run('convert', '--no-source-maps', 'lost.folded')).stderr).not.toContain('source map');
  });

  test('perf script text: by the profile, and without one in between; --compat is another tool’s text', async () => {
    const [first, name] = /function (\w+)(?=\()/.exec(readFileSync(script, 'utf8'))!;
    const frames = [
      `JS:*${name} ${script}:1:${first.length + 1}`,
      `JS:~ ${script}:1:1`,
      'JS:~ node:internal/main:1:1',
      'main+0x1',
    ];
    const lines = frames.map((symbol) => `\t    7f00 ${symbol} (/tmp/perf-12.map)\n`);
    writeFileSync(join(folder, 'in.perf'), `node 12/12 1.0: 10 cycles:\n${lines.join('')}\n`);
    const { stdout: quick } = await run('convert', '-q', 'in.perf');
    expect(quick).toMatch(/;spinning \/\S+wörk %41 #1\.ts:1:\d+ 10$/m);
    await run('convert', '-q', 'in.perf', '-o', 'in.json');
    expect((await run('convert', '-q', 'in.json')).stdout).toBe(quick);
    for (const tool of ['perl', 'inferno']) {
      const { stdout } = await run('convert', '-q', '--compat', tool, 'in.perf');
      expect(stdout).toContain(`app.mjs:1:1`);
      expect(stdout).not.toContain('.ts:');
    }
  });

  test.skipIf(!perf)('recorded by perf: by the profile, and without one in between', async () => {
    expect((await run('record', '--collector', 'perf', '-o', 'perf.data', '--', 'node', script)).code).toBe(0);
    const { stdout: quick } = await run('convert', '-q', 'perf.data');
    expect(quick).toMatch(/;spinning \/.*\.ts:1:\d+ \d+$/m);
    await run('convert', '-q', 'perf.data', '-o', 'perf.json');
    expect((await run('convert', '-q', 'perf.json')).stdout).toBe(quick);
  });
});
