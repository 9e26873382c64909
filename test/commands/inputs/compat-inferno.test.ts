import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeFormat } from '../../../src/commands/flame/write-format.ts';
import { type CollapseOptions, readChoices } from '../../../src/commands/inputs/collapse-options.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { formatById, readInput } from '../../../src/formats/registry.ts';
import { RESULT_OPTIONS } from './flamegraph-recordings.ts';

const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data');
const present = existsSync(PEERS);
if (!present) console.log(`skipped: recordings of other projects are not at ${PEERS}`);

async function collapsed(text: string | Uint8Array, format: string, options: CollapseOptions = {}) {
  const given = { compat: 'inferno' as const, ...options };
  const profile = await readInput(inputOf(text, 'in.txt'), { format: formatById(format), ...readChoices(given) });
  const bytes = Buffer.concat(
    Array.from((await writeFormat('folded', profile, given)).chunks, (part) => Buffer.from(part)),
  );
  return { text: bytes.toString(), notes: profile.meta.notes };
}

/** Input and golden text under the peers' folder, the format, and the options. */
const GOLDEN: readonly [string, string, string, CollapseOptions][] = [
  ...['go-stacks', 'no-events', 'single-event', 'single-line-stacks', 'cpp-stacks-std-function'].map(
    (name): [string, string, string, CollapseOptions] => [
      `perf-script/inferno/${name}.txt`,
      `perf-script/inferno/results/${name}-collapsed.txt`,
      'perf-script',
      {},
    ],
  ),
  [
    'perf-script/inferno/sourcepawn-jitdump.txt',
    'perf-script/inferno/results/sourcepawn-jitdump-collapsed-jit.txt',
    'perf-script',
    { jit: true },
  ],
  ...Object.entries(RESULT_OPTIONS).map(([option, options]): [string, string, string, CollapseOptions] => [
    'perf-script/flamegraph-pl/perf-rust-Yamakaky-dcpu.txt',
    `perf-script/inferno/results/perf-rust-Yamakaky-dcpu-collapsed-${option}.txt`,
    'perf-script',
    options,
  ]),
  ...['hex-addresses', 'java', 'rust-names', 'scope_with_no_argument_list', 'stack-ustack'].map(
    (name): [string, string, string, CollapseOptions] => [
      `collapse/dtrace/${name}.txt`,
      `collapse/dtrace/results/${name}.txt`,
      'dtrace',
      {},
    ],
  ),
  ['collapse/dtrace/flamegraph-bug.txt', 'collapse/dtrace/results/flamegraph-bug.txt', 'dtrace', { addrs: true }],
  ['collapse/sample/sample.txt', 'collapse/sample/results/sample-default.txt', 'sample', {}],
  ['collapse/sample/sample.txt', 'collapse/sample/results/sample-no-modules.txt', 'sample', { modules: false }],
  ['collapse/xctrace/basic.xml', 'collapse/xctrace/results/basic.folded', 'xctrace', {}],
  [
    'collapse/xctrace/simple_frame_without_binary_info.xml',
    'collapse/xctrace/results/simple_frame_without_binary_info.folded',
    'xctrace',
    {},
  ],
  ['collapse/vtune/vtune.csv', 'collapse/vtune/results/vtune-default.txt', 'vtune', {}],
  ['collapse/vtune/vtune.csv', 'collapse/vtune/results/vtune-no-modules.txt', 'vtune', { modules: false }],
  ['collapse/vsprof/CallTreeSummary.csv', 'collapse/vsprof/results/vsprof-default.txt', 'vsprof', {}],
  ['collapse/ghcprof/percent.prof', 'collapse/ghcprof/results/percent.txt', 'ghcprof', {}],
  ['collapse/ghcprof/ticks.prof', 'collapse/ghcprof/results/ticks.txt', 'ghcprof', {}],
  ['collapse/ghcprof/ticks.prof', 'collapse/ghcprof/results/ticks_ticks.txt', 'ghcprof', { eventFilter: 'ticks' }],
  ['collapse/ghcprof/ticks.prof', 'collapse/ghcprof/results/ticks_bytes.txt', 'ghcprof', { eventFilter: 'bytes' }],
  ['collapse/ghcprof/utf8.prof', 'collapse/ghcprof/results/utf8.txt', 'ghcprof', {}],
  ['collapse/ghcprof/utf8.prof', 'collapse/ghcprof/results/utf8_ticks.txt', 'ghcprof', { eventFilter: 'ticks' }],
  ['collapse/ghcprof/utf8.prof', 'collapse/ghcprof/results/utf8_bytes.txt', 'ghcprof', { eventFilter: 'alloc_space' }],
];

