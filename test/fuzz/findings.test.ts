import { expect, test } from 'vitest';
import { madeSeeds } from './made-seeds.ts';
import { wholeTargets } from './targets.ts';

/** Inputs that the fuzzer found, made small: how each begins, what broke, and whether it is read or refused now. */
const [K6] = madeSeeds().get('load:k6')!;
const [LOAD] = madeSeeds().get('load:pforge-prof')!;
const [TICKS] = madeSeeds().get('read:v8-ticks')!;
const CSV = 'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n';
const ENTRY = {
  ...{ version: 1, time: '2026-01-02T03:04:05Z', suite: '', commit: { id: '' }, machine: '' },
  results: [{ name: 'a', unit: 'ns', better: 'smaller', value: 1, low: 0, high: 7 }],
};
const DHAT = {
  ...{ dhatFileVersion: 2, mode: 'heap', verb: 'Allo\x1bcated', bklt: true, bkacc: false, tu: 'in\x1bstrs', Mtu: 'M' },
  ...{ tuth: 500, cmd: './a', pid: 1, te: 9, tg: 5, fs: 0, ftbl: ['[root]', '0x1: f (a.c:1)'] },
  pps: [{ tb: 9, tbk: 1, tl: 3, mb: 9, mbk: 1, gb: 0, gbk: 0, eb: 0, ebk: 0, fs: [1] }],
};

const FINDINGS: readonly (readonly [id: string, what: string, input: string, isRead: boolean])[] = [
  ['check:budget', 'a hyphen in a part of a name was no valid escape', 'bench.a-b.*.mean < 1 ms', true],
  ['load:hey-csv', 'a run of infinite seconds', `${CSV}0.1,0,0,0,0,0,200,1e309\n`, false],
  ['load:k6', 'requests by the smallest rate', K6!.toString().replace('"rate":4.5', '"rate":5e-324'), true],
  [
    'load:pforge-prof',
    'a rate beyond all numbers was drawn',
    LOAD!.toString().replace('"requests":3,"sum"', '"requests":1e308,"sum"'),
    false,
  ],
  [
    'load:pforge-prof',
    'the largest latency, of more digits than numbers are printed with',
    LOAD!.toString().replace('"max":300,"histogram"', '"max":1e308,"histogram"'),
    false,
  ],
  [
    'history:jsonl',
    'a bound beyond all numbers',
    `${JSON.stringify(ENTRY).replace('"high":7', '"high":1e309')}\n`,
    true,
  ],
  ['console:recording', 'a message of version undefined', '{"format":"pforge-prof-console","extra":1}\n', false],
  [
    'read:heaptrack',
    'a line number that 32 bits make negative',
    'v 10400 3\nX ./a\ns 1 f\ns 4 a.so\ns 3 a.c\ni 1000 2 1 3 f0000000\nt 1 0\na 10 1\n+ 0\nc 5\n',
    true,
  ],
  [
    'read:perf-stat',
    'milliseconds that are numbers and nanoseconds that are not',
    '0.200390565\t708\t\tpage-faults\t0\t100.00\t\t\n0.200390565\t0.1e309\tmsec\ttask-clock\t0\t100.00\t\t\n',
    true,
  ],
  ['read:v8-ticks', 'a time beyond all numbers', TICKS!.toString().replace('"tm":20', '"tm":1e308'), false],
  ['bench:gha-data-js', 'a message that named undefined', 'window.BENCHMARK_DATA = entries', false],
  ['render:dhat', 'words of the file drove the terminal', JSON.stringify(DHAT), true],
  [
    'render:flame',
    'weights beyond 2^53 left less than nothing, a NUL in the picture',
    [
      'main;work;work;<script>alert(1)</script>;leaf',
      'main;"onload="alert(1);</ditle></svg>;]]>;--><x>',
      "main; (inlined)__proto__;constructor;toString;\\u0000;'onclick='x",
      'main;\x1b[2J\x1b]0;pwn\x07;\u202eevil\u2069;\u0085;\ud83d\ude00',
      'a~b;&amp;&lt;&#0;;;;x',
      'main;work;work+<script>alert(1)</script>;leaf',
      'main;"onload="alert(1);</title></svg>;]]>;--><x>',
      "main;__protoonstructor;toString;\\u0000;'onclick='x",
      'main;\x1b[2J\x1b]0;pwn\x07;\u202eevil\u2069;\u0085;\ud83d\ude00',
      'a~b;&amp;&lt;&#0;;;;x',
      'a;b;c',
      'a;b',
    ].join('\n'),
    true,
  ],
];

const targets = new Map((await wholeTargets()).map((target) => [target.id, target]));

test.each(FINDINGS)('%s: %s', async (id, _what, input, isRead) => {
  expect(await targets.get(id)!.run(Buffer.from(input))).toBe(isRead);
});
