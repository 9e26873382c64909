import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { analyse } from '../../../src/bench/criterion/analyse.ts';
import { type BaselineOptions, Baselines } from '../../../src/bench/criterion/baselines.ts';
import { DEFAULT_ANALYSIS } from '../../../src/bench/criterion/config.ts';
import { replaceFolder } from '../../../src/bench/criterion/replace-folder.ts';
import { runFiles } from '../../../src/bench/criterion/tree-files.ts';
import { criterionHome, directoryName, safeName, UniqueNames } from '../../../src/bench/criterion/tree-names.ts';
import { findBenchmarks, readChange, readRun } from '../../../src/bench/criterion/tree-read.ts';
import { benchmarkId, type Measurement } from '../../../src/bench/measurement.ts';
import { UserError } from '../../../src/errors.ts';
import { OWN, recordedRun } from './recorded-trees.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-tree-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const fresh = (): string => join(folder, String(++count));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('names of folders', () => {
  test.each([
    ['?"/\\*<>:|^', '__________'],
    ['flat/group:odd name', 'flat_group_odd name'],
    ['x'.repeat(70), 'x'.repeat(64)],
    // 64 bytes are 21 characters of three bytes, and one is left
    ['✓'.repeat(33), '✓'.repeat(21)],
    ['', '_'],
    ['..', '___'],
    ['a\0b', 'a_b'],
  ])('%j is kept in %j', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });

  test('never leave the tree, whatever a benchmark is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.option(fc.string()),
        fc.option(fc.string()),
        (group, name, value) => {
          const directory = directoryName(benchmarkId(group, name ?? undefined, value ?? undefined));
          for (const part of directory.split('/')) {
            expect(['', '.', '..']).not.toContain(part);
            expect(Buffer.byteLength(part)).toBeLessThanOrEqual(64);
            expect(part).not.toMatch(/[?"\\*<>:|^\0]/);
          }
        },
      ),
    );
  });

  test('are those that Criterion chose, duplicates too', () => {
    const names = new UniqueNames();
    const ids = findBenchmarks(join(OWN, 'tree')).map((benchmark) => readRun(benchmark, 'new').id);
    // In the order of fixtures/src/criterion
    ids.sort((a, b) => rank(a.fullId) - rank(b.fullId));
    const claimed = ids.map((id) => names.claim(id).directory);
    expect(claimed.toSorted()).toEqual(
      findBenchmarks(join(OWN, 'tree'))
        .map(({ directory }) => directory)
        .toSorted(),
    );
    expect(claimed).toContain('flat_group_odd name/sleepless_ _quoted__2');
  });

  test('titles are told apart', () => {
    const names = new UniqueNames();
    const titles = [1, 2, 3].map(() => names.claim(benchmarkId('same', 'name')));
    expect(titles.map(({ id }) => id.title)).toEqual(['same/name', 'same/name #2', 'same/name #3']);
    expect(titles.map(({ directory }) => directory)).toEqual(['same/name', 'same/name_2', 'same/name_3']);
    expect(titles[2]!.id.fullId).toBe('same/name');
  });

  test('titles are cut to 100 bytes', () => {
    expect(benchmarkId('x'.repeat(101)).title).toBe(`${'x'.repeat(100)}...`);
    expect(benchmarkId('x'.repeat(100)).title).toBe('x'.repeat(100));
    expect(benchmarkId('✓'.repeat(34)).title).toBe(`${'✓'.repeat(33)}...`);
  });

  test.each([
    [{ CRITERION_HOME: '/c', CARGO_TARGET_DIR: '/t' }, '/c'],
    [{ CARGO_TARGET_DIR: '/t' }, '/t/criterion'],
    [{}, '/here/target/criterion'],
  ])('the home for %j is %s', (env, home) => {
    expect(criterionHome(env, '/here')).toBe(home);
  });
});

function rank(fullId: string): number {
  return ['sleepless, ', 'sleepless? ', 'sleepless* '].findIndex((name) => fullId.includes(name));
}

