import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli, workFolder } from './run-cli.ts';

const PROGRAM = `
function busyWork() { const end = Date.now() + 300; while (Date.now() < end); }
busyWork();
`;

test('--redact-paths and --redact-args: what is written for others names neither folders nor arguments, whatever its format', async () => {
  const cwd = workFolder();
  const folder = join(cwd, 'secret-customer/shop/src');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'work.js'), PROGRAM);
  const program = ['node', join(folder, 'work.js'), '--token=hunter2', 'hunter3'];
  await runCli(['record', '--collector', 'v8', '-o', 'x.cpuprofile', '--', ...program], { cwd });
  await runCli(['convert', 'x.cpuprofile', '-o', 'x.json'], { cwd });
  expect(readFileSync(join(cwd, 'x.json'), 'utf8')).toContain('secret-customer');
  for (const name of ['y.svg', 'y.html', 'y.json', 'y.cpuprofile', 'y.folded', 'y.speedscope']) {
    const { stderr, code } = await runCli(['flame', 'x.cpuprofile', '-o', name, '--redact-paths', '--redact-args'], {
      cwd,
    });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('secret-customer')]);
    const { stdout } = await runCli(['convert', name, '-o', '-', '--format', 'json'], { cwd });
    expect(stdout).toContain('busyWork');
    expect(`${readFileSync(join(cwd, name))}${stdout}`).not.toMatch(/secret-customer|hunter[23]/);
  }
  const { stdout } = await runCli(['report', 'x.cpuprofile', '--format', 'md', '--redact-paths', '--redact-args'], {
    cwd,
  });
  expect(stdout).toContain('…/src/work.js:2');
  expect(stdout).not.toMatch(/secret-customer|hunter[23]/);

  const recorded = ['flame', '--collector', 'v8', '-o', 'z.svg', '--redact-paths', '--redact-args', '--', ...program];
  expect((await runCli(recorded, { cwd })).code).toBe(0);
  const read = await runCli(['convert', 'z.svg', '-o', '-', '--format', 'json'], { cwd });
  expect(`${readFileSync(join(cwd, 'z.svg'))}${read.stdout}`).not.toMatch(/secret-customer|hunter[23]/);
});
