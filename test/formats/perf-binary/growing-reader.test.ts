import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Artefact, CollectOptions } from '../../../src/collectors/collector.ts';
import { perfRecord } from '../../../src/collectors/perf-record.ts';
import type { Growing, ReadChoices } from '../../../src/formats/format.ts';
import { beginPerfData } from '../../../src/formats/perf-binary/read-perf-data.ts';
import { readProfile } from '../../../src/formats/registry.ts';
import { findTool } from '../../../src/processes/executables.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { requireTool } from '../../require-tool.ts';
import { FIXTURES } from '../harness.ts';

const present = ['perf', 'gcc'].map((tool) => requireTool(tool, findTool(tool) !== undefined)).every(Boolean);
const churn = resolve(import.meta.dirname, '../../../scripts/jit-truth/churn.cjs');
const node = [process.execPath, '--perf-basic-prof', '--interpreted-frames-native-stack', '--logfile=/dev/null'];
const quiet: CollectOptions = { frequency: 997, say: () => {}, progress: () => {} };

let folder: string;
const built = new Map<string, string>();

/** Records a program, and reads the recording every 150 ms meanwhile. */
async function record(words: readonly string[], options: Partial<CollectOptions>) {
  let begun: Growing | undefined;
  let read = 0;
  let reading: Promise<void> = Promise.resolve();
  const artefact = await perfRecord.collect(
    { program: words },
    {
      ...quiet,
      ...options,
      started({ recording, flush }) {
        reading = (async () => {
          for (;;) {
            await sleep(150);
            const size = await flush();
            if (size === 0) return;
            begun ??= beginPerfData(recording, {});
            await begun?.more(size, async () => {});
            read = size;
          }
        })();
      },
    },
  );
  await reading;
  return { artefact, begun, read };
}

/** Both ways of reading; that of the growing recording must have worked. */
async function bothWays(
  { files, format, recorded, dispose }: Artefact,
  begun: Growing,
): Promise<readonly [grown: Profile, anew: Profile]> {
  const choices: ReadChoices = recorded === undefined ? {} : { recorded };
  try {
    let finished = false;
    const watched: Growing = {
      more: (size, breathe) => begun.more(size, breathe),
      async finish(notes, at) {
        const profile = await begun.finish(notes, at);
        finished = profile !== undefined;
        return profile;
      },
    };
    const grown = await readProfile(files[0]!, { inputFormat: format, choices: { ...choices, begun: watched } });
    expect(finished).toBe(true);
    return [grown, await readProfile(files[0]!, { inputFormat: format, choices })];
  } finally {
    await dispose();
  }
}

describe.skipIf(!present)('a recording that is read while it is written', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pforge-prof-growing-'));
    for (const [name, flag] of [
      ['with', '-fno-omit-frame-pointer'],
      ['without', '-fomit-frame-pointer'],
    ] as const) {
      const path = join(folder, name);
      execFileSync('gcc', ['-O2', flag, join(FIXTURES, 'src', 'threads.c'), '-o', path, '-lpthread']);
      built.set(name, path);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cases: [string, () => readonly string[], Partial<CollectOptions>][] = [
    ['just-in-time code that is made and dropped', () => [...node, churn, '1'], {}],
    ['threads with frame pointers', () => ['sh', '-c', `${built.get('with')}; ${built.get('with')}`], {}],
    [
      'stacks that are copied',
      () => ['sh', '-c', `${built.get('without')}; ${built.get('without')}`],
      { callGraph: 'dwarf' },
    ],
    ['waits', () => [built.get('with')!], { offCpu: true }],
    ['many processes', () => ['sh', '-c', 'for i in 1 2 3 4 5; do ls -lR /usr/lib | wc -l; (true; date); done'], {}],
    ['node programs below the program', () => ['sh', '-c', `node ${churn} 0.4 & node ${churn} 0.6; wait`], {}],
  ];
  test.each(cases)('%s: the same profile', async (_name, words, options) => {
    const { artefact, begun, read } = await record(words(), options);
    expect(read).toBeGreaterThan(0);
    const [grown, anew] = await bothWays(artefact, begun!);
    expect(grown.samples.length).toBeGreaterThan(20);
    expect(grown).toEqual(anew);
  });

  test('what cannot be told before the end is read anew', async () => {
    const file = join(folder, 'stray.data');
    expect(beginPerfData(file, {})).toBeUndefined();
    expect(beginPerfData(churn, {})).toBeUndefined();
    expect(beginPerfData(file, { via: 'perf-script' })).toBeUndefined();
  });
});
