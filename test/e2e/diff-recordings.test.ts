import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { root, runCli, workFolder } from './run-cli.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);

/** `parse` does as much work as it is told, all others do always the same. */
const SCRIPT = `
  function parse(n) { let sum = 0; for (let i = 0; i < n; i++) sum = (sum * 31 + i) % 1000003; return sum; }
  function render(n) { let sum = 0; for (let i = 0; i < n; i++) sum = (sum * 17 + i) % 1000003; return sum; }
  function layout(n) { let sum = 0; for (let i = 0; i < n; i++) sum = (sum * 13 + i) % 1000003; return sum; }
  function sort(n) { let sum = 0; for (let i = 0; i < n; i++) sum = (sum * 11 + i) % 1000003; return sum; }
  const times = Number(process.argv[2]);
  let total = 0;
  for (let i = 0; i < 300; i++) { total += parse(5e4 * times); total += render(8e4); total += layout(7e4); total += sort(9e4); }
`;

interface Told {
  readonly significant: number;
  readonly type: string;
  readonly unit: string;
  readonly notes: readonly string[];
  readonly functions: readonly { readonly name: string; readonly verdict: string; readonly deltaPercent: number }[];
  readonly frames: readonly { readonly path: readonly string[]; readonly verdict: string }[];
}

