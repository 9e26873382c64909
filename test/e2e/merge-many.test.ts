import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli, workFolder } from './run-cli.ts';

test('hundreds of files merge as a few do', async () => {
  const cwd = workFolder();
  const names = Array.from({ length: 300 }, (_, i) => `${i}.folded`);
  for (const [i, name] of names.entries()) writeFileSync(join(cwd, name), `main;f${i % 7} ${i}\nmain 1\n`);
  const sums = Array.from({ length: 7 }, (_, f) => names.reduce((sum, _name, i) => sum + (i % 7 === f ? i : 0), 0));
  const { code, stdout, stderr } = await runCli(['convert', ...names], { cwd });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toBe(`main 300\n${sums.map((sum, f) => `main;f${f} ${sum}\n`).join('')}`);
});
