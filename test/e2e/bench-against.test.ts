import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readProfile } from '../../src/formats/registry.ts';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

const git = requireTool('git', findTool('git') !== undefined);
const SHORT = ['--warm-up-time', '0.05', '--measurement-time', '0.02', '--max-pairs', '5'];

const BENCH = `import { bench, blackBox, group } from 'pforge-prof/bench';
import { words } from '../src/words.ts';
import size from 'installed';
import { repeat } from '@own/lib';
const text = 'word '.repeat(size);
group('words', () => {
  bench('split', () => words(blackBox(text)));
  bench('same', () => blackBox(text).length + text.indexOf('x'));
  bench('workspace', () => repeat());
});
`;

let repository: string;
const run = (words: readonly string[], options: CliOptions = {}) =>
  runCli(['bench', ...words], { cwd: repository, ...options });
const runGit = (...words: string[]): string =>
  execFileSync('git', ['-c', 'user.email=a@example.org', '-c', 'user.name=a', ...words], {
    cwd: repository,
    encoding: 'utf8',
  });

beforeAll(() => {
  if (!git) return;
  repository = workFolder();
  for (const folder of ['bench', 'src', 'packages/lib', 'node_modules/installed', 'node_modules/@own'])
    mkdirSync(join(repository, folder), { recursive: true });
  writeFileSync(join(repository, '.gitignore'), 'node_modules\n');
  writeFileSync(join(repository, 'package.json'), '{}');
  writeFileSync(join(repository, 'node_modules/installed/index.js'), 'module.exports = 100;\n');
  writeFileSync(
    join(repository, 'src/words.ts'),
    "export const words = (text: string): string[] => text.split(' ');\n",
  );
  writeFileSync(join(repository, 'bench/words.bench.ts'), BENCH);
  symlinkSync('../../packages/lib', join(repository, 'node_modules/@own/lib'));
  writeFileSync(join(repository, 'packages/lib/package.json'), '{"name":"@own/lib","main":"index.js"}');
  const work = (turns: number): string =>
    `exports.repeat = () => { let sum = 0; for (let i = 0; i < ${turns}; i++) sum += i % 7; return sum; };\n`;
  writeFileSync(join(repository, 'packages/lib/index.js'), work(500));
  runGit('init', '-q', '-b', 'main');
  runGit('add', '-A');
  runGit('commit', '-q', '-m', 'one');
  writeFileSync(join(repository, 'packages/lib/index.js'), work(5_000));
  writeFileSync(
    join(repository, 'src/words.ts'),
    `export function words(text: string): string[] {
  return lower(text).split(' ');
}
function lower(text: string): string {
  let result = '';
  for (const letter of text) result += letter.toLowerCase();
  return result;
}
`,
  );
});

