import { describe, expect, test } from 'vitest';
import { DEFAULT_ANALYSIS } from '../../../src/bench/criterion/config.ts';
import { analysisOf, importedJson } from '../../../src/bench/import/imported-json.ts';
import { RESULT_FORMATS, readResults } from '../../../src/bench/import/registry.ts';
import { CARGO_CRITERION } from './cargo-criterion-lines.ts';
import { DATA_JS } from './data-js.ts';
import { OWN_RESULTS } from './own-results.ts';

const read = (text: string, name = 'results') => readResults(text, name);
const json = (value: unknown, name?: string) => read(JSON.stringify(value), name);

describe('formats', () => {
  test('Google Benchmark: repetitions are samples, aggregates where there is nothing else, failures are told', () => {
    const run = (name: string, more: object) => ({
      name,
      run_name: 'fib',
      run_type: 'iteration',
      iterations: 10,
      time_unit: 'us',
      ...more,
    });
    const { benchmarks } = json({
      context: { num_cpus: 2 },
      benchmarks: [
        run('fib/repeats:2', { real_time: 1 }),
        run('fib/repeats:2', { real_time: 3 }),
        run('fib_mean', { run_type: 'aggregate', aggregate_name: 'mean', real_time: 2 }),
        run('fib_cv', { run_type: 'aggregate', aggregate_name: 'cv', real_time: 0.5 }),
      ],
    });
    expect(benchmarks).toHaveLength(1);
    expect(benchmarks[0]).toMatchObject({ name: 'fib', estimates: { mean: { point: 2000 } } });
    expect([...benchmarks[0]!.samples!.values]).toEqual([10_000, 30_000]);
    const aggregates = json({
      benchmarks: [run('fib_median', { run_type: 'aggregate', aggregate_name: 'median', real_time: 2 })],
    });
    expect(aggregates.benchmarks[0]!.estimates).toEqual({ median: { point: 2000 } });
    const failed = json({
      benchmarks: [{ ...run('fib', { real_time: 0 }), error_occurred: true, error_message: 'no disk' }],
    });
    expect(failed).toMatchObject({ benchmarks: [], notes: ['fib failed: no disk'] });
    const skipped = json({
      benchmarks: [{ ...run('fib', { real_time: 0, iterations: 0 }), skipped: true, skip_message: 'no GPU' }],
    });
    expect(skipped).toMatchObject({ benchmarks: [], notes: ['fib was skipped: no GPU'] });
  });

  test('tinybench: tables of its versions as console.table and console.log print them', () => {
    const rows = (text: string) =>
      read(text).benchmarks.map(({ name, estimates: { mean, median } }) => [name, mean?.point, median?.point]);
    const six = `┌─────────┬───────────┬───────────────────┬──────────────────┬─────────┐
│ (index) │ Task name │ Latency avg (ns)  │ Latency med (ns) │ Samples │
├─────────┼───────────┼───────────────────┼──────────────────┼─────────┤
│ 0       │ "it's a"  │ '394.08 ± 88.14%' │ '100.00 ± 0.00'  │ 81321   │
│ 1       │ 'b x'     │ '55.64 ± 50.00%'  │ '30.00 ± 0.00'   │ 539167  │
└─────────┴───────────┴───────────────────┴──────────────────┴─────────┘
`;
    expect(read(six).format).toBe('tinybench-text');
    expect(rows(six)).toEqual([
      ["it's a", 394.08, 100],
      ['b x', 55.64, 30],
    ]);
    expect(read(six).benchmarks[1]!.estimates.mean).toMatchObject({ lower: 27.82, upper: 83.46000000000001 });
    const two = `│ (index) │ Task Name │ ops/sec      │ Average Time (ns) │ Margin     │ Samples │
├─────────┼───────────┼──────────────┼───────────────────┼────────────┼─────────┤
│ 0       │ 'b x'     │ '10,305,838' │ 97                │ '±50.00%'  │ 342462  │
`;
    expect(read(two).benchmarks).toMatchObject([
      { name: 'b x', estimates: { mean: { point: 97, lower: 48.5, upper: 145.5 } } },
    ]);
    const objects = `[
  {
    'Task name': 'boom',
    Error: 'x',
    Stack: 'Error: x\\n' +
      '    at Y.<anonymous> (file:///t.mjs:2:109)\\n'
  },
  {
    'Task name': "it's a",
    'Latency avg (ns)': '360.72 ± 100.40%',
    'Latency med (ns)': '100.00 ± 0.00',
    Samples: 103770
  }
]
`;
    expect(rows(objects)).toEqual([["it's a", 360.72, 100]]);
    expect(read(objects).notes).toEqual(['boom has no times: it failed or did not run']);
  });

  test('tinybench JSON: the first task may have failed, and version 2 has the times in the result itself', () => {
    const tasks = [
      { name: 'boom', result: { error: {} } },
      { name: 'new', result: { latency: { mean: 2 } } },
      { name: 'old', result: { mean: 3, hz: 333, moe: 1, samples: [2, 4] } },
    ];
    const { format, benchmarks, notes } = json(tasks);
    expect(format).toBe('tinybench');
    expect(benchmarks).toMatchObject([
      { name: 'new', estimates: { mean: { point: 2e6 } } },
      { name: 'old', estimates: { mean: { point: 3e6, lower: 2e6, upper: 4e6 } } },
    ]);
    expect(notes).toEqual(['boom has no result: it failed or did not run']);
  });

  test('times of minutes and hours, and times without a margin, are times', () => {
    const times = (text: string) => read(text).benchmarks.map(({ unit, estimates }) => [unit, estimates.mean?.point]);
    expect(times('a: 3ms\nb: 1:02.345 (m:ss.mmm)\nc: 1:00:02 (h:mm:ss)\n')).toEqual([
      ['ns', 3e6],
      ['ns', 62.345e9],
      ['ns', 3602e9],
    ]);
    expect(times('[ 35.00%] ··· b.T.time_x   11.1ms\n[ 40.00%] ··· b.T.mem_x   2.5k\n')).toEqual([
      ['ns', 11.1e6],
      ['bytes', 2500],
    ]);
  });

  test('Go: lines of one name are samples, -cpu is told apart, several packages too', () => {
    const { benchmarks } = read('BenchmarkA-8  100  10 ns/op  3 B/op\nBenchmarkA-8  100  12 ns/op  3 B/op\n');
    expect(benchmarks.map(({ name }) => name)).toEqual(['BenchmarkA', 'BenchmarkA - B/op']);
    expect([...benchmarks[0]!.samples!.values]).toEqual([10, 12]);
    const cpus = read(
      'BenchmarkA  1  10 ns/op\nBenchmarkA-2  1  5 ns/op\nBenchmarkB/size-10  1  3 us/op\nBenchmarkB/size-20  1  6 us/op\n',
    );
    expect(cpus.benchmarks.map(({ name }) => name)).toEqual([
      'BenchmarkA',
      'BenchmarkA-2',
      'BenchmarkB/size-10',
      'BenchmarkB/size-20',
    ]);
    expect(cpus.benchmarks[2]!.estimates.mean).toEqual({ point: 3000 });
  });

  test('cargo-criterion: estimates, samples and change of each benchmark that is complete', () => {
    const { format, benchmarks } = read(CARGO_CRITERION.map((line) => JSON.stringify(line)).join('\n'));
    expect(format).toBe('cargo-criterion');
    expect(benchmarks).toHaveLength(1);
    expect(benchmarks[0]).toMatchObject({
      name: 'group/fn',
      unit: 'ns',
      estimates: { mean: { point: 10_000, lower: 9000, upper: 11_000 }, slope: { point: 10_500 } },
      change: { mean: { point: 0.05 }, median: { point: 0.04 } },
      samples: { samplingMode: 'Linear' },
    });
    expect([...benchmarks[0]!.samples!.values]).toEqual([100_000, 210_000]);
  });

  test('data.js of github-action-benchmark: the newest results of each suite', () => {
    const { format, benchmarks } = read(DATA_JS);
    expect(format).toBe('gha-data-js');
    expect(benchmarks).toMatchObject([
      { name: 'Rust: fib', unit: 'ns', better: 'smaller', estimates: { mean: { point: 120, lower: 115, upper: 125 } } },
      { name: 'JS: sum', unit: 'ops/sec', better: 'bigger' },
    ]);
  });

  test('Julia: trials have samples, groups are named from the outside to the inside', () => {
    const group = [
      'BenchmarkGroup',
      {
        data: {
          inner: ['BenchmarkGroup', { data: { a: ['Trial', { times: [3, 1, 2] }] } }],
          b: ['TrialEstimate', { time: 5 }],
        },
      },
    ];
    const { benchmarks } = json([{ Julia: '1', BenchmarkTools: '1' }, [group]]);
    expect(benchmarks.map(({ name, estimates }) => [name, estimates.mean?.point])).toEqual([
      ['inner/a', undefined],
      ['b', 5],
    ]);
    expect([...benchmarks[0]!.samples!.values]).toEqual([3, 1, 2]);
  });

  test('JMH: times are nanoseconds and smaller is better, rates stay rates', () => {
    const result = (mode: string, scoreUnit: string) => ({
      benchmark: 'b',
      mode,
      primaryMetric: { score: 2, scoreUnit, rawData: [[1, 3]] },
    });
    expect(json([result('avgt', 'us/op')]).benchmarks[0]).toMatchObject({
      unit: 'ns',
      better: 'smaller',
      estimates: { mean: { point: 2000 } },
    });
    expect(json([result('thrpt', 'ops/ms')]).benchmarks[0]).toMatchObject({
      unit: 'ops/ms',
      better: 'bigger',
      estimates: { mean: { point: 2 } },
    });
  });

  test('of our own runs what failed is a note, and what pairs concluded is the change', () => {
    const { format, benchmarks, notes } = json(OWN_RESULTS);
    expect(format).toBe('pforge-prof');
    expect(notes).toEqual(['boom failed: it threw', 'none failed: exit code 1']);
    const told = { change: { mean: { point: 0.25, lower: 0.125, upper: 0.5 } }, verdict: 'inconclusive' };
    expect(benchmarks).toMatchObject([
      { name: 'function', ...told },
      { name: 'command', ...told },
    ]);
    expect([...benchmarks[0]!.samples!.values]).toEqual([1, 3]);
  });

  test('what we write is read back', () => {
    const { benchmarks } = json([
      {
        name: 'a',
        times: [1, 2, 3, 4],
        unit: 'ns',
        estimates: { mean: { point_estimate: 2.5, confidence_interval: { lower_bound: null, upper_bound: null } } },
      },
    ]);
    const [benchmark] = benchmarks;
    const analysis = analysisOf(benchmark!, { ...DEFAULT_ANALYSIS, resamples: 1000 })!;
    const again = json([JSON.parse(JSON.stringify(importedJson(benchmark!, analysis, true)))]).benchmarks[0]!;
    expect(again.estimates.median?.point).toBe(2.5);
    expect(again.estimates.mean?.lower).toBeGreaterThan(1);
    expect(again.tukey).toHaveLength(4);
  });
});

