import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readResults } from '../../../src/bench/import/registry.ts';
import type { ImportedBenchmark } from '../../../src/bench/import/result-format.ts';
import { UserError } from '../../../src/errors.ts';

const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data/bench-results');
const here = existsSync(PEERS);
if (!here) console.log(`skipped: no results of other harnesses in ${PEERS}`);

const read = (name: string) => readResults(readFileSync(join(PEERS, name), 'utf8'), name);
const shown = ({ name, unit, better, estimates }: ImportedBenchmark) => [
  name,
  estimates.mean?.point,
  better === 'bigger' ? `${unit} (bigger)` : unit,
];

/** Files: format, how many benchmarks, and of the first one or two: name, mean, unit. */
const EXPECTED: readonly (readonly [string, string, number, ...(readonly [string, number | undefined, string])[]])[] = [
  ['gbench/test1_run1.json', 'google-benchmark', 14, ['BM_SameTimes', 10, 'ns'], ['BM_2xFaster', 50, 'ns']],
  ['gbench/test2_run.json', 'google-benchmark', 10, ['BM_Hi', 42e6, 'ns'], ['BM_Zero', 10, 'ns']],
  ['gbench/test3_run0.json', 'google-benchmark', 2, ['BM_Two', undefined, 'ns']],
  ['gbench/test5_run0.json', 'google-benchmark', 1, ['BM_ManyRepetitions', 1e9, 'ns']],
  [
    'gha-extract/googlecpp_output.json',
    'google-benchmark',
    2,
    ['fib_10', 214.98980114547953, 'ns'],
    ['fib_20', 27455.600415007055, 'ns'],
  ],
  ['bencher-tool-output/cpp/google/two.txt', 'google-benchmark', 2, ['fib_10', 214.98980114547953, 'ns']],
  ['gha-extract/benchmarkdotnet.json', 'benchmarkdotnet', 2, ['Sample.Benchmarks.Fib10', 24.4202085009643, 'ns']],
  [
    'bencher-tool-output/c_sharp/dot_net/two.json',
    'benchmarkdotnet',
    2,
    ['BenchmarkDotNet.Samples.Intro.IntroJsonExport.Sleep10', 10362283.085796878, 'ns'],
  ],
  [
    'bencher-tool-output/c_sharp/dot_net/memory.json',
    'benchmarkdotnet',
    2,
    ['BenchmarkDotNet.Samples.Memory.AllocEmptyList', 77.49449412027995, 'ns'],
  ],
  ['bencher-tool-output/c_sharp/dot_net/null_namespace.json', 'benchmarkdotnet', 1, ['NullNamespaceMethod', 0, 'ns']],
  [
    'gha-extract/benchmarkjs_output.txt',
    'benchmark.js',
    3,
    ['fib(10)', 1431759, 'ops/s (bigger)'],
    ['fib(20)', 12146, 'ops/s (bigger)'],
  ],
  ['bencher-tool-output/js/benchmark/four.txt', 'benchmark.js', 4, ['fib(10)', 1431759, 'ops/s (bigger)']],
  ['bencher-tool-output/js/benchmark/issue_506.txt', 'benchmark.js', 6, ['text encoder utf8', 28.33, 'ops/s (bigger)']],
  ['gha-extract/benchmarkluau_output.txt', 'benchmark-luau', 3, ['base64', 15.041e6, 'ns'], ['chess', 69.56e6, 'ns']],
  ['gha-extract/cargo_output.txt', 'libtest', 2, ['bench_fib_10', 135, 'ns'], ['bench_fib_20', 18149, 'ns']],
  ['gha-extract/cargo_output2.txt', 'libtest', 4, ['bench_engine_new', 211834, 'ns']],
  ['gha-extract/cargo_output3.txt', 'libtest', 2, ['bench_fib_10', 148.7, 'ns'], ['bench_fib_20', 18794.12, 'ns']],
  ['gha-extract/cargo_output_units.txt', 'libtest', 5, ['cmov', 2835, 'cycles/iter'], ['cmov2', 2845, 'cycles/iter']],
  ['gha-extract/criterion_output.txt', 'libtest', 4, ['Create Realm', 329, 'ns'], ['Symbols (Execution)', 3268, 'ns']],
  ['bencher-tool-output/rust/bench/many.txt', 'libtest', 6, ['tests::benchmark', 3161, 'ns']],
  ['bencher-tool-output/rust/bench/failed.txt', 'libtest', 2, ['tests::benchmark_a', 3296, 'ns']],
  ['bencher-tool-output/rust/bench/multi_target.txt', 'libtest', 2, ['tests::benchmark', 3161, 'ns']],
  [
    'bencher-tool-output/rust/bench/issue_390.txt',
    'libtest',
    4,
    ['bleu::benchmark::bench_batch_bleu', 13967756.3, 'ns'],
  ],
  ['bencher-tool-output/rust/bench/one.txt', 'libtest', 1, ['tests::benchmark', 3161, 'ns']],
  ['bencher-tool-output/rust/bench/ignore.txt', 'libtest', 1, ['tests::benchmark', 3161, 'ns']],
  ['bencher-tool-output/rust/bench/zero.txt', 'libtest', 0],
  [
    'bencher-tool-output/rust/criterion/many.txt',
    'criterion-text',
    5,
    ['file', 0.3239, 'ns'],
    ['rolling_file', 0.42966, 'ns'],
  ],
  ['bencher-tool-output/rust/criterion/failed.txt', 'criterion-text', 4, ['file', 2.2311, 'ns']],
  ['bencher-tool-output/rust/criterion/dogfood.txt', 'criterion-text', 4, ['Adapter::Magic (JSON)', 3463.2, 'ns']],
  ['gha-extract/catch2_output_v2.txt', 'catch2', 4, ['Fibonacci 10', 344, 'ns'], ['Fibonacci 20', 41731, 'ns']],
  ['gha-extract/catch2_output_v3.txt', 'catch2', 4, ['Fibonacci 10', 344, 'ns']],
  ['gha-extract/issue16_output.txt', 'catch2', 2, ['Fibonacci 10', 0, 'ns']],
  ['bencher-tool-output/cpp/catch2/issue_351.txt', 'catch2', 6, ['Fibonacci 10', 344, 'ns']],
  ['bencher-tool-output/cpp/catch2/four.txt', 'catch2', 4, ['Fibonacci 10', 344, 'ns']],
  ['bencher-tool-output/cpp/catch2/two.txt', 'catch2', 2, ['Fibonacci 10', 0, 'ns']],
  [
    'gha-extract/customBiggerIsBetter_output.json',
    'gha-custom',
    2,
    ['My Custom Bigger Is Better Benchmark - Throughput', 70, 'req/s (bigger)'],
    ['My Custom Bigger Is Better Benchmark - Free Memory', 150, 'Megabytes (bigger)'],
  ],
  [
    'gha-extract/customSmallerIsBetter_output.json',
    'gha-custom',
    2,
    ['My Custom Smaller Is Better Benchmark - CPU Load', 50, 'Percent'],
  ],
  ['gha-extract/customSmallerIsBetter_output2.json', 'gha-custom', 4, ['No instrumentation', 90.9439, 'ns']],
  ['gha-extract/go_output.txt', 'go', 10, ['BenchmarkFib10', 325, 'ns'], ['BenchmarkFib20', 40537.123, 'ns']],
  [
    'gha-extract/go_fiber_output.txt',
    'go',
    18,
    ['Benchmark_Ctx_Accepts/run-[]string{".xml"}', 247.6, 'ns'],
    ['Benchmark_Ctx_Accepts/run-[]string{".xml"} - B/op', 0, 'B/op'],
  ],
  [
    'gha-extract/go_fiber_duplicate_names_output.txt',
    'go',
    16,
    ['BenchmarkAppendMsgitem (github.com/gofiber/fiber/v3/middleware/cache)', 55.76, 'ns'],
    ['BenchmarkAppendMsgitem (github.com/gofiber/fiber/v3/middleware/cache) - MB/s', 2833.37, 'MB/s (bigger)'],
  ],
  ['gha-extract/go_single_package_output.txt', 'go', 2, ['BenchmarkFib10', 325, 'ns']],
  ['bencher-tool-output/go/bench/three.txt', 'go', 4, ['BenchmarkFib10', 210.2, 'ns']],
  ['bencher-tool-output/go/bench/five.txt', 'go', 5, ['BenchmarkFib10', 325, 'ns']],
  [
    'gha-extract/jmh_output.json',
    'jmh',
    1,
    ['org.openjdk.jmh.samples.JMHSample_01_HelloWorld.wellHelloThere', 3376238873.1228185, 'ops/s (bigger)'],
  ],
  [
    'gha-extract/jmh_output_2.json',
    'jmh',
    1,
    [
      'org.openjdk.jmh.samples.JMHSample_01_HelloWorld.wellHelloThere ( {"paramA":"17","paramB":"33"} )',
      3376238873.1228185,
      'ops/s (bigger)',
    ],
  ],
  [
    'bencher-tool-output/java/jmh/latency.json',
    'jmh',
    1,
    ['org.openjdk.jmh.samples.JMHSample_01_HelloWorld.wellHelloThere', 3376238873.1228185 * 1e9, 'ns'],
  ],
  [
    'bencher-tool-output/java/jmh/six.json',
    'jmh',
    6,
    [
      'com.github.caffeine.caffeine.cache.ComputeBenchmark.compute_sameKey ( {"computeType":"Caffeine"} )',
      152520132.34402195,
      'ops/s (bigger)',
    ],
  ],
  ['bencher-tool-output/java/jmh/throughput.json', 'jmh', 1],
  ['gha-extract/julia_output.json', 'julia', 2, ['fib/10', 246.03846153846155, 'ns'], ['fib/20', 31028, 'ns']],
  ['gha-extract/pytest_output.json', 'pytest-benchmark', 2, ['bench.py::test_fib_10', 24088.681333229408, 'ns']],
  ['gha-extract/pytest_several_units.json', 'pytest-benchmark', 4, ['bench.py::test_fib_1', 149.95610248628836, 'ns']],
  ['bencher-tool-output/python/pytest/two.json', 'pytest-benchmark', 2],
  ['bencher-tool-output/python/pytest/four.json', 'pytest-benchmark', 4],
  [
    'bencher-tool-output/python/asv/six.txt',
    'asv',
    8,
    ['benchmarks.MemSuite.mem_list', 2420, 'bytes'],
    ['benchmarks.TimeSuite.time_iterkeys', 11100, 'ns'],
  ],
  ['bencher-tool-output/dart/benchmark_harness/two.txt', 'dart', 2, ['Template', 1000, 'ns'], ['ForLoop', 2000, 'ns']],
  ['bencher-tool-output/dart/benchmark_harness/one.txt', 'dart', 1],
  ['bencher-tool-output/ruby/benchmark/two.txt', 'ruby', 2, ['sort!', 1460465000, 'ns'], ['sort', 1448327000, 'ns']],
  ['bencher-tool-output/ruby/benchmark/five.txt', 'ruby', 5, ['for', 952039000, 'ns']],
  [
    'bencher-tool-output/js/time/four.txt',
    'console-time',
    4,
    ['default', 7617e6, 'ns'],
    ['benchmark_1', 12714e6, 'ns'],
  ],
  [
    'bencher-tool-output/js/vitest/four.json',
    'vitest',
    4,
    ['fib.bench.ts > fibonacci > fib(10)', 1e6, 'ns'],
    ['fib.bench.ts > fibonacci > fib(20)', 2e6, 'ns'],
  ],
  ['bencher-tool-output/js/vitest/two.json', 'vitest', 2, ['math.bench.ts > math > add', 1e6, 'ns']],
  ['js/vitest-bench.json', 'vitest', 2, ['a.bench.ts > sort > native', 139489.48326359974, 'ns']],
  ['js/vitest-bench.txt', 'vitest-text', 2, ['native', 139500, 'ns'], ['reverse', 38100, 'ns']],
  ['js/mitata.json', 'mitata', 5, ['json.parse 10k', 77480.02941894531, 'ns'], ['noop', 0.11943018131381457, 'ns']],
  ['js/mitata.txt', 'mitata-text', 5, ['json.parse 10k', 76700, 'ns'], ['noop', 0.10906, 'ns']],
  ['js/mitata.md', 'mitata-text', 5, ['json.parse 10k', 95650, 'ns'], ['noop', 0.15543, 'ns']],
  ['js/tinybench.json', 'tinybench', 2, ['json', 49961.3424075936, 'ns'], ['sum', 861.3290353143826, 'ns']],
  ['js/tinybench-table.txt', 'tinybench-text', 2, ['json', 49961, 'ns'], ['sum', 861.33, 'ns']],
  ['js/bench-node.json', 'bench-node', 2, ['delete prop', 16694393, 'ops/s (bigger)']],
  ['js/bench-node.txt', 'benchmark.js', 2, ['delete prop', 16316839, 'ops/s (bigger)']],
  ['js/bench-node.csv', 'bench-node-csv', 2, ['delete prop', 16765929, 'ops/s (bigger)']],
  ['bencher-tool-output/json/report_latency.json', 'bmf', 3, ['tests::benchmark_a', 3247, 'ns']],
  ['bencher-tool-output/json/report_bmf_mixed.json', 'bmf', 3],
  [
    'bencher-tool-output/json/report_dhat.json',
    'bmf',
    6,
    ['bench_play_game - Final Blocks', 0, 'count'],
    ['bench_play_game - Final Bytes', 0, 'bytes'],
  ],
  [
    'bencher-tool-output/rust/iai/two.txt',
    'iai',
    10,
    ['bench_fibonacci_short', 1735, 'instructions'],
    ['bench_fibonacci_short - L1 Accesses', 2364, 'count'],
  ],
  ['bencher-tool-output/rust/iai/change.txt', 'iai', 10, ['iai_benchmark_short', 1243, 'instructions']],
  ['bencher-tool-output/shell/hyperfine/one.json', 'hyperfine', 1, ['sleep 0.01', 13317239.025420563, 'ns']],
  ['bencher-tool-output/shell/hyperfine/two.json', 'hyperfine', 2, ['sleep 0.1', 107534464.42370372, 'ns']],
  ['hyperfine/fail.json', 'hyperfine', 2, ['false', 0, 'ns'], ['sleep 0.02', 21150196.22, 'ns']],
  ['hyperfine/hf-1.json', 'hyperfine', 1, ['node -e 0', 87158214.86666667, 'ns']],
  ['hyperfine/params.json', 'hyperfine', 2, ['node -e 0', 62062087.86000001, 'ns']],
  ['hyperfine/params.csv', 'hyperfine-csv', 2, ['node -e 0', 62062087.86000001, 'ns']],
  ['hyperfine/params.md', 'hyperfine-table', 2, ['node -e 0', 62.1e6, 'ns'], ['node -e 1', 61.3e6, 'ns']],
  ['hyperfine/params.adoc', 'hyperfine-table', 2, ['node -e 0', 62.1e6, 'ns'], ['node -e 1', 61.3e6, 'ns']],
  ['hyperfine/params.org', 'hyperfine-table', 2, ['node -e 0', 62.1e6, 'ns'], ['node -e 1', 61.3e6, 'ns']],
  ['hyperfine/params.stdout', 'hyperfine-text', 2, ['node -e 0', 62.1e6, 'ns'], ['node -e 1', 61.3e6, 'ns']],
  ['hyperfine/fail.stdout', 'hyperfine-text', 2, ['false', 0, 'ns'], ['sleep 0.02', 21.2e6, 'ns']],
];

