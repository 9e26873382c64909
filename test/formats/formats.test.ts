import { describe, expect, test } from 'vitest';
import { callgrind } from '../../src/formats/callgrind.ts';
import { chromeTrace } from '../../src/formats/chrome-trace.ts';
import { cpuprofile } from '../../src/formats/cpuprofile.ts';
import { dhat } from '../../src/formats/dhat.ts';
import { dtrace } from '../../src/formats/dtrace.ts';
import { flameSvg } from '../../src/formats/flame-svg.ts';
import { folded } from '../../src/formats/folded.ts';
import { gecko } from '../../src/formats/gecko.ts';
import { ghcprof } from '../../src/formats/ghcprof.ts';
import { heapprofile } from '../../src/formats/heapprofile.ts';
import { heapsnapshot } from '../../src/formats/heapsnapshot.ts';
import { inputOf } from '../../src/formats/input.ts';
import { profileJson } from '../../src/formats/json.ts';
import { massif } from '../../src/formats/massif.ts';
import { perfScript } from '../../src/formats/perf-script.ts';
import { pprof } from '../../src/formats/pprof.ts';
import { formats, readInput } from '../../src/formats/registry.ts';
import { sampleReport } from '../../src/formats/sample.ts';
import { speedscope } from '../../src/formats/speedscope.ts';
import { vsprof } from '../../src/formats/vsprof.ts';
import { vtune } from '../../src/formats/vtune.ts';
import { snapshotText } from '../heap/snapshot-text.ts';
import { profileOf } from '../profile/profile-of.ts';
import { drawnAs } from './flame-svg/dialects.ts';
import { type FormatCases, testFormat, written } from './harness.ts';

const sample = profileOf`
  [reader 1/2] main;parse{native,module=/bin/app} 1,10 @5
  [writer 1/3] main;(anonymous) /srv/app.js:3:7{app,optimized} 2,30 @9
`;

