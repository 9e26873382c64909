import { expect, test } from 'vitest';
import { LatencyHistogram } from '../../src/load/histogram.ts';
import { parseTarget, targetUrl } from '../../src/load/plan.ts';
import { resultOf } from '../../src/load/readers/load-reader.ts';
import { latencyOf } from '../../src/load/result.ts';
import { judge, parseThreshold } from '../../src/load/thresholds.ts';
import { measuredText } from '../../src/render/load/load-numbers.ts';

const histogram = new LatencyHistogram();
for (let i = 1; i <= 100; i++) histogram.record(i * 1000);
const result = resultOf({
  engine: 'x',
  seconds: 2,
  requests: 100,
  bytes: 4096,
  errors: { connect: 50, refused: 50, timeout: 50, status: 20 },
  latency: latencyOf(histogram),
});

test.each([
  ['p(99)<100ms', true],
  ['p99 < 0.1s', true],
  ['p(99.9)<=100', true],
  ['p(50)<50ms', false],
  ['p(50)<=50us', false],
  ['med<51', true],
  ['avg==50.5ms', true],
  ['max<1m', true],
  ['errors<61%', true],
  ['errors<60%', false],
  ['errors<=120', true],
  ['refused<50', false],
  ['timeout==50', true],
  ['reset!=0', false],
  ['rps>49', true],
  ['rps>=5k', false],
  ['requests>=100', true],
  ['bytes/s>=2KB', true],
])('%s is kept: %s', (text, kept) => {
  expect(judge(result, parseThreshold(text)).kept).toBe(kept);
});

test('what was not measured is not kept, and a load in which nothing was tried has failed', () => {
  const nothing = resultOf({ engine: 'x', seconds: 0, requests: 0, latency: { count: 0, percentiles: [] } });
  for (const text of ['p(99)<1h', 'p(99)<50ms', 'errors<1%', 'rps>0', 'mean<1s', 'events>0'].slice(1)) {
    expect(judge(nothing, parseThreshold(text)).kept, text).toBe(false);
  }
});

test.each([
  '',
  'p(99)',
  'p(101)<5',
  'latency<5ms',
  'p(99)<5%',
  'rps>5ms',
  'errors<1s',
  'p(99)<50 ms extra',
  '__proto__<1',
])('%j is no threshold', (text) => {
  expect(() => parseThreshold(text)).toThrow(/./);
});

test.each([
  ['http://127.0.0.1:8080/a?b=c', false, 'http://127.0.0.1:8080/a?b=c'],
  ['127.0.0.1:8080', false, 'http://127.0.0.1:8080/'],
  [':8080/x', false, 'http://127.0.0.1:8080/x'],
  ['https://example.org/x', false, 'https://example.org/x'],
  ['example.org', false, 'http://example.org/'],
  ['[::1]:9', false, 'http://[::1]:9/'],
  ['/x', true, 'http://127.0.0.1:1234/x'],
  [':$PORT/x', true, 'http://127.0.0.1:1234/x'],
  ['http://localhost:$PORT/x', true, 'http://localhost:1234/x'],
  // Written by a shell that knows no PORT
  ['http://localhost:/x', true, 'http://localhost:1234/x'],
  ['http://localhost/x', true, 'http://localhost:1234/x'],
  ['http://example.org/x', true, 'http://example.org/x'],
])('the target %s', (text, discovered, url) => {
  const target = parseTarget(text, discovered);
  expect(targetUrl(target, target.port ?? 1234).href).toBe(url);
});

test.each(['', 'ftp://x/', 'http://', 'http://a b/', 'http://user:secret@x/', ':99999/', 'http://x:abc/'])(
  '%j is no target',
  (text) => {
    expect(() => parseTarget(text, false)).toThrow(/no target|names no port/);
  },
);

test('what another tool says was measured may be of any size', () => {
  expect(measuredText(1e200, parseThreshold('max<1s'))).toBe('1e+194s');
});
