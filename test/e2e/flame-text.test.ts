import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { stringWidth } from '../../src/terminal/string-width.ts';
import { requireTool } from '../require-tool.ts';
import { bin, root, runCli, workFolder } from './run-cli.ts';

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
  test('in the graph stacks stand on their threads, in the table they do not', async () => {
    const recording = join(root, 'fixtures/perf-script/threads.txt');
    const { stdout } = await runCli(['flame', '-q', '--format', 'text', recording]);
    expect(stdout).toMatch(/ ├─ writer\n.* │ {2}start_thread /);
    expect(stdout.split('\n\n')[2]).not.toContain('writer');
    const tids = await runCli(['flame', '-q', '--format', 'text', '--tids', recording]);
    expect(tids.stdout).toMatch(/ ├─ writer-\d+\/\d+\n.* │ {2}start_thread /);
  });

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

  const script = requireTool('script', findTool('script') !== undefined);
  test.skipIf(!script)('a terminal: as wide as it is, in colour; in ASCII where its locale is not known', () => {
    const recording = join(root, 'fixtures/cpuprofile/node.cpuprofile');
    const inTerminal = (columns: number, env: NodeJS.ProcessEnv): string => {
      const command = `stty cols ${columns}; '${process.execPath}' '${bin}' flame --format text '${recording}'`;
      return execFileSync('script', ['-qc', command, '/dev/null'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env.PATH, TERM: 'xterm', ...env },
      }).replaceAll('\r\n', '\n');
    };
    const wide = inTerminal(90, { LANG: 'C.UTF-8' });
    const plain = wide.replace(/\u001b\[\d+m/g, '');
    expect(wide).not.toBe(plain);
    expect(plain).toContain('█ ');
    expect(widest(plain)).toBeLessThanOrEqual(90);
    expect(widest(plain)).toBeGreaterThan(80);
    expect(widest(inTerminal(61, { LANG: 'C.UTF-8', NO_COLOR: '1' }))).toBeLessThanOrEqual(61);
    expect(inTerminal(90, {})).toMatch(/^[\x00-\x7f]*$/);
  });
});