describe('what harnesses say comes first', () => {
  const benchmark = json({ results: [{ command: 'a', mean: 7, times: [1, 2, 3, 4] }] }).benchmarks[0]!;
  const analysis = analysisOf(benchmark, { ...DEFAULT_ANALYSIS, resamples: 1000 });

  test('and what they do not say is worked out of their samples', () => {
    const { estimates } = importedJson(benchmark, analysis, false);
    expect([estimates.mean?.point_estimate, estimates.median?.point_estimate]).toEqual([7e9, 2.5e9]);
  });
  test('also without an analysis: all statistics and fences, but no intervals', () => {
    const told = importedJson(benchmark, undefined, false);
    expect(Object.keys(told.estimates).sort()).toEqual(['mean', 'median', 'median_abs_dev', 'std_dev']);
    expect(told.estimates.mean!.point_estimate).toBe(7e9);
    expect(told.estimates.median_abs_dev!.point_estimate).toBe(1e9 * Math.fround(1.4826));
    expect(told.estimates.median_abs_dev!.confidence_interval.lower_bound).toBeNaN();
    expect(told.tukey).toHaveLength(4);
  });
  test('of samples that are all 0 as well: allocations may be', () => {
    const [, bytes] = read('BenchmarkA 9 10 ns/op 0 B/op\nBenchmarkA 9 12 ns/op 0 B/op\n').benchmarks;
    const zeros = analysisOf(bytes!, { ...DEFAULT_ANALYSIS, resamples: 1000 });
    expect(importedJson(bytes!, zeros, false).estimates.mean).toMatchObject({
      point_estimate: 0,
      confidence_interval: { lower_bound: 0, upper_bound: 0 },
    });
  });
  test('unless they are to be analysed anew', () => {
    expect(importedJson(benchmark, analysis, true).estimates.mean?.point_estimate).toBe(2.5e9);
  });
  test('bounds that nobody told are null in JSON', () => {
    const text = JSON.stringify(importedJson(benchmark, undefined, false));
    expect(JSON.parse(text).estimates.mean.confidence_interval).toEqual({ lower_bound: null, upper_bound: null });
  });
});

