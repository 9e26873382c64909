import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { measurementsAt } from '../../src/commands/measured-results.ts';
import type { Measurements, Quantity } from '../../src/history/measurements.ts';
import { requireTool } from '../require-tool.ts';

const root = resolve(import.meta.dirname, '../..');
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
