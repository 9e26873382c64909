import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { optionalTool } from '../require-tool.ts';
import { pathWith } from './fake-tools.ts';
import { example, runCli, workFolder } from './run-cli.ts';

const stdin = 'main;parse;<scan> 30\nmain;render 70\n';
const here = optionalTool('inferno-flamegraph', findTool('inferno-flamegraph') !== undefined);

describe.skipIf(!here)('--renderer inferno', () => {
  test('draws our folded text with the options that it knows', async () => {
    const cwd = workFolder();
    const words = ['--title', '--help <x>', '--subtitle', 'sub', '--colors', 'hot', '--inverted', '--width', '900'];
    const args = ['flame', '--renderer', 'inferno', ...words, '-o', 'x.svg', '-'];
    const { code, stderr } = await runCli(args, { cwd, stdin });
    expect(code).toBe(0);
    expect(stderr).toContain('wrote x.svg');
    const svg = readFileSync(join(cwd, 'x.svg'), 'utf8');
    expect(svg).toContain('--help &lt;x&gt;');
    expect(svg).toMatch(/width="900"/);
    expect(svg).toMatch(/<title>&lt;scan&gt; \(30 samples, 30\.00%\)<\/title>/);
    expect(readdirSync(cwd)).toEqual(['x.svg']);
  });

  test('a recording of ours, and no picture of the rehearsal', async () => {
    const cwd = workFolder();
    const program = ['node', example('server.js'), '--load', '1'];
    const args = ['flame', '--renderer', 'inferno', '--collector', 'v8', '-o', 'x.svg', '--', ...program];
    const { code } = await runCli(args, { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'x.svg'), 'utf8')).toMatch(/<title>findProducts [^<]*samples|<title>findProducts/);
  });
});

describe('what --renderer inferno refuses', () => {
  test('a machine without it: 125 and how to get it, before anything is recorded', async () => {
    const cwd = workFolder();
    const program = ['node', '-e', `require('fs').writeFileSync('ran', '')`];
    const args = ['flame', '--renderer', 'inferno', '-o', 'x.svg', '--', ...program];
    const { code, stderr } = await runCli(args, { cwd, env: { PATH: pathWith({}) } });
    expect(stderr).toBe(
      'pforge-prof: error: inferno-flamegraph is not on PATH; cargo install inferno, or leave --renderer out: our own picture needs nothing\n',
    );
    expect(code).toBe(125);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('a tool that fails: 125, its own words, and the older file stays', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'x.svg'), 'older');
    const PATH = pathWith({ 'inferno-flamegraph': 'echo half; echo "it broke" >&2; exit 3' });
    const args = ['flame', '--renderer', 'inferno', '-o', 'x.svg', '-'];
    const { code, stderr } = await runCli(args, { cwd, stdin, env: { PATH } });
    expect(stderr).toBe('pforge-prof: error: inferno-flamegraph failed (exit code 3); it broke\n');
    expect(code).toBe(125);
    expect(readFileSync(join(cwd, 'x.svg'), 'utf8')).toBe('older');
  });

  test('it draws a file too, quietly', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'x.folded'), stdin);
    const PATH = [pathWith({ 'inferno-flamegraph': 'cat >/dev/null; echo drawn' }), process.env.PATH].join(delimiter);
    const args = ['flame', '-q', '--renderer', 'inferno', '-o', 'x.svg', 'x.folded'];
    const { code } = await runCli(args, { cwd, env: { PATH } });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'x.svg'), 'utf8')).toBe('drawn\n');
  });

  test.each([
    [['--colors', 'tier'], /inferno-flamegraph has no palette tier; it has aqua, /],
    [['--search', 'x'], /inferno-flamegraph has no --search/],
    [['--format', 'text'], /--renderer inferno draws SVG, not text/],
  ])('%j', async (words, pattern) => {
    const PATH = [pathWith({ 'inferno-flamegraph': 'echo drawn' }), process.env.PATH].join(delimiter);
    const { code, stderr } = await runCli(['flame', '--renderer', 'inferno', ...words, '-'], { stdin, env: { PATH } });
    expect(stderr).toMatch(pattern);
    expect(code).toBe(2);
  });
});
