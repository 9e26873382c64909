// Preloaded by the bench: tells when pforge-prof had its stages behind it, in nanoseconds of CLOCK_MONOTONIC.
const { performance } = require('node:perf_hooks');

if (process.argv[1]?.endsWith('pforge-prof.js')) {
  const zero = Number(process.hrtime.bigint()) - performance.now() * 1e6;
  process.on('exit', () => {
    for (const { name, startTime } of performance.getEntriesByType('mark')) {
      if (name.startsWith('pforge-prof:')) {
        process.stderr.write(`mark ${name.slice('pforge-prof:'.length)} ${Math.round(zero + startTime * 1e6)}\n`);
      }
    }
  });
}
