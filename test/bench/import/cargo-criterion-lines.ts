const estimate = (value: number, unit = 'us') => ({
  estimate: value,
  lower_bound: value - 1,
  upper_bound: value + 1,
  unit,
});
/** What cargo-criterion prints with `--message-format json`, of one benchmark. */
export const CARGO_CRITERION = [
  { reason: 'compiler-artifact' },
  {
    reason: 'benchmark-complete',
    id: 'group/fn',
    iteration_count: [10, 20],
    measured_values: [100, 210],
    unit: 'us',
    typical: estimate(10),
    mean: estimate(10),
    median: estimate(9),
    median_abs_dev: estimate(1),
    slope: estimate(10.5),
    change: { mean: estimate(0.05, '%'), median: estimate(0.04, '%'), change: 'Regressed' },
  },
  { reason: 'group-complete', group_name: 'group' },
];
