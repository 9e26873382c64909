import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dataOf, foldedOf } from '../render/compact/data-of.ts';
import { runCli, workFolder } from './run-cli.ts';

const FOLDED = ['main 3', 'main;a 1', 'main;a;b c 4', 'main;z;(anonymous) /srv/x.js:3:1 12', 'other 2', ''].join('\n');

describe('flame draws the compact picture', () => {
  test('by default, exact, whichever way the input is read', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'in.folded'), FOLDED);
    const lines = FOLDED.trim().split('\n');
    const direct = await runCli(['flame', '-q', '-o', '-', 'in.folded'], { cwd });
    expect(direct.code).toBe(0);
    expect(foldedOf(dataOf(direct.stdout))).toEqual(lines);
    const piped = await runCli(['flame', '-q', '-o', '-', '-'], { cwd, stdin: FOLDED });
    expect(dataOf(piped.stdout)).toEqual(dataOf(direct.stdout));
    await runCli(['flame', '-o', 'out.svg', 'in.folded'], { cwd });
    expect(dataOf(readFileSync(join(cwd, 'out.svg'), 'utf8'))).toEqual(dataOf(direct.stdout));
  });

  test('and the classic one for --classic, and for what is said of single functions', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'names.txt'), 'main\thref=https://example.org/\n');
    for (const options of [['--classic'], ['--nameattr', 'names.txt']]) {
      const { stdout } = await runCli(['flame', '-q', ...options, '-o', '-', '-'], { cwd, stdin: FOLDED });
      expect(stdout).toContain('total_samples="22"');
      expect(stdout).not.toContain('pforge-flame');
    }
  });

  test('with the options of flamegraph.pl and inferno', async () => {
    const words = ['--inverted', '--title', 'T & t', '--countname', 'ticks', '--nametype', 'Routine:', '--factor', '2'];
    const looks = [
      '--colors',
      'purple',
      '--bgcolors',
      '#fffbe0',
      '--fontsize',
      '11',
      '--width',
      '700',
      '--minwidth',
      '20%',
    ];
    const { stdout } = await runCli(['flame', '-q', ...words, ...looks, '-o', '-', '-'], { stdin: FOLDED });
    expect(stdout).toContain('<title>T &amp; t</title>');
    expect(stdout).toContain('data-orientation="down"');
    expect(stdout).toContain('data-name-type="Routine:"');
    expect(stdout).toContain('width="700"');
    expect(stdout).toContain('<rect id="ground" width="100%" height="100%" fill="#fffbe0"/>');
    expect(stdout).toContain('<title>main (40 ticks, 90.91%)</title>');
    // Below 20 % nothing is drawn: b c 18 %, other 9 %
    expect(foldedOf(dataOf(stdout))).toEqual(['main 3', 'main;a 1', 'main;z;(anonymous) /srv/x.js:3:1 12']);
  });
});