describe('a tree is found', () => {
  const tree = join(OWN, 'tree');

  test('at any depth, numbers in order', () => {
    const found = findBenchmarks(tree);
    const directories = found.map(({ directory }) => directory);
    expect(directories.indexOf('hash_bytes/100')).toBeLessThan(directories.indexOf('hash_bytes/1024'));
    expect(directories).toContain('plain');
    expect(directories).toContain('units/elements/1024');
    expect(found.every(({ runs, compared }) => runs.join() === 'base,new' && compared)).toBe(true);
  });

  test('from a benchmark, and from one run', () => {
    expect(findBenchmarks(join(tree, 'plain')).map(({ runs }) => runs)).toEqual([['base', 'new']]);
    const [run] = findBenchmarks(join(tree, 'plain/new'));
    expect(recordedRun(run!, 'new').id.title).toBe('plain');
  });

  test('report folders and what is half written are no benchmarks', () => {
    const root = fresh();
    cpSync(join(tree, 'plain'), join(root, 'plain'), { recursive: true });
    mkdirSync(join(root, 'report'));
    mkdirSync(join(root, 'plain/report'));
    cpSync(join(tree, 'plain/new'), join(root, 'plain/.new.x'), { recursive: true });
    expect(findBenchmarks(root).map(({ runs }) => runs)).toEqual([['base', 'new']]);
  });

  test('of versions before 0.3.3: samples as two lists, capitalised names, no benchmark.json', () => {
    const root = fresh();
    const run = recordedRun(findBenchmarks(join(tree, 'units'))[0]!, 'new');
    const { iterations, times } = run.measurement;
    const old = join(root, 'group/function/7/base');
    mkdirSync(old, { recursive: true });
    writeFileSync(join(old, 'sample.json'), JSON.stringify([[...iterations], [...times]]));
    const text = readFileSync(join(run.folder, 'estimates.json'), 'utf8');
    const capital = {
      mean: 'Mean',
      median: 'Median',
      median_abs_dev: 'MedianAbsDev',
      slope: 'Slope',
      std_dev: 'StdDev',
    };
    const renamed = Object.fromEntries(
      Object.entries(JSON.parse(text)).map(([key, value]) => [capital[key as keyof typeof capital], value]),
    );
    writeFileSync(join(old, 'estimates.json'), JSON.stringify(renamed));
    const [found] = findBenchmarks(root);
    const { id, measurement, estimates } = readRun(found!, 'base');
    expect(id).toMatchObject({ group: 'group', function: 'function', value: '7' });
    expect(measurement).toMatchObject({ samplingMode: 'Linear', iterations, times });
    expect(estimates).toEqual(run.estimates);
    expect(readChange(found!)).toBeUndefined();
  });

  test.each([
    ['sample.json', '{"sampling_mode":"Linear","iters":[1,2],"times":[1]}', 'has 2 iters but 1 times'],
    ['sample.json', '{"sampling_mode":"Odd","iters":[1,2],"times":[1,2]}', 'sampling_mode is Odd, not Linear or Flat'],
    ['sample.json', '{"sampling_mode":"Linear","iters":[1,"2"],"times":[1,2]}', 'iters[1] is 2, not a number'],
    ['sample.json', '{"sampling_mode":"Linear","iters":[1],"times":[1]}', 'has 1 samples: two at least are needed'],
    ['sample.json', '{"sampling_mode":"Linear","iters":[0,1],"times":[1,1]}', 'iters[0] is 0, not a number above 0'],
    ['sample.json', '{"sampling_mode":"Linear","iters":[1,1],"times":[1,0]}', 'times[1] is 0, not a time'],
    ['sample.json', '{"sampling_mode":"Linear","iters":[1,1e999],"times":[1,1]}', 'iters[1] is Infinity, not a number'],
    ['sample.json', '{"sampling_mode":"Linear","iters":[1,2],"ti', 'sample.json is not JSON: '],
    ['sample.json', '7', 'sample.json is 7, not an object'],
    ['estimates.json', '{}', 'estimates.json has no mean'],
    ['estimates.json', '{"mean":{"confidence_interval":{}}}', 'estimates.json: mean has no point_estimate'],
    ['tukey.json', '[1,2,3]', 'is a list, not a list of four numbers'],
    [
      'benchmark.json',
      '{"group_id":"x","throughput":{"Apples":1}}',
      'throughput is an object, not a throughput (known',
    ],
  ])('a broken %s is told: %s', (name, text, message) => {
    const root = fresh();
    cpSync(join(tree, 'plain'), join(root, 'plain'), { recursive: true });
    writeFileSync(join(root, 'plain/new', name), text);
    const [found] = findBenchmarks(root);
    const error = thrownBy(() => readRun(found!, 'new'));
    expect(error.message).toContain(message);
    expect(error.message).toContain(join(root, 'plain/new', name));
  });

  test('a folder that is not there is told', () => {
    expect(thrownBy(() => findBenchmarks('/nowhere/at/all')).message).toBe('cannot read /nowhere/at/all: no such file');
  });

  test('every cut of every file is an error or a run, never a crash', () => {
    const root = fresh();
    cpSync(join(tree, 'plain'), join(root, 'plain'), { recursive: true });
    const [found] = findBenchmarks(root);
    for (const name of ['sample.json', 'estimates.json', 'tukey.json', 'benchmark.json']) {
      const path = join(root, 'plain/new', name);
      const text = readFileSync(path, 'utf8');
      for (let end = 0; end < text.length; end += 7) {
        writeFileSync(path, text.slice(0, end));
        expect(thrownBy(() => readRun(found!, 'new')).message).toContain(name);
      }
      writeFileSync(path, text);
    }
  });
});

