import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openInput } from '../../../src/formats/input.ts';
import { readAll } from './read-all.ts';

/** Recordings of others: of other machines, other versions of perf. Not part of this repository. */
const folder = resolve(import.meta.dirname, '../../../../shared/peer-data/perf-data');
const here = existsSync(folder);
if (!here) console.log('skipped: the recordings of other projects are not here');

const cutOff = 'the file is cut off at byte 31951: the rest of the recording is missing';

describe.skipIf(!here)('recordings of other projects', () => {
  test.each([
    // Name, samples, architecture, perf's version, first event, notes
    ['fibo.compressed2.pipe.data', 547, 'x86_64', '6.16-1', 'cycles:P', []],
    ['perf.data.PerfFormatLost', 68, 'x86_64', '6.6-1', 'cycles', []],
    ['perf.data.true.v1', 0, '', '', 'cpu-clock', []],
    ['perf.data.true.v2', 1, 'x86_64', '3.10.0-514.2.2.el7.x86_64.debug', 'cpu-clock', []],
    ['perf.data.true.v2.gz', 1, 'x86_64', '3.10.0-514.2.2.el7.x86_64.debug', 'cpu-clock', []],
    ['sleep.compressed.data', 8, 'aarch64', '6.5.13', 'cycles:P', []],
    ['sleep.compressed.pipe.data', 8, 'aarch64', '6.5.13', 'cycles:P', []],
    ['sleep.compressed2.data', 7, 'x86_64', '6.16-1', 'cycles:Pu', []],
    // What its program printed stands behind the recording
    ['sleep.compressed2.pipe.data', 7, 'x86_64', '6.16-1', 'cycles:P', [cutOff]],
    ['sleep.data', 7, 'x86_64', '6.16-1', 'cycles:Pu', []],
  ])('%s', async (name, count, arch, perfVersion, event, notes) => {
    const { info, samples, notes: found } = await readAll(await openInput(join(folder, name)));
    expect(info).toMatchObject({ arch, perfVersion, littleEndian: true });
    expect(info.events[0]!.name).toBe(event);
    expect(samples).toHaveLength(count);
    expect(found).toEqual(notes);
    // Each is of a process that is known, and at a place that is mapped (the kernel's not where perf might not look)
    const placed = samples.filter(({ ip, space }) => ip < 0 || space.find(ip) !== undefined);
    expect(placed.length).toBeGreaterThanOrEqual(0.95 * count);
    expect(samples.filter(({ comm }) => comm.startsWith(':'))).toEqual([]);
  });

  test('a file that is something else is refused', async () => {
    const input = await openInput(join(folder, 'perf.data.broken.gz'));
    await expect(readAll(input)).rejects.toThrow(/byte 0: it does not start as a perf\.data file$/);
  });
});
