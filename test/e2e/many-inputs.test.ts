import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, workFolder } from './run-cli.ts';

const CPUPROFILE = resolve(import.meta.dirname, '../../fixtures/cpuprofile/node.cpuprofile');

describe('many inputs', () => {
  test('are listed in a file or on standard input, and give what each gives, times their number', async () => {
    const cwd = workFolder();
    mkdirSync(join(cwd, 'in'));
    const names = Array.from({ length: 120 }, (_, i) => `in/${i}.folded`);
    for (const [i, name] of names.entries()) writeFileSync(join(cwd, name), `main;work ${i}\nmain 1\n`);
    writeFileSync(join(cwd, 'list'), `${names.join('\r\n')}\n\n`);
    const wanted = 'main 120\nmain;work 7140\n';
    const sorted = (text: string): string => `${text.trimEnd().split('\n').sort().join('\n')}\n`;

    const listed = await runCli(['convert', '--inputs-from', 'list'], { cwd });
    expect(listed.stderr).toBe('pforge-prof: note: 120 inputs are added up by stack and thread\n');
    expect(sorted(listed.stdout)).toBe(wanted);
    const piped = await runCli(['convert', '-q', '--inputs-from', '-'], { cwd, stdin: `${names.join('\0')}\0` });
    expect(sorted(piped.stdout)).toBe(wanted);
    // Fewer are read as ever, and merged with what is given
    writeFileSync(join(cwd, 'few'), `${names.slice(1, 3).join('\n')}\n`);
    const few = await runCli(['convert', '-q', 'in/9.folded', '--inputs-from', 'few'], { cwd });
    expect(sorted(few.stdout)).toBe('main 3\nmain;work 12\n');
  });

  test('report and flame take them, too; --time keeps the samples', async () => {
    const cwd = workFolder();
    const names = Array.from({ length: 101 }, (_, i) => `${i}.cpuprofile`);
    for (const name of names) linkSync(CPUPROFILE, join(cwd, name));
    writeFileSync(join(cwd, 'list'), names.join('\n'));
    const one = JSON.parse((await runCli(['report', '--json', CPUPROFILE], { cwd })).stdout);
    const all = JSON.parse((await runCli(['report', '--json', '--inputs-from', 'list'], { cwd })).stdout);
    expect(all.weight.total).toBe(101 * one.weight.total);
    expect(all.samples).toBe(101 * one.samples);
    expect(all.notes.join('\n')).toContain(
      '101 inputs are added up by stack and thread; they have no times of samples',
    );
    const drawn = await runCli(['flame', '--inputs-from', 'list', '-o', 'all.svg', '--json'], { cwd });
    expect(JSON.parse(drawn.stdout).weight.total).toBe(101 * one.weight.total);
    const part = await runCli(['report', '--json', '--inputs-from', 'list', '--time', '0..10000'], { cwd });
    expect(JSON.parse(part.stdout).notes.join('\n')).not.toContain('added up by stack');
    expect(JSON.parse(part.stdout).weight.total).toBeGreaterThan(0);
  });

  test('a list that is none is one clear error', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'empty'), '\n');
    writeFileSync(join(cwd, 'wrong'), 'nowhere.folded\n');
    const of = async (...args: string[]): Promise<[number | null, string]> => {
      const { code, stderr } = await runCli(['convert', ...args], { cwd, stdin: '-\n' });
      return [code, stderr];
    };
    expect(await of('--inputs-from', 'missing')).toEqual([
      2,
      'pforge-prof: error: missing: the list of inputs cannot be read: there is no such file\n',
    ]);
    expect((await of('--inputs-from', 'empty'))[1]).toContain('empty names no inputs');
    expect((await of('--inputs-from', '.'))[1]).toContain('it is a folder');
    expect((await of('--inputs-from', '-'))[1]).toContain('standard input is the list of inputs');
    expect((await of('--inputs-from', 'wrong'))[1]).toContain('nowhere.folded');
  });
});
