import { gunzipSync, gzipSync } from 'node:zlib';
import { flameHtml } from '../../src/render/html/flame-html.ts';
import { CARGO_CRITERION } from '../bench/import/cargo-criterion-lines.ts';
import { DATA_JS } from '../bench/import/data-js.ts';
import { OWN_RESULTS } from '../bench/import/own-results.ts';
import { K6_METRICS, K6_TEXT } from '../load/k6-result.ts';
import { OHA, OHA_TEXT } from '../load/oha-result.ts';
import { profileOf } from '../profile/profile-of.ts';

/** Small inputs of formats that the recordings of the repository do not have, or not small, by the ids of their targets. */
export function madeSeeds(): Map<string, Buffer[]> {
  const texts = { ...TEXTS, 'read:flame-html': [pageWith(gzipSync(pageBlock()))] };
  return new Map(
    Object.entries(texts).map(([id, some]) => [
      id,
      some.map((text) => Buffer.from(typeof text === 'string' ? text : JSON.stringify(text))),
    ]),
  );
}

/** Threads, times, places and kinds. */
export const SMALL_PROFILE = profileOf`
  [main 10/10] main{app};parse /srv/app/lib/parse.js:10:3{app};slice{builtin} 30 @1000
  [main 10/10] main{app};parse /srv/app/lib/parse.js:10:3{app} 20 @4000
  [worker 10/12] main{app};resolve{dependency,module=r.so} 40 @2500
`;

/** The first block of one of our pages, inflated: what a page draws itself from. */
export function pageBlock(): Buffer {
  const [, packed] = /id="data-summary">([^<]*)</.exec([...flameHtml.render(SMALL_PROFILE, {})].join(''))!;
  return gunzipSync(Buffer.from(packed!, 'base64'));
}

/** As much of a page of ours as is read. @param block compressed */
export function pageWith(block: Buffer): string {
  const data = `<script type="application/gzip" id="data-summary">${block.toString('base64')}</script>`;
  return `<!doctype html>\n<meta name="generator" content="pforge-prof">\n${data}\n</html>\n`;
}

const traceRow = (time: number, rest: string): string =>
  `<row><sample-time id="${time}" fmt="x">${time}000</sample-time>${rest}</row>\n`;
const XCTRACE =
  '<?xml version="1.0"?>\n<trace-query-result>\n<node xpath=\'//table[11]\'><schema name="time-profile"><col><mnemonic>time</mnemonic></col></schema>' +
  traceRow(
    20,
    '<thread id="1" fmt="main  0x84 (app, pid: 7)"><tid id="2" fmt="0x84">132</tid><process id="3" fmt="app (7)"><pid id="4" fmt="7">7</pid></process></thread>' +
      '<thread-state id="5" fmt="Running">Running</thread-state><weight id="6" fmt="1.00 ms">1000000</weight>' +
      '<backtrace id="7"><frame id="8" name="f(int &amp;&amp;)" addr="0x1"><binary id="9" name="app" path="/a/app"/><source line="7"><path id="10">/a/&#x61;.cc</path></source></frame></backtrace>',
  ) +
  traceRow(21, '<thread ref="1"/><thread-state ref="5"/><weight ref="6"/><backtrace ref="7"/>') +
  traceRow(
    22,
    '<thread ref="1"/><thread-state ref="5"/><weight ref="6"/><backtrace id="40"><frame id="41" name="0x104" addr="0x104"/></backtrace>',
  ) +
  traceRow(23, '<thread ref="1"/><thread-state ref="5"/><weight ref="6"/><sentinel/>') +
  '</node></trace-query-result>\n';

