import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { runCli, workFolder } from './run-cli.ts';

/** The second one tells how many processes have run it: `second-0`, `second-1`, ... */
const FILE = `import { readdirSync, writeFileSync } from 'node:fs';
import { bench } from 'pforge-prof/bench';
let told = false;
function running() {
  if (!told) writeFileSync('second-' + readdirSync('.').filter((name) => name.startsWith('second-')).length, '');
  told = true;
}
bench('first', { measurementTime: 0.02, warmUpTime: 0.02 }, () => JSON.parse('[1,2,3]'));
bench('second', { measurementTime: 0.3, warmUpTime: 0.02 }, () => {
  running();
  return JSON.parse('[1,2,3,4]');
});
bench('third', { measurementTime: 0.02, warmUpTime: 0.02 }, () => JSON.parse('[1,2,3,4,5]'));
`;

function folderWith(file: string): string {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'a.bench.mjs'), file);
  return cwd;
}

test('Ctrl-C ends with what was measured: text, page, baseline, exit code 0', async () => {
  const cwd = folderWith(FILE);
  const run = await runCli(['bench', '--processes', '6', '--html', 'r.html', '--save-baseline', 'mine'], {
    cwd,
    signals: [{ after: { file: join(cwd, 'second-0') }, signal: 'SIGINT', to: 'group' }],
  });
  expect(run.code).toBe(0);
  expect(run.survivors).toEqual([]);
  expect(run.stdout).toMatch(/^first/m);
  expect(run.stdout).toMatch(/^second/m);
  expect(run.stdout).toMatch(/interrupted after \d+ of 6 processes/);
  expect(run.stdout).not.toMatch(/^third/m);
  expect(run.stderr).toContain('Ctrl-C again gives up at once');
  expect(run.stderr).toContain('note: interrupted: 1 of 3 were not measured: third');
  const page = readFileSync(join(cwd, 'r.html'), 'utf8');
  expect(page).toMatch(/interrupted after \d+ of 6 processes/);
  // What was cut is no baseline
  expect(existsSync(join(cwd, 'target/criterion/first/mine'))).toBe(true);
  expect(existsSync(join(cwd, 'target/criterion/second'))).toBe(false);
});

test('--json tells it as a warning', async () => {
  const cwd = folderWith(FILE);
  const run = await runCli(['bench', '--processes', '500', '--json', '-f', 'second|third'], {
    cwd,
    signals: [{ after: { file: join(cwd, 'second-0') }, signal: 'SIGINT', to: 'leader' }],
  });
  expect(run.code).toBe(0);
  const [second, ...others] = JSON.parse(run.stdout);
  expect(others).toEqual([]);
  expect(second.name).toBe('second');
  expect(second.processes.length).toBeLessThan(500);
  expect(second.warnings[0]).toMatchObject({ kind: 'interrupted' });
});

test('what is compared ends after the pair that runs, and is judged by it', async () => {
  const folder = workFolder();
  const cwd = folderWith(FILE);
  writeFileSync(join(folder, 'a.bench.mjs'), FILE);
  // With a band so narrow nothing is ever decided
  const words = ['--against', folder, '--max-pairs', '400', '--noise-threshold', '0.00001', '-f', 'second|third'];
  const run = await runCli(['bench', ...words, '--json'], {
    cwd,
    signals: [{ after: { file: join(cwd, 'second-1') }, signal: 'SIGINT', to: 'leader' }],
  });
  expect(run.code).toBe(0);
  expect(run.survivors).toEqual([]);
  const [second] = JSON.parse(run.stdout);
  expect(second.processes.length).toBe(second.comparison.base.length);
  expect(second.comparison.pairs).toBeLessThan(400);
  expect(second.warnings[0].text).toMatch(/^interrupted after \d+ of at most 400 pairs/);
});

test("Criterion's way ends with the benchmark that runs, which is told and kept", async () => {
  const cwd = folderWith(FILE);
  const run = await runCli(['bench', '--criterion', '--save-baseline', 'mine', '--json'], {
    cwd,
    signals: [{ after: { file: join(cwd, 'second-0') }, signal: 'SIGINT', to: 'group' }],
  });
  expect(run.code).toBe(0);
  expect(run.survivors).toEqual([]);
  expect(JSON.parse(run.stdout).map(({ name }: { name: string }) => name)).toEqual(['first', 'second']);
  expect(run.stderr).toContain('note: interrupted: 1 of 3 were not measured: third');
  expect(existsSync(join(cwd, 'target/criterion/second/mine'))).toBe(true);
});

test('instructions end with the process that runs; where nothing was counted that is told', async () => {
  const cwd = folderWith(FILE);
  const run = await runCli(['bench', '--metric', 'instructions', '-f', 'second|third'], {
    cwd,
    signals: [{ after: { file: join(cwd, 'second-0') }, signal: 'SIGINT', to: 'group' }],
  });
  expect(run.code).toBe(130);
  expect(run.survivors).toEqual([]);
  expect(run.stdout).toBe('');
  expect(run.stderr).toContain('Ctrl-C again gives up at once');
  expect(run.stderr).toContain('interrupted before anything was measured');
});

test.skipIf(!requireTool('valgrind', findTool('valgrind') !== undefined))(
  'a command whose instructions are counted',
  async () => {
    const cwd = workFolder();
    const run = await runCli(
      ['bench', '--metric', 'instructions', '--', 'sh', '-c', 'touch begun; while :; do :; done'],
      {
        cwd,
        signals: [{ after: { file: join(cwd, 'begun') }, signal: 'SIGINT', to: 'group' }],
      },
    );
    expect(run.stderr).toMatch(/error: interrupted\n$/);
    expect([run.code, run.stdout, run.survivors]).toEqual([130, '', []]);
  },
);