describe.runIf(here)('results of other harnesses', () => {
  for (const [name, format, count, ...first] of EXPECTED) {
    test(name, () => {
      const results = read(name);
      expect([results.format, results.benchmarks.length]).toEqual([format, count]);
      expect(results.benchmarks.slice(0, first.length).map(shown)).toEqual(first);
    });
  }

  test('at least twenty formats are read from files that their tools wrote', () => {
    expect(new Set(EXPECTED.map(([, format]) => format)).size).toBeGreaterThanOrEqual(30);
  });

  const GUNGRAUN = 'bencher-tool-output/rust/gungraun';

  test.each(here ? readdirSync(join(PEERS, GUNGRAUN)).filter((file) => !file.startsWith('json')) : [])(
    'gungraun/%s: each line with a count is a benchmark',
    (file) => {
      const { format, benchmarks } = read(`${GUNGRAUN}/${file}`);
      expect(format).toBe('iai');
      const text = readFileSync(join(PEERS, GUNGRAUN, file), 'utf8').replace(/\u001b\[[\d;]*m/g, '');
      const counts = [...text.matchAll(/^ +[^:\n]+: +([\d.]+)\|/gm)].map(([, count]) => Number(count));
      expect(benchmarks.map(({ estimates }) => estimates.mean?.point)).toEqual(counts);
      expect(benchmarks.every(({ name }) => /^rust_iai_callgrind::\S+ \S/.test(name))).toBe(true);
    },
  );

  test.each([
    ['json_multiple_benchmarks', 7, 'play_game::bench_play_game_group::bench_play_game_100 first_id - D1MissRate'],
    ['json_multiple_tools', 3, 'play_game::bench_play_game_group::bench_play_game_100 some_id - D1MissRate'],
    ['json_no_id_no_details', 2, 'play_game::bench_play_game_group::bench_play_game_100 - D1MissRate'],
    ['json_one_callgrind_all_metrics', 37, 'play_game::bench_play_game_group::bench_play_game_100 some_id - AcCost1'],
    ['json_one_callgrind_no_diff_old', 0, undefined],
    ['json_one_tool_without_metrics', 0, undefined],
    ['json_not_v6', 0, undefined],
    ['json_pretty_two_callgrind', 4, 'play_game::bench_play_game_group::bench_play_game_100 first - D1MissRate'],
    ['json_pretty_mixed_foreign_pretty_and_ndjson', 2, undefined],
    ['json_truncated_pretty_then_ndjson', 2, undefined],
  ])('gungraun/%s', (file, count, first) => {
    const { format, benchmarks, notes } = read(`${GUNGRAUN}/${file}.txt`);
    expect([format, benchmarks.length]).toEqual(['gungraun-json', count]);
    if (first !== undefined) expect(benchmarks[0]!.name).toBe(first);
    expect(notes).toHaveLength(count === 0 ? 1 : 0);
  });

  test('instructions of gungraun have the plain name in text and in JSON', () => {
    const { benchmarks } = read(`${GUNGRAUN}/json_one_callgrind_all_metrics.txt`);
    const main = benchmarks.find(({ unit }) => unit === 'instructions')!;
    expect(main.name).toBe('play_game::bench_play_game_group::bench_play_game_100 some_id');
    expect(main.estimates.mean?.point).toBe(1900);
    expect(read(`${GUNGRAUN}/delta.txt`).benchmarks[0]!.change!.mean.point).toBeCloseTo(0.0509090909, 9);
  });

  test('every file is read, but for those that hold no results', () => {
    const files = (folder: string): string[] =>
      readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        return statSync(path).isDirectory() ? files(path) : [relative(PEERS, path)];
      });
    const refused = files(PEERS).filter((name) => {
      try {
        return read(name).benchmarks.length + read(name).notes.length === 0;
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        return true;
      }
    });
    // Names without times, and what hyperfine says beside its results
    expect(refused.sort()).toEqual(['gbench/test4_run.json', 'hyperfine/fail.stderr', 'hyperfine/params.stderr']);
  });

  test('intervals, deviations, samples, changes: what the tools say of them', () => {
    const first = (name: string) => read(name).benchmarks[0]!;
    expect(first('gha-extract/jmh_output.json').estimates.mean).toMatchObject({
      lower: 3361950887.3788824,
      upper: 3390526858.8667545,
    });
    expect([...first('gha-extract/jmh_output.json').samples!.values]).toEqual([
      3376842765.688582, 3376519888.95058, 3375353964.729294,
    ]);
    expect(first('gha-extract/catch2_output_v2.txt').estimates).toMatchObject({
      mean: { lower: 341, upper: 349 },
      std_dev: { point: 19, lower: 11, upper: 29 },
    });
    expect([...first('gbench/test3_run0.json').samples!.values].map((value) => value / 1000)).toEqual([9, 8]);
    expect(first('bencher-tool-output/rust/criterion/failed.txt').change!.mean).toMatchObject({
      point: 6.4999,
      lower: 5.0622,
      upper: 8.5769,
    });
    expect(first('bencher-tool-output/rust/iai/change.txt').change!.mean.point).toBeCloseTo(0.01139138, 12);
    expect(first('gha-extract/benchmarkdotnet.json').samples!.values).toHaveLength(14);
    expect(first('js/tinybench.json').estimates).toMatchObject({ median: { point: 48381.00000006307 } });
    expect(first('gha-extract/pytest_several_units.json').samples).toBeUndefined();
    expect(read('bencher-tool-output/rust/bench/failed.txt').notes).toEqual(['tests::benchmark_b failed']);
  });

  test('cut anywhere, a file is results or one clear line', () => {
    for (const [name] of EXPECTED) {
      const text = readFileSync(join(PEERS, name), 'utf8');
      for (let part = 0; part < 12; part++) {
        const cut = text.slice(0, Math.floor((text.length * part) / 12) + (part % 3));
        try {
          readResults(cut, name);
        } catch (error) {
          expect(error, `${name} cut to ${cut.length}`).toBeInstanceOf(UserError);
          expect((error as Error).message).not.toContain('\n');
        }
      }
    }
  });
});
