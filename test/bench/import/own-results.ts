const mean = { point_estimate: 2, confidence_interval: { lower_bound: 1, upper_bound: 3 } };
const pairs = { ratio: 1.25, low: 1.125, high: 1.5, verdict: 'inconclusive' };

/** What `bench --json` writes: of a failed file, a function, a command and a failed one. */
export const OWN_RESULTS = [
  { name: 'boom', file: 'a.bench.ts', warnings: [], error: { message: 'it threw', hint: '' } },
  { name: 'function', unit: 'ns', estimates: { mean }, processes: [{ median: 1 }, { median: 3 }], comparison: pairs },
  {
    name: 'command',
    unit: 'ns',
    estimates: { mean },
    times: [1, 2, 4],
    comparison: { reference: 'x', verdict: pairs },
  },
  { name: 'none', unit: 'ns', estimates: {}, failure: 'exit code 1' },
];
