import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { measurementsAt } from '../../../src/commands/measured/results.ts';
import { UserError } from '../../../src/errors.ts';
import type { Measurements, Quantity } from '../../../src/history/measurements.ts';
import { requireTool } from '../../require-tool.ts';

const root = resolve(import.meta.dirname, '../../..');
const peers = resolve(root, '../shared/peer-data');
const quiet = { show: () => {}, say: () => {}, end: () => {} } as unknown as Parameters<typeof measurementsAt>[3];
const world = process as unknown as Parameters<typeof measurementsAt>[1];
const read = (path: string): Promise<Measurements> => measurementsAt(resolve(root, path), world, undefined, quiet);
const find = (
  { subjects }: Measurements,
  kind: string,
  name: string,
  stat: string,
  share = false,
): Quantity | undefined => subjects.find((one) => one.kind === kind && one.name === name)?.quantity(stat, share);

describe('numbers of recordings', () => {
  test('functions of a profile, as a share with an interval and as time', async () => {
    const measured = await read('fixtures/cpuprofile/node.cpuprofile');
    const hottest = measured.subjects.filter(({ kind }) => kind === 'frame').map((one) => one.quantity('self', true)!);
    expect(hottest.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(1, 6);
    for (const { value, low, high } of hottest) {
      expect(low!).toBeLessThanOrEqual(value);
      expect(high!).toBeGreaterThanOrEqual(value);
    }
    const whole = find(measured, 'profile', '', 'total')!;
    expect(whole.unit).toBe('ns');
    const [first] = measured.subjects;
    expect(first!.quantity('self', false)!.value).toBeCloseTo(first!.quantity('self', true)!.value * whole.value, 0);
    expect(measured.kept).toEqual([]);
  });

  test.each([
    ['fixtures/dhat/blocks.out', 'dhat', 'totalBlocks', 'count'],
    ['fixtures/heapsnapshot/node24.heapsnapshot.zst', 'heap', 'bytes', 'bytes'],
    ['fixtures/heaptrack/leak.heaptrack', 'massif', 'peak', 'bytes'],
    ['fixtures/callgrind/threads.out', 'stat', 'callgrind-instructions', 'count'],
  ])('%s: %s.%s', async (path, kind, stat, unit) => {
    const quantity = find(await read(path), kind, '', stat)!;
    expect(quantity.unit).toBe(unit);
    expect(quantity.value).toBeGreaterThan(0);
  });

  test('classes of a snapshot', async () => {
    const measured = await read('fixtures/heapsnapshot/node24.heapsnapshot.zst');
    expect(find(measured, 'class', '(string)', 'count')!.value).toBeGreaterThan(100);
  });

  test('every fixture of perf stat tells counters', async () => {
    const files = readdirSync(join(root, 'fixtures/perf-stat')).filter((name) => !/\.(golden|err|sh|md)$/.test(name));
    let counters = 0;
    for (const name of files) {
      const { subjects } = await read(`fixtures/perf-stat/${name}`);
      counters += subjects.filter(({ kind }) => kind === 'stat').length;
    }
    expect(counters).toBe(files.length);
    expect(files.length).toBeGreaterThan(3);
  });
});

/** What our commands write with `--json`, in short. */
const OWN: readonly unknown[] = [
  [
    {
      name: 'node -e 0',
      unit: 'ns',
      estimates: { median: { point_estimate: 5e7, confidence_interval: { lower_bound: 4e7, upper_bound: 6e7 } } },
      change: { mean: { point_estimate: 0.1, confidence_interval: { lower_bound: 0, upper_bound: 0.2 } } },
      command: 'node -e 0',
      times: [4e7, 5e7, 6e7],
      taskClock: [4e7, 4e7, 4e7],
      peakMemory: [4e7, 4e7],
      user: 1,
      system: 2,
    },
  ],
  {
    version: 1,
    kind: 'perf-stat',
    runs: 2,
    counters: [
      { name: 'instructions', unit: 'count', value: 5, values: [4, 6] },
      { name: 'cycles', value: null, values: [null] },
    ],
    derived: [{ name: 'ipc', unit: 'insn per cycle', value: 1, values: [1, 1] }],
  },
  { format: 'massif', maximum: { snapshot: 1, total: 500 }, end: null },
  { format: 'dhat', totals: { tb: 10, tbk: 1, gb: 5 } },
  {
    format: 'heapsnapshot',
    nodes: 3,
    edges: 2,
    bytes: 100,
    classes: [{ name: 'A', count: 2, shallow: 2, retained: 3 }],
  },
  {
    format: 'pforge-prof-load',
    version: 1,
    url: 'http://x/',
    seconds: 1,
    requests: 10,
    bytes: 5,
    errors: {},
    latency: { count: 10, p50: 100, p99: 200, mean: 110 },
    windows: [],
  },
  {
    version: 1,
    format: 'folded',
    samples: 10,
    weight: { type: 'samples', unit: 'count', total: 10 },
    kinds: [],
    top: [{ name: 'a', file: '', line: 0, module: '', kind: 'app', self: 10, total: 10 }],
  },
];

describe('what our commands write', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-measured-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const readText = async (text: string): Promise<Measurements> => {
    writeFileSync(join(folder, 'x.json'), text);
    return read(join(folder, 'x.json'));
  };

  test.each([
    [0, 'run', 'node -e 0', 'memory', 4e7],
    [0, 'bench', 'node -e 0', 'rate', 20],
    [0, 'bench', 'node -e 0', 'change', 0.1],
    [1, 'stat', '', 'instructions', 5],
    [1, 'stat', '', 'ipc', 1],
    [2, 'massif', '', 'peak', 500],
    [3, 'dhat', '', 'totalBytes', 10],
    [4, 'class', 'A', 'retained', 3],
    [4, 'class', 'A', 'each', 1.5],
    [5, 'load', 'http://x/', 'p(99)', 200_000],
    [6, 'frame', 'a', 'self', 10],
  ])('%d: %s %s %s', async (which, kind, name, stat, value) => {
    expect(find(await readText(JSON.stringify(OWN[which])), kind, name, stat)?.value).toBe(value);
  });

  test('cut off or changed anywhere it is read, or refused in one clear line', async () => {
    const cut = fc.record({
      which: fc.nat(OWN.length - 1),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      put: fc.constantFrom('', 'null', '"x"', '-1', '{}', '[]'),
    });
    await fc.assert(
      fc.asyncProperty(cut, async ({ which, at, put }) => {
        const text = JSON.stringify(OWN[which]);
        const place = Math.floor(at * text.length);
        // A value is replaced, or all behind a place is gone
        const odd =
          put === ''
            ? text.slice(0, place)
            : text.slice(0, place) + text.slice(place).replace(/:("[^"]*"|[-\d.e]+|null)/, `:${put}`);
        try {
          await readText(odd);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as Error).message).not.toContain('\n');
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe.skipIf(
  !requireTool(
    '../shared/peer-data',
    (() => {
      try {
        return readdirSync(peers).length > 0;
      } catch {
        return false;
      }
    })(),
  ),
)('numbers of other tools', () => {
  test('every result of a harness is read as one, never as a recording or a load', async () => {
    const folder = join(peers, 'bench-results');
    const wrong: string[] = [];
    const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
      /\.(json|txt|csv)$/.test(name),
    );
    for (const name of files) {
      const measured = await read(join(folder, name)).catch((error: Error) => error);
      if (measured instanceof Error) {
        // Not all that a harness prints is results
        if (
          !/not results of a benchmark|no samples|it holds|is empty|could be|no profile|has no real_time/.test(
            measured.message,
          )
        ) {
          wrong.push(`${name}: ${measured.message}`);
        }
      } else if (measured.subjects.some(({ kind }) => kind !== 'bench' && kind !== 'run')) {
        wrong.push(`${name}: ${measured.subjects[0]!.kind}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(files.length).toBeGreaterThan(30);
  });

  test('what load tools print tells percentiles', async () => {
    const wrk = (await read(join(peers, 'load/ac-plain-json.txt'))).subjects[0]!;
    expect(wrk.kind).toBe('load');
    expect(wrk.quantity('p(50)', false)).toMatchObject({ unit: 'ns', better: 'smaller' });
    expect(wrk.quantity('rps', false)).toMatchObject({ better: 'bigger' });
    expect(wrk.quantity('errors', true)).toMatchObject({ unit: 'ratio' });
    expect(wrk.quantity('p(101)', false)).toBeUndefined();
  });
});
