import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pathWith } from './fake-tools.ts';
import { root, runCli, workFolder } from './run-cli.ts';

const folded = 'main;parse;scan 30\nmain;render 70\n';

const report = (args: readonly string[], stdin = folded, cwd = workFolder()) =>
  runCli(['report', ...args], { cwd, stdin });

describe('report', () => {
  test('the hottest functions, by default and with --top', async () => {
    const { code, stdout, stderr } = await report(['-']);
    expect(stdout).toMatch(/70\.0% .* render .*\n.*30\.0% .* scan /);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect((await report(['--top', '-'])).stdout).toBe(stdout);
    expect((await report(['--by', 'function', '-'])).stdout).toBe(stdout);
    expect((await report(['--limit', '1', '-'])).stdout).not.toContain('scan');
  });

  test('--tree and --min-percent', async () => {
    const { stdout } = await report(['--tree', '-']);
    expect(stdout).toContain(' 70.0%   70.0%  ├─ render\n');
    expect(stdout).toContain(' 30.0%   30.0%     └─ scan\n');
    expect((await report(['--tree', '--min-percent', '50', '-'])).stdout).not.toContain('scan');
  });

  test('--callers and --callees, literal or /regexp/', async () => {
    expect((await report(['--callers', 'sca', '-'])).stdout).toMatch(
      /callers of sca: 30, 30\.0% of all[\s\S]*└─ parse/,
    );
    expect((await report(['--callees', '/^par/', '-'])).stdout).toMatch(/ parse\n.*└─ scan\n/);
    const literal = await report(['--callers', 'a.b(', '-'], 'main;a.b(c) 1\nmain;aXb( 1\n');
    expect(literal.stdout).toContain('a.b(c)');
    expect(literal.stdout).not.toContain('aXb');
  });

  test.each(['module', 'file', 'kind', 'thread'])('--by %s', async (by) => {
    const { stdout, code } = await report(['--by', by, '-']);
    expect(stdout).toMatch(new RegExp(`self .* ${by}\n.*100\\.0%`));
    expect(code).toBe(0);
  });

  test('--json: the report, and the view beside it', async () => {
    const { stdout } = await report(['--json', '-']);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'folded',
      samples: 2,
      weight: { type: 'samples', unit: 'count', total: 100 },
      threads: [],
      kinds: [{ kind: 'unknown', self: 100 }],
      notes: [],
    });
    expect(JSON.parse(stdout).top[0]).toMatchObject({ name: 'render', self: 70, total: 70 });
    const tree = JSON.parse((await report(['--json', '--tree', '-'])).stdout);
    expect(tree.tree[1]).toMatchObject({ parent: 0, name: 'render', self: 70 });
    const callers = JSON.parse((await report(['--json', '--callers', 'scan', '-'])).stdout);
    expect(callers.callers).toMatchObject({
      of: 'scan',
      tree: [{ name: 'scan' }, { name: 'parse' }, { name: 'main' }],
    });
    const groups = JSON.parse((await report(['--json', '--by', 'kind', '-'])).stdout);
    expect(groups).toMatchObject({ by: 'kind', groups: [{ name: 'unknown', self: 100, total: 100 }] });
  });

  test('the extension of -o picks the format', async () => {
    const cwd = workFolder();
    const written = async (name: string) => {
      const { stdout, stderr, code } = await report(['-', '-o', name], folded, cwd);
      expect([stdout, code]).toEqual(['', 0]);
      expect(stderr).toContain(`wrote ${name}`);
      return readFileSync(join(cwd, name), 'utf8');
    };
    expect(await written('x.md')).toMatch(/^# Profile\n/);
    expect(await written('x.csv')).toMatch(/^self,self_percent/);
    expect(JSON.parse(await written('x.json'))).toMatchObject({ version: 1 });
    expect(await written('x.txt')).toContain('render');
    expect(await written('x')).toContain('render');
  });

  test('every view in every format', async () => {
    for (const view of [['--top'], ['--tree'], ['--callers', 'scan'], ['--callees', 'parse'], ['--by', 'module']]) {
      for (const format of ['text', 'md', 'json', 'csv']) {
        const { stdout, stderr, code } = await report([...view, '--format', format, '-']);
        expect(stderr).toBe('');
        expect(stdout.length).toBeGreaterThan(20);
        expect(code).toBe(0);
      }
    }
  }, 60_000);

  test('several inputs, filters and marks', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'a'), 'main;sys_read_[k] 5\n');
    const { stdout } = await report(['--json', '--ignore', 'render', 'a', '-'], folded, cwd);
    const result = JSON.parse(stdout);
    expect(result.weight.total).toBe(35);
    expect(result.notes).toContain('--focus and --ignore left out 66.7% of the weight');
  });

  test('many frames without a name: one line of advice', async () => {
    const { stderr } = await report(['-'], 'main;[unknown];read 1\nmain;write 5\n');
    expect(stderr).toMatch(
      /^pforge-prof: note: 16\.7% of the weight has frames without a name .*--call-graph dwarf.*\n$/,
    );
    expect((await report(['-'], 'main;[unknown] 1\nmain;write 50\n')).stderr).toBe('');
    const flame = await runCli(['flame', '-'], { stdin: 'main;[unknown];read 1\nmain;write 5\n' });
    expect(flame.stderr).toContain('16.7% of the weight has frames without a name');
  });

  test('names do not reach the terminal raw', async () => {
    for (const view of [[], ['--tree'], ['--callers', 'a'], ['--format', 'md']]) {
      const { stdout } = await report([...view, '-'], 'main;a\u001b]0;t\u0007b 1\n');
      expect(stdout).not.toMatch(/[\u001b\u0007]/);
    }
  });

  test.each<[readonly string[], RegExp]>([
    [[], /nothing to report; give a recording/],
    [['-', '--', 'true'], /report runs no program/],
    [['--tree', '--callers', 'x', '-'], /only one of: --top, --tree/],
    [['--callers', 'nothing', '-'], /no function matches --callers nothing/],
    [['--callers', '/(/', '-'], /--callers.*no regular expression/],
    [['--by', 'colour', '-'], /--by.*function, module, file, kind, thread/],
    [['--limit', '0', '-'], /--limit.*whole number from 1/],
    [['--json', '--format', 'md', '-'], /--json and --format md contradict/],
    [['no-such-file'], /no-such-file/],
  ])('usage: report %j', async (args, pattern) => {
    const { code, stdout, stderr } = await report(args);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(pattern);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

test('a recording of perf that only perf can read for another tool, where there is none', async () => {
  const args = ['report', '--compat', 'perl', join(root, 'fixtures/perf-data/pipe.data.gz')];
  const { code, stderr } = await runCli(args, { env: { PATH: pathWith({}) } });
  expect(stderr).toMatch(/pipe\.data\.gz is a perf\.data file and perf is not installed to read it; install perf/);
  expect(code).toBe(125);
});