const cases: Record<string, FormatCases> = {
  gecko: { format: gecko, fixtures: [], small: written(gecko, sample) },
  speedscope: { format: speedscope, fixtures: [], small: written(speedscope, sample) },
  pprof: {
    format: pprof,
    fixtures: [],
    // Sample type, strings, function, location, sample: bytes that are all ASCII
    small: [
      '\n\x04\b\x01\x10\x02',
      '2\x002\x07samples2\x05count2\x04main',
      '*\x04\b\x01\x10\x03"\x06\b\x01"\x02\b\x01',
      '\x12\x06\n\x01\x01\x12\x01\x05',
    ].join(''),
  },
  heapsnapshot: {
    format: heapsnapshot,
    fixtures: [],
    small: snapshotText({
      nodes: [{ type: 'synthetic', name: '' }, { name: 'global' }, { name: 'Session', size: 48 }, { type: 'string' }],
      edges: [
        [0, 1, 'global', 'shortcut'],
        [1, 2, 'session'],
        [2, 3, 'name'],
      ],
    }),
  },
  'perf-script': {
    format: perfScript,
    fixtures: [
      'perf-script/threads.txt',
      'perf-script/threads-header.txt',
      'perf-script/threads-no-stack.txt',
      'perf-script/threads-srcline.txt',
      'perf-script/threads-bare.txt',
      'perf-script/names.txt',
      'perf-script/names-inline.txt',
      'perf-script/two-events.txt',
      'perf-script/node.txt',
    ],
    small: [
      '# cmdline : perf record ./app',
      'my app 12/13 [001] 1.5: 250 cycles:u: ',
      '\t 1f ns::f(int)+0x1 (/bin/a b (deleted))',
      '\t 20 main (/bin/app)',
      '',
      'node 7/7 2.25: 100 cycles: ',
      '\t 30 JS:*parse file:///a/b.js:1:2 (/tmp/perf-7.map)',
      '',
      '',
    ].join('\n'),
  },
  folded: {
    format: folded,
    fixtures: ['folded/threads.folded'],
    small: '# pforge-prof unit=nanoseconds type=cpu\nmain;parse äö;read 12\nmain;run /a/b.js:1:2 3.5\n',
  },
  'flame-svg': {
    format: flameSvg,
    fixtures: ['flame-svg/compact.svg', 'flame-svg/classic.svg', 'flame-svg/classic-alone.svg'],
    small: drawnAs('inferno', new Map(Object.entries({ 'main;parse äö': 12, 'main;run /a/b.js:1:2': 3 }))),
  },
  cpuprofile: {
    format: cpuprofile,
    fixtures: ['cpuprofile/node.cpuprofile'],
    small: JSON.stringify({
      nodes: [
        { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 }, children: [2, 3] },
        { id: 2, callFrame: { functionName: 'main', url: 'file:///a%20b.js', lineNumber: 0, columnNumber: 4 } },
        { id: 3, callFrame: { functionName: '(garbage collector)', url: '', lineNumber: -1, columnNumber: -1 } },
      ],
      startTime: 1000,
      endTime: 1600,
      samples: [2, 3, 2],
      timeDeltas: [100, 200, 50],
    }),
  },
  json: { format: profileJson, fixtures: ['json/node.json'], small: written(profileJson, sample) },
  heapprofile: {
    format: heapprofile,
    fixtures: ['heapprofile/node.heapprofile'],
    small: JSON.stringify({
      head: {
        callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
        selfSize: 0,
        id: 1,
        children: [
          {
            callFrame: { functionName: 'main', scriptId: '7', url: 'file:///a%20b.js', lineNumber: 0, columnNumber: 4 },
            selfSize: 24,
            id: 2,
            children: [],
          },
        ],
      },
      samples: [{ size: 24, nodeId: 2, ordinal: 1 }],
    }),
  },
  callgrind: {
    format: callgrind,
    fixtures: ['callgrind/threads.out'],
    small: [
      '# callgrind format',
      'creator: callgrind-3.19.0',
      'pid: 7',
      'thread: 2',
      'positions: instr line',
      'events: Ir Dr',
      'ob=(1) /bin/app',
      'fl=(1) a b.c',
      'fn=(1) main',
      '0x10 3 10 2',
      'cfn=(2) parse',
      'calls=2 0x20 +1',
      '+4 * 300 5',
      'fn=(2)',
      '0x20 4 300 5',
      'totals: 310 7',
      '',
    ].join('\n'),
  },
  massif: {
    format: massif,
    fixtures: ['massif/peaks.out', 'massif/names.out', 'massif/odd-path.out', 'massif/peaks-no-heap.out'],
    small: [
      'desc: --time-unit=B',
      'cmd: ./a b #c',
      'time_unit: B',
      '#-----------',
      'snapshot=0',
      '#-----------',
      'time=10',
      'mem_heap_B=100',
      'mem_heap_extra_B=8',
      'mem_stacks_B=4',
      'heap_tree=peak',
      'n2: 100 (heap allocation functions) malloc/new/new[], --alloc-fns, etc.',
      ' n1: 60 0x10: f (a.c:3)',
      '  n0: 50 0x20: main (in /bin/a b)',
      " n0: 40 in 2 places, all below massif's threshold (1.00%)",
      '#-----------',
      'snapshot=1',
      '#-----------',
      'time=20',
      'mem_heap_B=10',
      'mem_heap_extra_B=8',
      'mem_stacks_B=4',
      'heap_tree=empty',
      '',
    ].join('\n'),
  },
  dhat: {
    format: dhat,
    fixtures: ['dhat/blocks.out', 'dhat/copies.out', 'dhat/events.out', 'dhat/odd-path.out', 'dhat/ls.out'],
    small: JSON.stringify({
      dhatFileVersion: 2,
      ...{ mode: 'rust-heap', verb: 'Allocated', bklt: true, bkacc: false, tu: 'µs', Mtu: 's', tuth: 10 },
      ...{ cmd: './a "b"', pid: 7, tg: 5, te: 9 },
      pps: [
        { tb: 9, tbk: 2, tl: 3, mb: 9, mbk: 2, gb: 9, gbk: 2, eb: 1, ebk: 1, fs: [1, 2] },
        { tb: 4, tbk: 1, tl: 3, mb: 4, mbk: 1, gb: 0, gbk: 0, eb: 0, ebk: 0, fs: [2] },
      ],
      ftbl: ['[root]', '0x1: f (src/a.rs:3:4)', '0x2: main (in /bin/a b)'],
    }),
  },
  'chrome-trace': {
    format: chromeTrace,
    fixtures: ['chrome-trace/node.json'],
    small: JSON.stringify({
      traceEvents: [
        { pid: 7, tid: 8, ph: 'M', name: 'thread_name', args: { name: 'main "1"' } },
        { pid: 7, tid: 8, ph: 'B', ts: 10, name: 'run' },
        { pid: 7, tid: 8, ph: 'X', ts: 12, dur: 3.5, name: 'parse ]}' },
        { pid: 7, tid: 8, ph: 'E', ts: 20, name: 'run' },
        { pid: 7, tid: 8, ph: 'I', ts: 21, name: 'mark' },
      ],
      displayTimeUnit: 'ms',
    }),
  },
  vtune: {
    format: vtune,
    fixtures: [],
    small:
      'Function Stack,CPU Time:Self,Module\nTotal,0.0,[Unknown]\n main,0.5,app.exe\n  "f<a, ""b"">",1.25,app.exe\n',
  },
  sample: {
    format: sampleReport,
    fixtures: [],
    small: [
      'Analysis of sampling rg (pid 64751) every 1 millisecond',
      'Call graph:',
      '    8 Thread_15   DispatchQueue_1: com.apple.main-thread  (serial)',
      '    + 8 start  (in libdyld.dylib) + 1  [0x7fff737cf3d5]',
      '    +   5 main  (in rg) + 41  [0x10384b549]',
      '    +   ! 5 ???  (in rg)  load address 0x1 + 0x2  [0x3]',
      '',
      'Total number in stack:',
    ].join('\n'),
  },
  dtrace: {
    format: dtrace,
    fixtures: [],
    small: [
      'CPU     ID                    FUNCTION:NAME',
      '  0  64091                        :tick-60s ',
      '',
      '              app`std::run::h428457710ae7645a+0x6bf',
      '              unix`trap+0x2c7',
      '              0x104d08831',
      '               12',
      '',
    ].join('\n'),
  },
  vsprof: {
    format: vsprof,
    fixtures: [],
    small:
      'Level,Function Name,Number of Calls,Module Name,\r\n0,"a.exe",0,"",\r\n1,"A.Main()",1,"a.exe",\r\n2,"B.f(x,y)","1,234","",\r\n',
  },
  ghcprof: {
    format: ghcprof,
    fixtures: [],
    small: [
      '\tSun Aug 13 10:47 2023 Time and Allocation Profiling Report  (Final)',
      '',
      'COST CENTRE  MODULE  SRC         no.  entries  %time %alloc   %time %alloc  ticks     bytes',
      '',
      'MAIN         MAIN    <built-in>  168        0    2.6    0.0   100.0  100.0      5    456096',
      ' 你好         Lib     src/L b.hs  169        1    2.6    0.0   100.0  100.0      9       640',
      '',
    ].join('\n'),
  },
};

describe.each(Object.entries(cases))('%s', (_id, format) => {
  testFormat(format);
});

/** They run testFormat, or say why not, in test/formats/ID.test.ts or test/formats/ID. */
const OWN_TESTS = ['flame-html', 'heaptrack', 'perf-stat', 'pprof-legacy', 'v8-log', 'v8-ticks', 'xctrace'];

test('every registered format stands in this test, or has its own', () => {
  expect(formats.map(({ id }) => id).sort()).toEqual([...Object.keys(cases), 'perf-data', ...OWN_TESTS].sort());
});

test('our own format loses nothing', async () => {
  const text = written(profileJson, sample);
  const again = await readInput(inputOf(text, 'x'));
  expect(again).toEqual({ ...sample, meta: { ...sample.meta, format: 'json' } });
});