describe.runIf(present)("inferno's golden texts, byte for byte", () => {
  test.each(GOLDEN)('%s as %s', async (input, golden, format, options) => {
    const { text } = await collapsed(readFileSync(join(PEERS, input)), format, options);
    // Some golden texts were stored with CRLF; inferno prints LF.
    expect(text).toBe(readFileSync(join(PEERS, golden), 'utf8').replaceAll('\r\n', '\n'));
  });

  test.each([
    ['sample', 'sample/invalid-samples-field.txt', 1],
    ['sample', 'sample/no-four-spaces.txt', 1],
    ['sample', 'sample/end-before-call-graph-end.txt', 0],
    ['sample', 'sample/bad-stack-line.txt', 1],
    ['sample', 'sample/skipped-indentation.txt', 1],
    ['sample', 'sample/odd-indentation.txt', 1],
    ['sample', 'sample/stack-line-only-indent-chars.txt', 1],
    ['vtune', 'vtune/bad-stack-line.csv', 1],
    ['vtune', 'vtune/invalid-time-field.csv', 1],
    ['vtune', 'vtune/skipped-indentation.csv', 1],
    ['vsprof', 'vsprof/invalid-number-of-calls.csv', 1],
    ['vsprof', 'vsprof/invalid-depth.csv', 1],
    ['vsprof', 'vsprof/incorrect-header.csv', 1],
    ['vsprof', 'vsprof/invalid-function-name.csv', 1],
    ['vsprof', 'vsprof/missing-function-name.csv', 1],
  ])('%s: what inferno refuses in %s is refused, with its line', async (format, name, line) => {
    const read = collapsed(readFileSync(join(PEERS, 'collapse', name)), format);
    await expect(read).rejects.toThrow(line === 1 ? /^in\.txt: line \d+: / : /^in\.txt: /);
  });

  test.each([
    ['sample', 'sample/end-before-call-graph-start.txt'],
    ['vtune', 'vtune/end-before-header.csv'],
    ['dtrace', 'dtrace/only-header-lines.txt'],
  ])('%s: where inferno prints nothing for %s, so do we', async (format, name) => {
    expect((await collapsed(readFileSync(join(PEERS, 'collapse', name)), format)).text).toBe('');
  });
});

const DTRACE =
  'CPU     ID                    FUNCTION:NAME\n\n  a.out`f+0x2\n  a.out`La;->b\n  3\n\n  x`é::g(int)+0x1\n  4\n';
const SAMPLE =
  'Call graph:\n    3 Thread_1\n    + 2 f  (in é) + 41  [0x1]\n    +   1 read  (in b.dylib)\n    + 1 g\nTotal number in stack\n';
const VTUNE = 'Function Stack,CPU Time:Self,Module,\nTotal,0,,\n "f é",0.0015,a.so,\n  g,1,b,\n';
const VSPROF =
  'Level,Function Name,Number of Calls,Elapsed Inclusive Time %,Elapsed Exclusive Time %,Avg Elapsed Inclusive Time,Avg Elapsed Exclusive Time,Module Name,\n' +
  '1,"f(é)",2,1,1,1,1,"a",\n2,"g","1,234",1,1,1,1,"a",\n1,"h",2,1,1,1,1,"a",\n';
const GHCPROF =
  'COST CENTRE MODULE SRC no. entries  %time %alloc   %time %alloc  ticks     bytes\n\n' +
  'MAIN        MAIN   <x> 1   0          0.3    0.0   100.0  100.0     12       640\n' +
  ' é          Lib    <x> 2   0         22.1    0.0    22.1    1.0    221         0\n';
const XCTRACE =
  '<?xml version="1.0"?>\n<trace-query-result><node><row><backtrace id="1"><frame id="2" name="f&lt;é&gt;"/>' +
  '<frame id="3" name="main"/></backtrace></row><row><backtrace ref="1"/></row><row><sample-time id="4">7</sample-time>' +
  '</row><row><backtrace id="5"><frame ref="3"/></backtrace></row></node></trace-query-result>\n';