function thrownBy(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function measured(times: number[]): Measurement {
  return {
    id: benchmarkId('a "group", odd/one', 'f\n', '7'),
    throughput: { kind: 'Bytes', perIteration: 2 ** 53 },
    samplingMode: 'Flat',
    iterations: new Float64Array(times.length).fill(3),
    times: Float64Array.from(times),
  };
}

function analysed(times: number[]): Parameters<Baselines['keep']>[1] {
  return analyse(measured(times), { ...DEFAULT_ANALYSIS, resamples: 100 });
}

describe('baselines', () => {
  const directory = 'group/f';
  const save = (name: string): BaselineOptions => ({ use: { kind: 'save', name } });

  test('what is kept is read back the same, numbers bit for bit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), { minLength: 2, maxLength: 30 }),
        (times) => {
          const root = fresh();
          const kept = analysed(times);
          new Baselines(root, save('base')).keep(directory, kept, undefined);
          const [found] = findBenchmarks(root);
          expect(found).toMatchObject({ directory, runs: ['base', 'new'], compared: false });
          for (const name of ['base', 'new']) {
            const { id, measurement, estimates, tukey } = readRun(found!, name);
            expect(id).toEqual(kept.measurement.id);
            expect(measurement).toEqual(kept.measurement);
            expect(estimates).toEqual(kept.estimates);
            expect(tukey).toEqual(kept.tukey);
          }
          rmSync(root, { recursive: true });
        },
      ),
      { numRuns: 50 },
    );
  });

  test('base is what the last run saved, a named one stays', () => {
    const root = fresh();
    new Baselines(root, save('base')).keep(directory, analysed([1, 2, 3]), undefined);
    new Baselines(root, save('main')).keep(directory, analysed([4, 5, 6]), undefined);
    const compared = new Baselines(root, { use: { kind: 'compare', name: 'main', strict: true } });
    const now = analysed([7, 8, 9]);
    expect(compared.base(directory)!.times).toEqual(Float64Array.of(4, 5, 6));
    compared.keep(directory, now, { mean: now.estimates.mean, median: now.estimates.median });
    const [found] = findBenchmarks(root);
    expect(found).toMatchObject({ runs: ['base', 'main', 'new'], compared: true });
    const times = (name: string): number[] => [...readRun(found!, name).measurement!.times];
    expect([times('base'), times('main'), times('new')]).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    expect(readChange(found!)!.mean).toEqual(now.estimates.mean);
  });

  test('a strict comparison without its baseline is refused before anything runs; a lenient one is not', () => {
    const root = fresh();
    const benchmarks = [
      { id: benchmarkId('one'), directory: 'one' },
      { id: benchmarkId('two'), directory: 'two' },
    ];
    const strict = new Baselines(root, { use: { kind: 'compare', name: 'main', strict: true } });
    const error = thrownBy(() => strict.require(benchmarks));
    expect(error.message).toBe("baseline 'main' must exist before comparison is allowed: one and 1 more have none");
    expect(error.hint).toContain('--save-baseline main');
    const lenient = new Baselines(root, { use: { kind: 'compare', name: 'main', strict: false } });
    expect(() => lenient.require(benchmarks)).not.toThrow();
    expect(lenient.base('one')).toBeUndefined();
  });

  test('a loaded run is analysed and not written again', () => {
    const root = fresh();
    new Baselines(root, save('v1')).keep(directory, analysed([1, 2, 3]), undefined);
    new Baselines(root, save('v2')).keep(directory, analysed([2, 4, 6]), undefined);
    const both = new Baselines(root, { use: { kind: 'compare', name: 'v2', strict: true }, load: 'v1' });
    both.require([{ id: benchmarkId('group'), directory }]);
    expect(both.loaded(directory)!.times).toEqual(Float64Array.of(1, 2, 3));
    const before = readFileSync(join(root, directory, 'new/sample.json'), 'utf8');
    const loaded = analysed([1, 2, 3]);
    both.keep(directory, loaded, { mean: loaded.estimates.mean, median: loaded.estimates.median });
    expect(readFileSync(join(root, directory, 'new/sample.json'), 'utf8')).toBe(before);
    expect(existsSync(join(root, directory, 'change/estimates.json'))).toBe(true);
    const missing = new Baselines(root, { use: { kind: 'compare', name: 'v2', strict: true }, load: 'v3' });
    expect(thrownBy(() => missing.require([{ id: benchmarkId('group'), directory }])).message).toBe(
      "baseline 'v3' must exist before it can be loaded: group has none",
    );
  });

  test('discarding writes nothing, and compares with base', () => {
    const root = fresh();
    new Baselines(root, save('base')).keep(directory, analysed([1, 2, 3]), undefined);
    const discarding = new Baselines(root, { use: { kind: 'discard' } });
    expect(discarding.base(directory)!.times).toEqual(Float64Array.of(1, 2, 3));
    const now = analysed([7, 8, 9]);
    discarding.keep(directory, now, { mean: now.estimates.mean, median: now.estimates.median });
    expect(findBenchmarks(root)[0]).toMatchObject({ runs: ['base', 'new'], compared: false });
    expect(readRun(findBenchmarks(root)[0]!, 'new').measurement!.times[0]).toBe(1);
  });
});

