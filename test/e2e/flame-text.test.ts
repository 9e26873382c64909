import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringWidth } from '../../src/terminal/string-width.ts';
import { runCli, workFolder } from './run-cli.ts';

const folded = 'main;parse;scan 30\nmain;render;größe 70\n';

/** What stands on standard output; the person's own terminal has no say. */
async function drawn(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const locale = { LC_ALL: undefined, LC_CTYPE: undefined, LANG: 'C.UTF-8', COLUMNS: undefined };
  const { stdout, code } = await runCli(['flame', '-q', '--format', 'text', ...args, '-'], {
    stdin: folded,
    env: { ...locale, ...env },
  });
  expect(code).toBe(0);
  return stdout;
}

const widest = (text: string): number => Math.max(...text.split('\n').map(stringWidth));

describe('flame --format text', () => {
  test('draws the flame graph and the table', async () => {
    const text = await drawn([]);
    expect(text).toMatch(/70\.0% {4}0\.0% {2}█+\S* +├─ render\n +70\.0% +70\.0% +█\S* +│ {2}größe\n/);
    expect(text).toMatch(/self +% +total +% +function +kind\n +70 +70\.0%/);
  });

  test('COLUMNS says how wide a line may be', async () => {
    const long = await drawn([], { COLUMNS: '200' });
    expect(widest(long)).toBeGreaterThan(60);
    for (const COLUMNS of ['40', '57', '80'])
      expect(widest(await drawn([], { COLUMNS }))).toBeLessThanOrEqual(+COLUMNS);
    expect(await drawn([], { COLUMNS: 'nonsense' })).toBe(await drawn([]));
  });

  test.each([{ LC_ALL: 'C' }, { LANG: 'POSIX' }, { LC_CTYPE: 'de_DE.ISO-8859-1' }])(
    'ASCII in locale %j',
    async (env) => {
      const text = await drawn([], env);
      expect(text).toMatch(/^[\x00-\x7f]*$/);
      expect(text).toMatch(/ #+ +\|- render\n/);
      expect(text).toContain('gr??e');
    },
  );

  test('a file is UTF-8 in every locale, and has no colour', async () => {
    const cwd = workFolder();
    const env = { LC_ALL: 'C', FORCE_COLOR: '1', NO_COLOR: undefined };
    await runCli(['flame', '-q', '-o', 'x.txt', '-'], { cwd, stdin: folded, env });
    const text = readFileSync(join(cwd, 'x.txt'), 'utf8');
    expect(text).toContain('größe');
    expect(text).not.toContain('\u001b');
  });

  test('colour where it is asked for: --color, FORCE_COLOR; --no-color and NO_COLOR win', async () => {
    expect(await drawn([])).not.toContain('\u001b');
    expect(await drawn(['--color'])).toContain('\u001b[');
    expect(await drawn([], { FORCE_COLOR: '1', NO_COLOR: undefined })).toContain('\u001b[');
    expect(await drawn(['--no-color'], { FORCE_COLOR: '1', NO_COLOR: undefined })).not.toContain('\u001b');
  });
});