describe('what is wrong is told with its place', () => {
  const refusal = (text: string, name = 'file.json') => {
    try {
      readResults(text, name);
    } catch (error) {
      return (error as Error).message;
    }
    return 'read';
  };
  test.each([
    ['{"results": [\n{"command" 1}]}', 'file.json: no valid JSON from line 2, column 12 on'],
    ['[{"a": 1', 'file.json: the JSON ends too early, in line 1'],
    ['{"results": [{"command": "a", "mean": "fast"}]}', 'file.json: results[0].mean is not a number'],
    ['{"results": [{"command": "a"}]}', 'file.json: results[0] has no mean'],
    [
      '{"benchmarks": [{"name": "a", "real_time": 1, "time_unit": "moons"}]}',
      'file.json: benchmarks[0] has a time_unit that is none: "moons"',
    ],
    ['[{"benchmark": "b", "primaryMetric": {"score": 1}}]', 'file.json: [0].primaryMetric has no scoreUnit'],
    ['hello', 'file.json: not results of a benchmark, or of a harness that is not known'],
    ['', 'file.json: not results of a benchmark, or of a harness that is not known'],
    ['{"a": 1}', 'file.json: not results of a benchmark, or of a harness that is not known'],
  ])('%s', (text, message) => expect(refusal(text)).toBe(message));

  test('a format that was asked for and is not there', () => {
    expect(() => readResults('x', 'f', 'go')).toThrow('f: this is not go test -bench text');
    expect(() => readResults('x', 'f', 'nope')).toThrow('unknown format nope');
  });

  test.each([
    ['blanks', ' '.repeat(1 << 20)],
    ['lines of blanks', `${'x '.repeat(990)}\n`.repeat(500)],
    ['openings', '{ "module_path": "profiles" "baselines":\n'.repeat(20_000)],
    ['numbers', `${'1,'.repeat(900)}\n`.repeat(500)],
    ['test runs without an end', 'running 1 test\n'.repeat(50_000)],
    ['colons', `a${': 1'.repeat(600)}\n`.repeat(500)],
    ['brackets', '['.repeat(200_000)],
  ])('%s without a result are refused, in a while that one waits for', (_name, text) => {
    expect(refusal(text)).toMatch(/^file\.json: /);
  });

  test('names such as __proto__ are names', () => {
    const { benchmarks } = read('{"__proto__": {"latency": {"value": 1}}, "constructor": {"latency": {"value": 2}}}');
    expect(benchmarks.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });

  test('each format has an id of its own, and there are more than twenty', () => {
    const ids = RESULT_FORMATS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(20);
  });
});

test('seconds that are no number of nanoseconds any more are refused', () => {
  const text = JSON.stringify({ results: [{ command: 'a', mean: 1, stddev: 1e308, times: [1, 2] }] });
  expect(() => read(text)).toThrow(/a number of 'a' is none, or too large/);
});

describe('results that are cut off', () => {
  test.each([
    ['window.BENCHMARK_DATA = ', /^results: what stands behind window\.BENCHMARK_DATA is no JSON$/],
    ['window.BENCHMARK_DATA = {"entries": {', /^results: the JSON ends too early/],
    ['{"module_path": "a", "profiles": [], "baselines": [', /^results: no document of gungraun in it is whole$/],
    ['command,mean,stddev,median,user,system,min,max\nsleep 1,\n', /^results:2: has no time where one belongs$/],
  ])('%j', (text, says) => {
    expect(() => read(text)).toThrow(says);
  });
});