test.each([
  [1e300, '18446744073709549568'],
  [2 ** 53, '9007199254740992'],
  [1.5, '2'],
  [-1, '0'],
  [Number.NaN, '0'],
])('a throughput of %d is a whole number of 64 bits in files: %s', (perIteration, text) => {
  const measurement: Measurement = { ...measured([1, 2, 3]), throughput: { kind: 'Bytes', perIteration } };
  const { estimates, tukey } = analyse(measurement, { ...DEFAULT_ANALYSIS, resamples: 100 });
  const files = runFiles({ measurement, estimates, tukey }, 'x');
  expect(files.get('benchmark.json')).toContain(`"throughput":{"Bytes":${text}}`);
  expect(files.get('raw.csv')!.split('\n')[1]).toBe(
    `"a ""group"", odd/one","f\n",7,${text},bytes,1.0,ns,3`.split('\n')[0],
  );
});

describe('a folder is replaced', () => {
  test('whole: files of the former run are gone, nothing else is left beside it', () => {
    const target = join(fresh(), 'a/b/new');
    replaceFolder(
      target,
      new Map([
        ['one', '1'],
        ['two', '2'],
      ]),
    );
    replaceFolder(target, new Map([['two', '22']]));
    expect(readdirSync(target)).toEqual(['two']);
    expect(readFileSync(join(target, 'two'), 'utf8')).toBe('22');
    expect(readdirSync(dirname(target))).toEqual(['new']);
  });

  test('whole too where several processes do it at once', async () => {
    const target = join(fresh(), 'new');
    const writer = join(folder, 'writer.mjs');
    mkdirSync(folder, { recursive: true });
    const source = resolve(import.meta.dirname, '../../../src/bench/criterion/replace-folder.ts');
    await build({ entryPoints: [source], outfile: writer, bundle: true, platform: 'node', format: 'esm' });
    const code = (name: string): string =>
      `import { replaceFolder } from ${JSON.stringify(writer)};
       for (let i = 0; i < 200; i++)
         replaceFolder(${JSON.stringify(target)}, new Map([['a', '${name}' + i], ['b', '${name}' + i]]));`;
    const writers = ['x', 'y', 'z'].map((name) => execa(process.execPath, ['--input-type=module', '-e', code(name)]));
    await Promise.all(writers);
    expect(readFileSync(join(target, 'a'), 'utf8')).toBe(readFileSync(join(target, 'b'), 'utf8'));
    expect(readdirSync(dirname(target))).toEqual(['new']);
  });

  test('or stays as it is when it cannot be written', () => {
    const target = join(fresh(), 'new');
    replaceFolder(target, new Map([['one', '1']]));
    const error = thrownBy(() => replaceFolder(target, new Map([['no/such/folder', '1']])));
    expect(error).toMatchObject({ exitCode: 125, message: `cannot keep results in ${target}: ENOENT` });
    expect(readFileSync(join(target, 'one'), 'utf8')).toBe('1');
    expect(readdirSync(dirname(target))).toEqual(['new']);
  });

  test.skipIf(process.geteuid?.() === 0)('or is refused in one line where one may not write', () => {
    const parent = fresh();
    mkdirSync(parent, { recursive: true });
    chmodSync(parent, 0o500);
    expect(thrownBy(() => replaceFolder(join(parent, 'new'), new Map())).message).toContain('EACCES');
    chmodSync(parent, 0o700);
  });
});