const TICKS = {
  code: [
    { name: '/usr/bin/node', type: 'SHARED_LIB' },
    { name: 'v8::internal::Runtime_X()@@V_1.2', type: 'CPP' },
    { name: ' node:internal/main/worker_thread:1:1', type: 'JS', kind: 'Unopt' },
    { name: 'parse /srv/my app.js:12:3', type: 'JS', kind: 'Opt' },
    { name: 'ArrayMap', type: 'CODE', kind: 'Builtin' },
    { name: 'a|b', type: 'CODE', kind: 'RegExp' },
  ],
  functions: [],
  ticks: [
    { tm: 10, vm: 0, s: [3, 5, 2, 1] },
    { tm: 20, vm: 1, s: [1, 5, 0, 9, 3, 5, 2, 1] },
    { tm: 30, vm: 5, s: [-1, 4096, 5, 2, -1, 77, 4, 1] },
    { tm: 70, vm: 5, s: [] },
  ],
};

const AUTOCANNON_TEXT = `Running 3s test @ http://127.0.0.1:8082/
50 connections


┌─────────┬──────┬──────┬───────┬───────┬─────────┬────────┬───────┐
│ Stat    │ 2.5% │ 50%  │ 97.5% │ 99%   │ Avg     │ Stdev  │ Max   │
├─────────┼──────┼──────┼───────┼───────┼─────────┼────────┼───────┤
│ Latency │ 0 ms │ 1 ms │ 9 ms  │ 14 ms │ 1.84 ms │ 2.8 ms │ 62 ms │
└─────────┴──────┴──────┴───────┴───────┴─────────┴────────┴───────┘
┌───────────┬────────┬────────┬────────┬─────────┬─────────┬────────┬────────┐
│ Stat      │ 1%     │ 2.5%   │ 50%    │ 97.5%   │ Avg     │ Stdev  │ Min    │
├───────────┼────────┼────────┼────────┼─────────┼─────────┼────────┼────────┤
│ Req/Sec   │ 14,063 │ 14,063 │ 23,423 │ 26,415  │ 21,300  │ 5,254  │ 14,055 │
├───────────┼────────┼────────┼────────┼─────────┼─────────┼────────┼────────┤
│ Bytes/Sec │ 1.8 MB │ 1.8 MB │ 3 MB   │ 3.38 MB │ 2.73 MB │ 672 kB │ 1.8 MB │
└───────────┴────────┴────────┴────────┴─────────┴─────────┴────────┴────────┘

64k requests in 3.01s, 8.18 MB read
2 errors (1 timeouts)
`;
const WINDOW = {
  start: 0,
  seconds: 1,
  requests: 3,
  sum: 600,
  squares: 140000,
  min: 100,
  max: 300,
  histogram: [100, 1, 200, 1, 300, 1],
};
const OWN_LOAD = {
  format: 'pforge-prof-load',
  version: 1,
  engine: 'pforge-prof',
  url: 'http://127.0.0.1:1/',
  connections: 2,
  threads: 1,
  seconds: 1,
  requests: 3,
  bytes: 300,
  errors: { connect: 0, reset: 0, timeout: 1, parse: 0, status: 0 },
  statuses: { 200: 3 },
  latency: { unit: 'us', p50: 200, p90: 300, p99: 300, p999: 300, max: 300, mean: 200, stdev: 80, count: 3 },
  windows: [WINDOW],
  notes: ['x'],
};

const TEXTS: Readonly<Record<string, readonly unknown[]>> = {
  'read:xctrace': [XCTRACE],
  'read:v8-ticks': [TICKS],
  'load:pforge-prof': [OWN_LOAD],
  'load:autocannon-text': [AUTOCANNON_TEXT],
  'load:k6': [
    { root_group: {}, metrics: K6_METRICS },
    { state: { testRunDurationMs: 41000 }, metrics: K6_METRICS },
  ],
  'load:k6-text': [K6_TEXT],
  'load:oha': [OHA, OHA_TEXT],
  'bench:pforge-prof': [OWN_RESULTS],
  'bench:gha-data-js': [DATA_JS],
  'bench:cargo-criterion': [CARGO_CRITERION.map((line) => JSON.stringify(line)).join('\n')],
};