describe('recordings of real programs', () => {
  const cwd = workFolder();
  const run = async (args: readonly string[]) => {
    const result = await runCli(args, { cwd });
    expect(result.stderr).not.toMatch(/^pforge-prof: error/m);
    expect(result.code).toBe(0);
    return result;
  };
  const json = async (args: readonly string[]): Promise<Told> =>
    JSON.parse((await run(['diff', ...args, '--json'])).stdout) as Told;
  const functionOf = (told: Told, name: string) => told.functions.find((row) => row.name === name);

  beforeAll(async () => {
    writeFileSync(join(cwd, 'app.js'), SCRIPT);
    await run(['flame', '--collector', 'v8', '-o', 'before.svg', '--', 'node', 'app.js', '1']);
    await run(['flame', '--collector', 'v8', '-o', 'after.svg', '--', 'node', 'app.js', '6']);
    execFileSync('node', ['--cpu-prof', '--cpu-prof-name', 'before.cpuprofile', 'app.js', '1'], { cwd });
    if (!perf) return;
    const node = ['node', '--perf-basic-prof', '--interpreted-frames-native-stack'];
    execFileSync('perf', ['record', '-q', '-F', '997', '-g', '-o', 'after.data', ...node, 'app.js', '6'], { cwd });
    const text = execFileSync('perf', ['script', '-i', 'after.data'], {
      cwd,
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    writeFileSync(join(cwd, 'after.perf.txt'), text);
  });

  test('pforge-prof diff before.svg after.svg > diff.svg, and its function is found', async () => {
    const { stdout, stderr } = await run(['diff', 'before.svg', 'after.svg']);
    writeFileSync(join(cwd, 'diff.svg'), stdout);
    expect(stderr).toMatch(/ grew .* parse /);
    const parse = functionOf(await json(['before.svg', 'after.svg']), 'parse');
    expect(parse).toMatchObject({ verdict: 'grew' });
    expect(parse!.deltaPercent).toBeGreaterThan(10);
  });

  test('diffflame before.svg after.svg > diff.svg', async () => {
    const words = [join(root, 'bin/diffflame.js'), 'before.svg', 'after.svg'];
    const own = execFileSync(process.execPath, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(own).toBe((await run(['diff', 'before.svg', 'after.svg'])).stdout);
  });

  test('both inputs are in the picture, whole', async () => {
    await run(['diff', 'before.svg', 'after.svg', '-o', 'whole.svg']);
    for (const side of ['before', 'after']) {
      const { stdout } = await run(['convert', 'whole.svg', '--side', side]);
      expect(stdout).toBe((await run(['convert', `${side}.svg`])).stdout);
      expect(stdout).toMatch(/;parse .*app\.js:2:\d+ \d+\n/);
    }
    expect((await json(['whole.svg'])).frames).toEqual((await json(['before.svg', 'after.svg'])).frames);
  });

  test('a page holds both inputs too', async () => {
    await run(['diff', 'before.svg', 'after.svg', '-o', 'whole.html']);
    const { stdout } = await run(['convert', 'whole.html', '--side', 'before']);
    expect(stdout).toBe((await run(['convert', 'before.svg'])).stdout);
  });

  test('a picture against the recording that it was drawn of: nothing changed', async () => {
    await run(['flame', 'before.cpuprofile', '-o', 'drawn.svg']);
    await run(['flame', 'before.cpuprofile', '-o', 'classic.svg', '--classic', '--no-embed']);
    expect((await json(['before.cpuprofile', 'drawn.svg'])).significant).toBe(0);
    const { significant, frames } = await json(['drawn.svg', 'classic.svg']);
    expect(significant).toBe(0);
    expect(frames.filter(({ verdict }) => !['unchanged', 'below-cut', 'untested'].includes(verdict))).toEqual([]);
  });

  test('programs that stand in another folder are the same program', async () => {
    const elsewhere = workFolder();
    writeFileSync(join(elsewhere, 'app.js'), SCRIPT);
    execFileSync('node', ['--cpu-prof', '--cpu-prof-name', 'moved.cpuprofile', 'app.js', '1'], { cwd: elsewhere });
    renameSync(join(elsewhere, 'moved.cpuprofile'), join(cwd, 'moved.cpuprofile'));
    const told = await json(['before.cpuprofile', 'moved.cpuprofile']);
    expect(
      told.frames.filter(
        ({ verdict, path }) => (verdict === 'new' || verdict === 'gone') && path.at(-1) === '(anonymous)',
      ),
    ).toEqual([]);
  });

  describe.runIf(perf)('of two profilers', () => {
    test('diff before.cpuprofile after.perf.txt: JavaScript in both, by what both measure', async () => {
      const told = await json(['before.cpuprofile', 'after.perf.txt']);
      expect(functionOf(told, 'parse')).toMatchObject({ verdict: 'grew' });
      expect(told.notes.join('\n')).toContain('after.perf.txt also holds native and kernel code');
      const parse = told.frames.find(({ path }) => path.at(-1) === 'parse');
      expect(parse?.verdict).toBe('grew');
    });

    test('--no-align: as recorded', async () => {
      const told = await json(['before.cpuprofile', 'after.perf.txt', '--no-align']);
      expect(told.functions.some(({ name }) => name.startsWith('v8::'))).toBe(true);
      expect(told.notes.join('\n')).not.toContain('native and kernel code');
    });

    test('a perf.data and what perf script makes of it: the same weight, nothing changed', async () => {
      const told = await json(['after.data', 'after.perf.txt']);
      expect(told).toMatchObject({ significant: 0, type: 'cpu-clock', unit: 'nanoseconds' });
    });
  });
});

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/svg');
const present = existsSync(PEERS);
if (!present) console.log(`skipped: pictures of other tools are not at ${PEERS}`);

describe.runIf(present)('pictures of other tools', () => {
  const picture = (name: string) => join(PEERS, name);

  test('flamegraph.pl and inferno drew the same stacks: nothing changed', async () => {
    const stem = 'flamegraph-pl/';
    const names = ['perf-js-stacks-01', 'perf-vertx-stacks-01'];
    for (const name of names) {
      const { stdout, code } = await runCli([
        'diff',
        picture(`${stem}${name}.svg`),
        picture(`${stem}${name}.inferno.svg`),
        '--json',
      ]);
      expect(code).toBe(0);
      const told = JSON.parse(stdout) as Told;
      expect(told.significant).toBe(0);
    }
  });

  test('a picture against the folded text it was drawn of, marks of kernel and JIT frames there alone', async () => {
    for (const name of ['perf-vertx-stacks-01', 'perf-js-stacks-01']) {
      const inputs = [picture(`flamegraph-pl/${name}.minwidth1.svg`), picture(`flamegraph-pl/${name}.folded`)];
      const told = JSON.parse((await runCli(['diff', ...inputs, '--json'])).stdout) as Told;
      expect(told.frames.filter(({ verdict }) => verdict !== 'unchanged' && verdict !== 'below-cut')).toEqual([]);
    }
  });

  test('a differential picture of another tool holds both sides', async () => {
    const both = picture('inferno/differential/diff.svg');
    if (!existsSync(both)) return;
    const { code, stdout } = await runCli(['diff', both, '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Told).frames.length).toBeGreaterThan(5);
  });
});

test('an SVG that is no flame graph gets one clear line', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'a.folded'), 'main 1\n');
  writeFileSync(join(cwd, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>\n');
  const { code, stderr, stdout } = await runCli(['diff', 'a.folded', 'logo.svg'], { cwd });
  expect(stderr).toMatch(/^pforge-prof: error: logo\.svg: this is an SVG but no flame graph.*\n$/);
  expect([code, stdout]).toEqual([2, '']);
});

test('different count names are refused', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'a.folded'), 'main;a 10\nmain;b 20\n');
  await runCli(['flame', 'a.folded', '-o', 'a.svg', '--classic', '--no-embed', '--count-name', 'bytes'], { cwd });
  await runCli(['flame', 'a.folded', '-o', 'b.svg', '--classic', '--no-embed'], { cwd });
  expect(readFileSync(join(cwd, 'a.svg'), 'utf8')).toContain('bytes');
  const { code, stderr } = await runCli(['diff', 'a.svg', 'b.svg'], { cwd });
  expect(stderr).toMatch(
    /^pforge-prof: error: the sides measure different things: a\.svg .*bytes.*, b\.svg samples; .*\n$/,
  );
  expect(code).toBe(2);
});
