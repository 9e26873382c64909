import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
const aFile = file('plain', '');

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
  ])('%j', isRefused);
});

describe('nothing to work on', () => {
  test.each<Row>([
    [['check', '--budget', 'load.rps > 1'], /nothing to check/],
    [['push', folded], /where to\?/],
    [['push', '--to', 'pyroscope+http://127.0.0.1:9'], /nothing to push/],
    [['push', '--to', 'pyroscope+http://127.0.0.1:9', folded], /which service are these profiles of\?/],
    [['push', '--to', 'pyroscope+http://127.0.0.1:9', '--history', 'x', folded], /--history goes to victoriametrics/],
    [['report', 'clickhouse://127.0.0.1:9'], /which service\?/],
    [
      ['report', 'clickhouse://127.0.0.1:9', '--service', 'a', '--from', 'now', '--to', '-1h'],
      /--to is not after --from/,
    ],
    [['heap', 'diff', cpuprofile, cpuprofile], /no heap snapshot/],
    [['bench', file('none.bench.mjs', '')], /the files declare no benchmarks/],
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
