const bench = (value: number) => ({ name: 'fib', unit: 'ns/iter', value, range: '± 5' });
const DATA = {
  lastUpdate: 1,
  repoUrl: '',
  entries: {
    Rust: [
      { date: 1, tool: 'cargo', benches: [bench(100)] },
      { date: 2, tool: 'cargo', benches: [bench(120)] },
    ],
    JS: [{ date: 1, tool: 'benchmarkjs', benches: [{ name: 'sum', unit: 'ops/sec', value: 7 }] }],
  },
};

/** What github-action-benchmark keeps. */
export const DATA_JS = `window.BENCHMARK_DATA = ${JSON.stringify(DATA, null, 2)}`;
