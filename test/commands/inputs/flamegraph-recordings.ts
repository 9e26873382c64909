import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CollapseOptions } from '../../../src/commands/inputs/collapse-options.ts';

/** Where FlameGraph's own recordings are, `NAME.txt`, and in `results/` what its script makes of them. */
export const FLAMEGRAPH = resolve(import.meta.dirname, '../../../../shared/peer-data/perf-script/flamegraph-pl');

/** Names of the recordings; none where they are not here. */
export const recordings: readonly string[] = existsSync(FLAMEGRAPH)
  ? readdirSync(FLAMEGRAPH)
      .filter((name) => name.endsWith('.txt'))
      .map((name) => name.slice(0, -'.txt'.length))
  : [];
if (recordings.length === 0) console.log(`skipped: recordings of other projects are not at ${FLAMEGRAPH}`);

/** By the ends of names of results, `-collapsed-pid.txt`, ours of the options that they were made with. */
export const RESULT_OPTIONS: Readonly<Record<string, CollapseOptions>> = {
  pid: { pids: true },
  tid: { tids: true },
  kernel: { kernel: true },
  jit: { jit: true },
  all: { all: true },
  addrs: { addrs: true },
};
