import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

const RECORDED = resolve(import.meta.dirname, '../../fixtures/criterion');
const TREE = join(RECORDED, 'tree');
const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-criterion-tree-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Blocks of Criterion's text by the line with the title; what it says on the way is left out. */
function blocks(stdout: string): string[] {
  return stdout
    .split(/^(?=Benchmarking )|^(?=\S.*time: )|^(?=\S.*\n {24}time: )/m)
    .map((block) => block.trimEnd())
    .filter((block) => / time: /.test(block));
}

test('what Criterion has printed of a run is printed again from its tree', async () => {
  const recorded = blocks(readFileSync(join(RECORDED, 'base.stdout'), 'utf8'));
  const { stdout, code } = await runCli([
    'bench',
    'import',
    TREE,
    '--load-baseline',
    'base',
    '--baseline-lenient',
    'none',
  ]);
  expect(code).toBe(0);
  expect(recorded).toHaveLength(10);
  expect(blocks(stdout).toSorted()).toEqual(recorded.toSorted());
});

test('comparisons have the words that Criterion printed, and numbers within the chance of resampling', async () => {
  const recorded = readFileSync(join(RECORDED, 'compared-verbose-color.stdout'), 'utf8');
  const plain = blocks(recorded.replace(/\x1b\[\d+m/g, ''));
  const { stdout } = await runCli(['bench', 'import', TREE, '--baseline', 'base', '--verbose']);
  // Numbers and their units, which differ where a number is near a step
  const words = (text: string): string =>
    text
      .replace(/[-+]?[\d.]+%/g, '0%')
      .replace(/R\^2 .*/g, 'R^2')
      .replace(/p = [\d.]+/g, 'p');
  const rows = (list: string[]): string[] =>
    list.map((block) => words(block).replace(/[\d.]+ [µnm]?s|[\d.]+ \S+\/s/g, '0'));
  expect(rows(blocks(stdout)).toSorted()).toEqual(rows(plain).toSorted());
});

test('--output-format bencher prints what tools read that know libtest', async () => {
  const { stdout } = await runCli(['bench', 'import', TREE, '--output-format', 'bencher']);
  const lines = stdout.split('\n').filter((line) => line !== '');
  expect(lines).toHaveLength(10);
  for (const line of lines) expect(line).toMatch(/^test (.+) \.\.\. bench: +([0-9,]+) ns\/iter \(\+\/- ([0-9,]+)\)$/);
});

test('--fail-on-regression fails for what regressed, by as much as is asked', async () => {
  const call = ['bench', 'import', TREE, '--baseline', 'base', '-f', '^plain$', '--fail-on-regression'];
  const failed = await runCli(call);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('regressed: plain');
  expect((await runCli([...call, '1000'])).code).toBe(0);
});

test('--json has estimates, fences, change, p and verdict', async () => {
  const { stdout } = await runCli(['bench', 'import', TREE, '--baseline', 'base', '-f', '^plain$', '--json']);
  const stored = JSON.parse(readFileSync(join(TREE, 'plain/new/estimates.json'), 'utf8'));
  const change = JSON.parse(readFileSync(join(TREE, 'plain/change/estimates.json'), 'utf8'));
  const tukey = JSON.parse(readFileSync(join(TREE, 'plain/new/tukey.json'), 'utf8'));
  const [result] = JSON.parse(stdout);
  expect(result).toMatchObject({ name: 'plain', unit: 'ns', estimates: stored, tukey, verdict: 'regressed' });
  expect(result.change.mean.point_estimate).toBe(change.mean.point_estimate);
  expect(result.change.median.point_estimate).toBe(change.median.point_estimate);
  expect(result.p).toBeLessThan(0.05);
});

test.each([
  [['--baseline', 'main'], /has no run called 'main'; there are base, new/],
  [['--output-format', 'criterion', '-f', 'nothing'], /no benchmark matches --filter/],
  [['--load-baseline', 'base'], /--load-baseline needs --baseline/],
])('%j is refused in one line', async (options, message) => {
  const { code, stderr, stdout } = await runCli(['bench', 'import', TREE, ...options]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stdout).toBe('');
});

test('with a baseline reports are written too, of the benchmarks that --filter lets through', async () => {
  const call = ['bench', 'import', TREE, '--nresamples', '1000', '-f', '^(plain|hash)', '--md', '-'];
  const compared = await runCli([...call, '--baseline', 'base', '--plots', join(folder, 'plots')]);
  expect([compared.code, compared.stderr]).toEqual([0, expect.stringMatching(/wrote \d+ plots/)]);
  expect(compared.stdout).toMatch(/\n\| `plain` \| .* \*\*regressed\*\* \(p/);
  expect(compared.stdout).not.toContain('`elems');
  const alone = await runCli(call);
  expect(alone.stdout).toContain('| `plain` |');
  expect(alone.stdout).not.toContain('`elems');
});

test('--filter and --fail-on-regression hold for what is only told, too', async () => {
  const call = ['bench', 'import', TREE, '--fail-on-regression'];
  const plain = await runCli([...call, '-f', '^plain$']);
  expect(plain.stdout).toMatch(/^1 benchmark \(criterion\)\n/);
  expect([plain.code, plain.stderr]).toEqual([1, expect.stringContaining('regressed: plain')]);
  expect((await runCli(['bench', 'import', TREE, '-f', '^plain$', '--fail-on-regression', '1000'])).code).toBe(0);
  expect((await runCli([...call, '-f', 'nothing'])).stderr).toContain('no benchmark matches --filter');
});

test('a file has no runs to compare: which options those are', async () => {
  const file = join(TREE, 'plain/new/sample.json');
  const { code, stderr } = await runCli(['bench', 'import', file, '--output-format', 'criterion']);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/sample\.json is no folder of Criterion's, which --output/),
  ]);
});

test('a run of which only the estimates are left has nothing to analyse', async () => {
  const kept = join(folder, 'estimates');
  cpSync(join(TREE, 'plain'), join(kept, 'plain'), { recursive: true });
  rmSync(join(kept, 'plain/new/sample.json'));
  const { code, stderr, stdout } = await runCli(['bench', 'import', kept, '--output-format', 'criterion']);
  rmSync(kept, { recursive: true });
  expect(stderr).toBe(`pforge-prof: error: ${kept}/plain/new has no sample.json\n`);
  expect([code, stdout]).toEqual([2, '']);
});

test('a broken file is told by its name', async () => {
  cpSync(join(TREE, 'plain'), join(folder, 'plain'), { recursive: true });
  writeFileSync(join(folder, 'plain/new/sample.json'), '{"sampling_mode":"Linear","iters":[1,2');
  const { code, stderr } = await runCli(['bench', 'import', folder, '--output-format', 'criterion']);
  expect(code).toBe(2);
  expect(stderr).toContain(join(folder, 'plain/new/sample.json'));
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
