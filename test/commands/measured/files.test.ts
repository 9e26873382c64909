import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileSubjects } from '../../../src/commands/measured/files.ts';
import { parseBudget } from '../../../src/history/budget-expression.ts';

test('a file that goes while budgets are judged', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
  try {
    writeFileSync(join(folder, 'a.js'), 'let a;');
    const [subject] = fileSubjects([parseBudget("file('a.js').gzip < 1kB")], folder);
    rmSync(join(folder, 'a.js'));
    expect(() => subject!.quantity('gzip', false)).toThrow(`cannot read ${join(folder, 'a.js')}: no such file`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