describe.skipIf(!git)('two states of the sources', () => {
  test('are measured in turns: what became slower is told, with exit code 1, and nothing stays behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('pforge-prof-'));
    const { code, stdout, stderr, survivors } = await run([
      '--against',
      'main',
      '--fail-on-regression',
      '--json',
      ...SHORT,
    ]);
    expect(code).toBe(1);
    const [split, same, workspace] = JSON.parse(stdout);
    // A package of the repository itself is that of each side
    expect(workspace.comparison.ratio).toBeGreaterThan(5);
    expect(split).toMatchObject({ name: 'words/split', comparison: { verdict: 'regressed', apart: false } });
    expect(split.comparison.ratio).toBeGreaterThan(2);
    expect(split.comparison.base).toHaveLength(split.comparison.pairs);
    expect(split.change.median).toEqual({
      point_estimate: split.comparison.ratio - 1,
      confidence_interval: { lower_bound: split.comparison.low - 1, upper_bound: split.comparison.high - 1 },
    });
    expect(same.comparison.verdict).not.toBe('regressed');
    expect(stderr).toMatch(/regressed: words\/split \+\d+ %, words\/workspace/);
    expect(runGit('worktree', 'list').trim().split('\n')).toHaveLength(1);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('pforge-prof-'));
    expect(after.filter((name) => !before.includes(name) && existsSync(join(tmpdir(), name, 'base')))).toEqual([]);
    expect(survivors).toEqual([]);
    expect(runGit('status', '--porcelain').trim()).toBe('M packages/lib/index.js\n M src/words.ts');
  });

  test('a new file that needs what the other state does not have keeps nothing else from being compared', async () => {
    writeFileSync(join(repository, 'src/new.ts'), 'export const made = 1;\n');
    writeFileSync(
      join(repository, 'bench/new.bench.ts'),
      "import { bench } from 'pforge-prof/bench';\nimport { made } from '../src/new.ts';\nbench('new', () => made);\n",
    );
    try {
      for (const against of ['main', './other']) {
        if (against === './other') runGit('worktree', 'add', '--quiet', '--detach', 'other', 'main');
        if (against === './other')
          copyFileSync(join(repository, 'bench/new.bench.ts'), join(repository, 'other/bench/new.bench.ts'));
        if (against === './other') symlinkSync('../node_modules', join(repository, 'other/node_modules'));
        const { code, stdout, stderr } = await run(['--against', against, '--json', '-f', 'same|new', ...SHORT]);
        expect(code).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject([{ name: 'words/same', comparison: {} }]);
        expect(stderr).toMatch(
          /note: bench\/new\.bench\.ts cannot be loaded at \S+: bench\/new\.bench\.ts:2:\d+: Could not resolve "\.\.\/src\/new\.ts"/,
        );
        expect(stderr).toContain('note: new is not measured');
      }
    } finally {
      if (existsSync(join(repository, 'other'))) runGit('worktree', 'remove', '--force', 'other');
      rmSync(join(repository, 'src/new.ts'));
      rmSync(join(repository, 'bench/new.bench.ts'));
    }
  }, 120_000);

  test('text: base, head and change, and a table at the end', async () => {
    const { code, stdout } = await run(['--against', 'HEAD', '-f', 'split|same', ...SHORT]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /words\/split\n {2}base .*\n {2}head .*processes, \d+ samples\n {2}change {2}\+[\d.]+ % \[\+[\d.]+ % \.\. \+[\d.]+ %\] {2}regressed \(\d pairs, p (?:< )?0\.00\d+\)/,
    );
    expect(stdout).toMatch(/benchmark +base +head +change +interval +verdict\nwords\/split .* regressed\nwords\/same /);
  });

  test('--flame draws what regressed: both sides in one picture, files named as they are', async () => {
    const { code, stdout, stderr } = await run(['--against', 'main', '--flame', '--json', '-f', 'split', ...SHORT]);
    expect(code).toBe(0);
    expect(stderr).toContain('why words/split takes what it takes: bench-flame/words/split.svg');
    expect(JSON.parse(stdout)[0].flame).toBe('bench-flame/words/split.svg');
    const picture = join(repository, 'bench-flame/words/split.svg');
    expect(readFileSync(picture, 'utf8')).toContain('words/split: base and head');
    const { frames, strings } = await readProfile(picture);
    const files = new Set(Array.from(frames.file, (file) => strings[file]!));
    expect(files).toContain(join(repository, 'src/words.ts'));
    expect([...files].filter((file) => file.includes('bench-worker') || file.includes('/base/'))).toEqual([]);
  });

  test('files with benchmarks that the base does not have are lent to it', async () => {
    writeFileSync(join(repository, 'bench/new.bench.ts'), BENCH.replace("group('words'", "group('new'"));
    const { stdout, stderr } = await run([
      'bench/new.bench.ts',
      '--against',
      'main',
      '--json',
      '-f',
      'split',
      ...SHORT,
    ]);
    expect(stderr).toMatch(/does not have bench\/new\.bench\.ts: it is measured with those of today/);
    expect(JSON.parse(stdout)[0].comparison.verdict).toBe('regressed');
  });

  test('a folder is another state too', async () => {
    const folder = workFolder();
    for (const side of ['base', 'head']) {
      mkdirSync(join(folder, side));
      const size = side === 'base' ? 1_000 : 3_000;
      writeFileSync(
        join(folder, side, 'a.bench.mjs'),
        `import { bench } from 'pforge-prof/bench';\nbench('a', () => { let sum = 0; for (let i = 0; i < ${size}; i++) sum += i % 7; return sum; });\n`,
      );
    }
    const { stdout } = await run(['--against', '../base', '--json', ...SHORT], { cwd: join(folder, 'head') });
    expect(JSON.parse(stdout)[0].comparison.verdict).toBe('regressed');
  });

  test('Ctrl-C takes the checkout away', async () => {
    const { code, survivors } = await run(['--against', 'main'], {
      signals: [{ after: 4_000, signal: 'SIGINT', to: 'group' }],
    });
    expect([0, 130]).toContain(code);
    expect(survivors).toEqual([]);
    expect(runGit('worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  test('what is not there is said in one line', async () => {
    const nothing = await run(['--against', 'nowhere']);
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toMatch(/there is no commit 'nowhere' in .*; give a branch, a tag, a commit/);
    const elsewhere = workFolder();
    writeFileSync(
      join(elsewhere, 'a.bench.mjs'),
      "import { bench } from 'pforge-prof/bench';\nbench('a', () => {});\n",
    );
    const outside = await run(['--against', 'main', join(elsewhere, 'a.bench.mjs')]);
    expect(outside.stderr).toContain(`a.bench.mjs is not in the repository ${repository}`);
    mkdirSync(join(elsewhere, 'base'));
    const renamed = await run(['--against', './base', 'a.bench.mjs'], { cwd: elsewhere });
    expect(renamed.stderr).toContain('./base has none of these benchmarks; are they called otherwise there?');
    expect([outside.code, renamed.code]).toEqual([2, 2]);
    const setup = await run(['--against', 'main', '--base-setup', 'false']);
    expect(setup.stderr).toContain('the command of --base-setup failed with exit code 1');
    expect(runGit('worktree', 'list').trim().split('\n')).toHaveLength(1);
  });
});
