import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, workFolder } from './run-cli.ts';

const fixture = (name: string): string => resolve(import.meta.dirname, '../../fixtures', name);
const CPUPROFILE = fixture('cpuprofile/node.cpuprofile');
const PERF = fixture('perf-script/node.txt');

/** Weights of the golden texts beside the recordings. */
function golden(path: string, type: string): number {
  const text = readFileSync(path.replace(/\.[^.]+$/, '.golden'), 'utf8');
  return Number(new RegExp(`value ${type} (\\d+)`).exec(text)![1]);
}

describe('recordings of several profilers', () => {
  const cpu = 2 * golden(CPUPROFILE, 'cpu') + golden(PERF, 'cpu-clock');

  test('two cpuprofiles and a perf script: CPU time adds up, in every format', async () => {
    const cwd = workFolder();
    for (const name of ['x.json', 'x.pprof', 'x.folded', 'x.speedscope', 'x.gecko', 'x.cpuprofile']) {
      const args = ['convert', CPUPROFILE, PERF, CPUPROFILE, '-o', name, '--json'];
      const { code, stdout, stderr } = await runCli(args, { cwd });
      expect(code).toBe(0);
      expect(stderr).toContain('note: CPU time under several names is added up: cpu, cpu-clock\n');
      expect(stderr).not.toContain('measure different things');
      expect(JSON.parse(stdout)).toMatchObject({ weight: { type: 'cpu', unit: 'nanoseconds', total: cpu } });
      const report = await runCli(['report', name, '--json'], { cwd });
      expect(JSON.parse(report.stdout).weight.total, name).toBe(cpu);
    }
  });

  test('the order of the inputs picks the name only', async () => {
    const { stdout } = await runCli(['report', PERF, CPUPROFILE, CPUPROFILE, '--json']);
    expect(JSON.parse(stdout).weight).toMatchObject({ type: 'cpu-clock', unit: 'nanoseconds', total: cpu });
  });

  test('what not all have measured is said by file, and no file vanishes', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'a.folded'), 'main;parse 7\n');
    writeFileSync(join(cwd, 'b.cpuprofile'), readFileSync(CPUPROFILE));
    const { stdout, stderr } = await runCli(['convert', 'b.cpuprofile', 'a.folded'], { cwd });
    expect(stdout).toContain('main;parse 7\n');
    expect(stderr).toContain(
      'note: the merged profiles measure different things: drawn by samples (count), which all have; ' +
        'there is cpu (nanoseconds), 0 for a.folded\n',
    );
    const weighed = await runCli(['report', 'b.cpuprofile', 'a.folded', '--event-filter', 'cpu', '--json'], { cwd });
    expect(JSON.parse(weighed.stdout).weight.total).toBe(golden(CPUPROFILE, 'cpu'));
  });
});
