import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CollapseOptions, readChoices } from '../../src/commands/collapse-options.ts';
import { writeFormat } from '../../src/commands/write-format.ts';
import { inputOf } from '../../src/formats/input.ts';
import { formatById, readInput } from '../../src/formats/registry.ts';

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data');
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
  ...(
    [
      ['pid', { pids: true }],
      ['tid', { tids: true }],
      ['kernel', { kernel: true }],
      ['jit', { jit: true }],
      ['all', { all: true }],
      ['addrs', { addrs: true }],
    ] as const
  ).map(([option, options]): [string, string, string, CollapseOptions] => [
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
