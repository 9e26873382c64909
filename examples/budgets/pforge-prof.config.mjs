// pforge-prof bench ../bench --json > bench.json; pforge-prof check
export default {
  results: ['bench.json'],
  budgets: [
    // Against the level that the history is on; see docs/track.md
    'bench.*.median < +10% of history',
    { budget: "files('*.mjs').gzip < 10kB", warning: true },
  ],
};
