import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FIXTURES } from '../harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data/perf-script');
const present = existsSync(PEERS);
if (!present) console.log(`skipped: recordings of other projects are not at ${PEERS}`);

const own = readdirSync(join(FIXTURES, 'perf-script'))
  .filter((name) => name.endsWith('.txt'))
  .map((name) => join(FIXTURES, 'perf-script', name));
const peers = !present
  ? []
  : ['edge', 'flamegraph-pl', 'inferno', 'speedscope'].flatMap((folder) =>
      readdirSync(join(PEERS, folder))
        .filter((name) => name.endsWith('.txt'))
        .map((name) => join(PEERS, folder, name)),
    );

/** Text of perf script: our own recordings, and where they are those of other projects. */
export const PERF_TEXTS: readonly string[] = [...own, ...peers];
