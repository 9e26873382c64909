import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeCommands } from '../../../src/commands/parser.ts';
import { commands } from '../../../src/commands/registry.ts';
import { manPage } from '../../../src/render/completion/man-page.ts';
import { root } from '../../e2e/run-cli.ts';
import { optionalTool } from '../../require-tool.ts';

const hasMan = spawnSync('man', ['--version']).status === 0 && spawnSync('groff', ['--version']).status === 0;

describe('the manual page', () => {
  test.skipIf(!optionalTool('man with groff', hasMan))('is one that man shows without a warning', () => {
    const page = join(root, 'dist/pforge-prof.1');
    const { stdout, stderr, status } = spawnSync('man', ['--warnings', '-l', page], {
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: '100', MAN_KEEP_FORMATTING: '', LC_ALL: 'C.UTF-8' },
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const { name } of commands) expect(stdout).toContain(`\n   ${name} `);
    expect(stdout).toMatch(/-o, --output <file>\n +write here; - is standard output/);
    expect(stdout).toMatch(/\n +125 +a profiler is missing/);
  });

  test('words that roff would take for its own are text', () => {
    const option = { flags: '-x', description: ".so it's", takesValue: false, mayStandAlone: false, choices: [] };
    const command = {
      ...{ name: 'a', aliases: [], usage: '"b"', summary: 'c\\d', words: [], runsProgram: false },
      options: [option],
      epilogue: "'e\n.f",
    };
    const page = manPage([command], { version: '1', exitCodes: [['0', 'done']] });
    expect(page.split('\n')).toEqual(
      expect.arrayContaining(['.SS "a \\fR\\(dqb\\(dq"', 'C\\ed.', '\\&.so it\\(aqs', '\\&\\(aqe', '\\&.f']),
    );
  });
});

describe('--help', () => {
  test('of every command shows examples', async () => {
    const without = (await describeCommands()).filter(({ epilogue }) => !/^Examples?:\n {2}\S/m.test(epilogue));
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});
