/** What oha writes with `--json`, by its schema. */
export const OHA = {
  summary: {
    successRate: 0.9,
    total: 2,
    slowest: 0.5,
    fastest: 0.001,
    average: 0.01,
    requestsPerSec: 45,
    totalData: 600,
  },
  latencyPercentiles: { p50: 0.002, p99: 0.4, 'p99.9': 0.5 },
  statusCodeDistribution: { 200: 80, 503: 10 },
  errorDistribution: { 'Connection refused (os error 111)': 5, 'request timed out': 3, 'aborted due to deadline': 2 },
};

/** What oha prints. */
export const OHA_TEXT = `Summary:
  Success rate:\t100.00%
  Total:\t2.0051 secs
  Slowest:\t12.5 ms
  Fastest:\t0.1 ms
  Average:\t1.5 ms
  Requests/sec:\t15411.5

  Total data:\t1.50 MiB

Response time distribution:
  50.00% in 0.9 ms
  99.90% in 11.2 ms

Status code distribution:
  [200] 30902 responses
`;
