import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { FIXTURES } from '../formats/harness.ts';
import { call } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-refusals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const folded = file('a.folded', 'main;a 10\n');
const other = file('b.folded', 'main;a 20\n');
const cpuprofile = join(FIXTURES, 'cpuprofile/node.cpuprofile');
const massifFile = join(FIXTURES, 'massif/peaks.out');
const results = file('results.json', '[{ "name": "x", "unit": "ms", "value": 1 }]');
const config = (name: string, text: string): string[] => ['check', '--config', file(name, text)];
const snapshot = join(FIXTURES, 'heapsnapshot/page.heapsnapshot.zst');
const dhatFile = join(FIXTURES, 'dhat/blocks.out');
const counters = join(FIXTURES, 'perf-stat/real-default.txt');
const xtree = file(
  'xtmemory.ms',
  `desc: --xtree-memory=full
cmd: a
time_unit: i
#-----------
snapshot=0
#-----------
time=0
mem_heap_B=7
mem_heap_extra_B=0
mem_stacks_B=0
heap_tree=detailed
n1: 7 curB : currently allocated Bytes
 n0: 7 0x1: f (a.c:3)
`,
);
const faults = file('faults.folded', '# pforge-prof unit=count type=page-faults\nmain;a 1\n');
const aFile = file('plain', '');

const ALL_FAILED = '[{ "name": "none", "unit": "ns", "estimates": {}, "failure": "exit code 1" }]';

const empty = join(folder, 'empty');
mkdirSync(empty);

/** A call, and what its one line says. */
type Row = readonly [words: readonly string[], says: RegExp];

async function isRefused(words: readonly string[], says: RegExp): Promise<void> {
  const answer = await call(words);
  expect(answer.stderr).toMatch(says);
  expect(answer.stderr.trimEnd().split('\n').at(-1)).toMatch(/^pforge-prof: error: /);
  expect(answer).toMatchObject({ code: 2, stdout: '' });
}