test('ghcprof: what --event-filter may name is told', async () => {
  const read = collapsed(GHCPROF, 'ghcprof', { eventFilter: 'cycles' });
  await expect(read).rejects.toMatchObject({
    message: '--compat inferno knows no cycles in in.txt',
    hint: '--event-filter is one of time, ticks, bytes',
  });
});

test('xctrace: a reference to what never came is refused', async () => {
  const read = collapsed(Buffer.from(XCTRACE.replace('ref="1"', 'ref="9"')), 'xctrace', {});
  await expect(read).rejects.toThrow('there is no <backtrace> with the id 9');
});

test.each([
  ['dtrace', DTRACE, { addrs: true }],
  ['xctrace', XCTRACE, {}],
  ['sample', SAMPLE, {}],
  ['vtune', VTUNE, {}],
  ['vsprof', VSPROF, {}],
  ['ghcprof', GHCPROF, { eventFilter: 'bytes' }],
] as const)('%s cut at any byte is read, or refused in one line', async (format, text, options) => {
  const bytes = Buffer.from(text);
  for (let end = 0; end <= bytes.length; end++) {
    const result = await collapsed(bytes.subarray(0, end), format, options).catch((error: unknown) => error);
    if (result instanceof Error) expect(result.message).toMatch(/^in\.txt:.*$/);
  }
  expect((await collapsed(bytes, format, options)).text).toMatchSnapshot();
});

/** What inferno-collapse-perf 0.12.8 printed for each text; the options are ours. */
const PRINTED: readonly [string, string, CollapseOptions, string][] = [
  ['the last sample counts', 'app 1 2.0: 3 cycles:\n\t1 f (/x)\n', {}, 'app;f 3\n'],
  ['a module with a blank loses the frame', 'app 1 2.0: 3 cycles:\n\t1 f (/a b/x)\n\t2 g (/x)\n\n', {}, 'app;g 3\n'],
  ['a header alone is lost', 'app 1 2.0: 3 cycles:\n\n', {}, ''],
  ['CRLF', 'app 1 2.0: 3 cycles:\r\n\t1 f (/x)\r\n\r\n', {}, 'app;f 3\n'],
  ['a tracepoint is lost', 'app 1 2.0: 3 cycles:\n\t1 f (/x)\n\napp 1 2.0: a:b: c=1\n\t1 f (/x)\n\n', {}, 'app;f 3\n'],
  [
    'quotes, templates and Rust',
    'app 1 2.0: 3 cycles:\n\t1 R:["\'] (/x)\n\t1 m<void (*)(int)>::f(int) (/x)\n\t1 _$LT$a..B$GT$::c::h0123456789abcdef (/x)\n\n',
    {},
    'app;<a::B>::c;m<void (*)(int)>::f;R:["\'] 3\n',
  ],
  [
    'kernel modules',
    'app 1/2 2.0: 3 c:\n\t1 f (/k.ko)\n\t1 g (/vmlinux-5.4)\n\n',
    { kernel: true, tids: true },
    'app-1/2;g_[k];f_[k] 3\n',
  ],
  [
    '--skip-after takes the command away too',
    'app 1 2.0: 3 c:\n\t1 f (/x)\n\t1 g (/x)\n\t1 h (/x)\n\n',
    { skipAfter: ['g'] },
    'g;f 3\n',
  ],
];

test.each(PRINTED)('%s', async (_name, text, options, printed) => {
  expect((await collapsed(text, 'perf-script', options)).text).toBe(printed);
  const bytes = Buffer.from(text);
  for (let end = 0; end < bytes.length; end++) await collapsed(bytes.subarray(0, end), 'perf-script', options);
});

test('what is lost is counted', async () => {
  const text =
    'app 1 2.0: 3 a:\n\t1 (x)::f (/x)\n\nwhat\napp 1 2.0: 4 b:\n\t1 g (/x)\n\napp 1 2.0: 4 a:\n\t1 g (/x y)\n';
  expect((await collapsed(text, 'perf-script')).notes).toEqual([
    'in.txt: lines not understood and left out: 2, first line 4: "what"',
    'as inferno-collapse-perf: samples of other events than a left out (--event-filter): 1',
    'as inferno-collapse-perf: frames whose name starts with a bracket left out: 1',
    'as inferno-collapse-perf: samples without a stack left out: 2',
  ]);
  expect((await collapsed(SAMPLE.replace('g\n', 'f  (in é)\n'), 'sample')).notes).toEqual([
    'as inferno-collapse-sample: samples of waiting threads left out: 1',
  ]);
});