describe('options that do not go together', () => {
  test.each<Row>([
    [['bench', '--reference-name', 'x', '--', 'true'], /--reference-name needs --reference; give both/],
    [['bench', '--criterion', '--against', 'HEAD', 'x.bench.js'], /Criterion's way knows no --against/],
    [['bench', '--base-setup', 'true', 'x.bench.js'], /--base-setup needs --against/],
    [
      ['check', '--budget', 'bench.*.median < 1s', '--fail-threshold', '120%', results],
      /--fail-threshold is for --alert-threshold/,
    ],
    [['report', '--no-modules', folded], /--no-modules goes with --compat inferno/],
    [['report', '--compat', 'perl', folded, other], /--compat reads one input/],
    [['console', '--all', 'http://127.0.0.1:6669'], /--all is for node programs/],
    [['dhat', 'diff', '--min-percent', '1', 'a', 'b'], /--min-percent goes with --tree/],
    [['dhat', '--fail-if-grows', '1', 'a'], /--fail-if-grows goes with dhat diff/],
    [['diff', '--side', 'before', '-'], /--side chooses one side, and a comparison needs both/],
    [['massif', '--ms-print', '--full-names', massifFile], /ms_print has no --full-names/],
    [['massif', '--fail-if-peak-grows', '1', massifFile], /--fail-if-peak-grows goes with massif diff/],
    [['perf-stat', 'diff', '--save-baseline', 'x', 'a', 'b'], /diff measures nothing that --save-baseline could keep/],
    [['heap', '--redact', '--', 'node', '-e', '0'], /--redact goes with snapshots/],
    [['load', '--duration', '0', 'http://127.0.0.1:9'], /a load of no time measures nothing/],
    [['bench', '--min-runs', '5', '--max-runs', '2', '--', 'true'], /--min-runs is more than --max-runs/],
    [['bench', '--parameter-list', 'compiler', '--', 'true'], /--parameter-list takes a name and its values/],
    [['bench', 'import', '--json', '--md', '-', results], /--json and --md - both want standard output/],
    [
      ['check', '--budget', 'bench.*.value < 1s', '--alert-threshold', '200%', '--fail-threshold', '110%', results],
      /--fail-threshold must not be less than --alert-threshold/,
    ],
    [
      ['check', '--format', 'customBiggerIsBetter', results],
      /no result is better the bigger it is; use --format customSm/,
    ],
    [['console', '--assert', 'longest-block<50ms', '--', 'node', '-e', '0'], /--assert is for --once or --json/],
    [['dhat', 'diff', '--duration', '1', 'a', 'b'], /dhat diff records nothing/],
    [['heap', '--force', '--', 'node', '-e', '0'], /--force goes with --snapshot/],
    [['heap', 'diff', '-', '-'], /- is standard input: there is one/],
    [['heap', 'leak', '--live', '--', 'node', '-e', '0'], /heap leak takes snapshots: it has no --live/],
    [['heap', '--dominators', cpuprofile], /--dominators is a view of heap snapshots: .*node\.cpuprofile is none/],
    [['heap', '--format', 'csv', snapshot], /a heap snapshot cannot be written as csv/],
    [['load', '--rate', '5', '--pipelining', '2', ':9'], /--pipelining is for the closed model/],
    [['load', '--body', 'a', '--body-file', 'b', ':9'], /give only one of: --body, --body-file/],
    [['load', '--scenario', 'x', '--method', 'PUT', ':9'], /a scenario has methods and bodies of its own/],
    [['massif', '--rss', '--tool', 'heaptrack', '--', 'true'], /give only one of: --rss, --tool/],
    [
      ['massif', 'diff', '--format', 'pprof', massifFile, massifFile],
      /difference of two heaps cannot be written as pprof/,
    ],
    [
      ['perf-stat', '--counter', 'callgrind', '-d', '0.2'],
      /callgrind counts a program from its start; give the program after --/,
    ],
    [['perf-stat', '--pid', '1', '--all-cpus'], /give only one of: --pid, --all-cpus/],
    [
      ['push', '--to', 'pyroscope+http://127.0.0.1:9', '--dry-run', '--json', folded],
      /--dry-run and --json both want standard output/,
    ],
  ])('%j', isRefused);
});

describe('nothing to work on', () => {
  test.each<Row>([
    [['check', '--budget', 'load.rps > 1'], /nothing to check/],
    [['push', folded], /where to\?/],
    [['push', '--to', 'pyroscope+http://127.0.0.1:9'], /nothing to push/],
    [
      ['push', '--to', 'pyroscope+http://127.0.0.1:9', '--service', 'a', '--format', 'folded', faults],
      /Pyroscope knows no folded stacks of page-faults \(count\); send it as --format pprof/,
    ],
    [['push', '--to', 'pyroscope+http://127.0.0.1:9', folded], /which service are these profiles of\?/],
    [['push', '--to', 'pyroscope+http://127.0.0.1:9', '--history', 'x', folded], /--history goes to victoriametrics/],
    [['report', 'clickhouse://127.0.0.1:9'], /which service\?/],
    [
      ['report', 'clickhouse://127.0.0.1:9', '--service', 'a', '--from', 'now', '--to', '-1h'],
      /--to is not after --from/,
    ],
    [['heap', 'diff', cpuprofile, cpuprofile], /no heap snapshot/],
    [['bench', file('none.bench.mjs', '')], /the files declare no benchmarks/],
    [['push', '--to', 'victoriametrics+http://127.0.0.1:9', file('none.json', ALL_FAILED)], /no numbers to push/],
    [['push', '--to', 'victoriametrics+http://127.0.0.1:9', '--history', aFile], /there is no history in .*plain/],
    [
      ['track', '--store', join(folder, 'history.jsonl'), folded],
      /nothing to keep in .*a\.folded; what profiles say are shares/,
    ],
  ])('%j', isRefused);
});

describe('two answers where there is one', () => {
  test.each<Row>([
    [
      ['check', '--json', '--format', 'md', '--budget', 'bench.*.value < 1s', results],
      /--json and --format md contradict/,
    ],
    [['dhat', '--json', '--format', 'svg', dhatFile], /--json and --format svg contradict/],
    [['dhat', 'diff', '--json', '--format', 'text', dhatFile, dhatFile], /--json and --format text contradict/],
    [['massif', '--json', '--format', 'svg', massifFile], /--json and --format svg contradict/],
    [['perf-stat', '--json', '--format', 'csv', counters], /--json and --format csv contradict/],
    [['diff', '--open', '-o', '-', folded, other], /--open needs a file; give -o a file name/],
    [['flame', '--open', '-o', '-', folded], /--open needs a file; give -o a file name/],
    [['flame', '--json', '-o', '-', folded], /--json and -o - both want standard output/],
    [['heap', '--json', '-o', '-', '--', 'node', '-e', '0'], /--json and -o - both want standard output/],
    [['heap', '--json', '--format', 'svg', snapshot], /--json and svg both want standard output/],
    [['dhat', dhatFile, '--', 'true'], /give only one of: a program after --, a file/],
    [['massif', massifFile, '--', 'true'], /give only one of: a program after --, a file/],
    [['heap', 'leak', '--pid', '1', '--', 'node', '-e', '0'], /give only one of: a program after --, --pid/],
  ])('%j', isRefused);
});

describe('a program after -- that is not there', () => {
  test.each(['dhat', 'heap', 'load', 'massif', 'perf-stat'])('%s', (command) =>
    isRefused([command, '--'], /error: no program follows --/),
  );
});

describe('a program where none is run', () => {
  test.each<Row>([
    [['dhat', 'diff', 'a', 'b', '--', 'true'], /dhat diff runs no program; record both sides first/],
    [['heap', 'diff', 'a', 'b', '--', 'true'], /heap diff runs no program/],
    [['init', '--', 'true'], /init runs no program/],
    [['massif', 'diff', 'a', 'b', '--', 'true'], /massif diff runs no program/],
    [['push', '--to', 'pyroscope+http://127.0.0.1:9', folded, '--', 'true'], /push runs no program/],
  ])('%j', isRefused);
});

describe('too many or too few', () => {
  test.each<Row>([
    [['init', 'gitlab', 'github'], /too many arguments/],
    [['load', ':9', ':10'], /one target at a time, not also :10/],
    [['load', 'import'], /load import reads one file/],
    [['load', 'diff', 'a'], /load diff compares two results/],
    [['bench', '-n', 'a', '-n', 'b', '--', 'true'], /2 names are given for 1 command/],
    [
      ['bench', '-P', 'a', '1', '9999', '-P', 'b', '1', '9999', '--', 'true'],
      /the parameters have more than \d+ combinations; give fewer values/,
    ],
  ])('%j', isRefused);
});

describe('what is not there, or cannot be made', () => {
  test.each<Row>([
    [['bench', 'import', '--output-format', 'criterion', empty], /no results of Criterion are in this folder/],
    [
      ['check', '--commit', 'nonesuch', '--budget', 'bench.*.value < 1s', results],
      /there is no commit 'nonesuch' here/,
    ],
    [['load', 'diff', join(folder, 'none'), join(folder, 'none')], /cannot read .*none: no such file/],
    [
      ['track', '--store', join(folder, 'h.jsonl'), results, '--attach', join(folder, 'none.svg')],
      /cannot read .*none\.svg: no such file/,
    ],
    [
      ['flame', '-o', join(folder, 'a\ufffd.svg'), folded],
      /a\ufffd\.svg: the name is not valid UTF-8; give -o another name/,
    ],
    [
      ['heap', 'leak', '--keep', join(aFile, 'x'), '--', 'node', '-e', '0'],
      /cannot make the folder .*plain\/x \(ENOTDIR\)/,
    ],
    [['massif', '-o', join(folder, 'x.svg'), xtree], /a report of --xtree-memory has no course of time to draw/],
    [['heap', 'diff', '--dominators', 'a', 'b'], /--dominators is a view of one snapshot/],
    [['heap', '--fail-on-growth', '1MB', '--', 'node', '-e', '0'], /--fail-on-growth compares snapshots/],
    [['report', '--time', '1000..2000', cpuprofile], /no sample is left; check --time .*against the recording/],
    [
      ['report', 'clickhouse://127.0.0.1:9', '--service', 'a', '--from', 'yesterday or so'],
      /--from yesterday or so is no time/,
    ],
  ])('%j', isRefused);
});

describe('what is in the words', () => {
  test.each<Row>([
    [['bench', '--cmd', "'open"], /quote words that hold blanks/],
    [['check', '--budget', 'files.size < 1kB'], /which files\?/],
    [['flame', '--collector', 'nonesuch', '--', 'true'], /nonesuch/],
    [['report', '--no-such-option', folded], /unknown option '--no-such-option'/],
    [['massif', massifFile, '--flame', '--snapshot', '99999'], /there is no snapshot 99999/],
  ])('%j', isRefused);
});

describe('check --config', () => {
  test.each<Row>([
    [config('a.json', '{'), /a\.json is no JSON/],
    [config('b.json', '{ "budgets": [{}] }'), /has no budget/],
    [
      config('c.json', '{ "budgets": [{ "budget": "load.rps > 1", "warning": 1 }] }'),
      /warning and optional are true or false/,
    ],
    [config('d.json', '{ "budgets": [{ "budget": "load.rps > 1", "place": 1 }] }'), /place must be FILE or FILE:LINE/],
    [config('e.json', '{ "budgets": ["load.rps >"] }'), /e\.json/],
    [config('f.mjs', 'throw new Error("mine")'), /f\.mjs.*mine/],
  ])('%j', isRefused);
});

test('a dashboard where no folder can be', async () => {
  const { code, stderr } = await call(['dashboard', '-o', join(aFile, 'x')]);
  expect(stderr).toMatch(/cannot (?:create|write)/);
  expect(code).toBe(125);
});

test('plots where no folder can be', async () => {
  const words = ['bench', 'import', '--plots', join(aFile, 'x'), join(FIXTURES, 'criterion/tree')];
  const { code, stderr } = await call(words);
  expect(stderr).toMatch(/error: cannot make the folder .*plain\/x.*: ENOTDIR/);
  expect(code).toBe(2);
});
