import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pointsProfile } from '../../../src/formats/dhat/points-profile.ts';
import { readDhat } from '../../../src/formats/dhat/read-dhat.ts';
import { inputOf, openInput } from '../../../src/formats/input.ts';
import { METRICS, siteOf, totalOf } from '../../../src/profile/allocation-points.ts';
import { checkProfile } from '../../../src/profile/check.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { totalsLines } from '../../../src/render/dhat/totals-text.ts';
import { FIXTURES } from '../harness.ts';
import { peerRecordings } from './peer-recordings.ts';

const folder = join(FIXTURES, 'dhat');
const recordings = readdirSync(folder)
  .filter((name) => name.endsWith('.out'))
  .map((name) => ({
    name,
    path: join(folder, name),
    summary: readFileSync(join(folder, name.replace(/out$/, 'totals')), 'utf8'),
  }));

/** `Total:     1,838 bytes in 6 blocks` and its like among what valgrind printed. */
function totalsIn(summary: string): string[] {
  return summary
    .split('\n')
    .map((line) => line.replace(/^==\d+== /, ''))
    .filter((line) => /^(?:Total|At t-\w+|Reads|Writes): +[\d,]+ /.test(line));
}

const all = [...recordings, ...peerRecordings];

describe.each(all)('$name', ({ path, summary }) => {
  test.skipIf(summary === undefined)('has the totals that valgrind printed', async () => {
    const lines = totalsLines(await readDhat(await openInput(path)));
    const said = totalsIn(summary ?? '');
    expect(said.length).toBeGreaterThan(0);
    expect(lines.slice(0, said.length).map((line, i) => line.slice(0, said[i]!.length))).toEqual(said);
  });

  test('is a profile whose weights sum to its totals, metric by metric', async () => {
    const points = await readDhat(await openInput(path));
    const profile = pointsProfile(points, []);
    checkProfile(profile);
    const metrics = METRICS.filter(({ id }) => points.values.has(id));
    expect(profile.valueTypes.map(({ type }) => type)).toEqual(metrics.map(({ type }) => type));
    for (const [i, { id }] of metrics.entries()) expect(totalWeight(profile, i)).toBe(totalOf(points, id));
    expect(profile.valueTypes.at(-1)!.type).toBe('alloc_space');
  });
});

const header = {
  dhatFileVersion: 2,
  ...{
    mode: 'heap',
    verb: 'Allocated',
    bklt: false,
    bkacc: true,
    tu: 'instrs',
    Mtu: 'Minstr',
    cmd: 'a',
    pid: 1,
    te: 9,
  },
};
const point = { tb: 8, tbk: 1, rb: 0, wb: 0, fs: [1] };
const file = (changes: object): Buffer =>
  Buffer.from(JSON.stringify({ ...header, pps: [point], ftbl: ['[root]', '0x1: f (a.c:1)'], ...changes }));
const read = (bytes: Uint8Array) => readDhat(inputOf(bytes, 'x'));

describe('files that are wrong', () => {
  test.each([
    [{ dhatFileVersion: 1 }, "x: $.dhatFileVersion: version 1 of dhat's format is not read, only version 2"],
    [{ pps: [{ ...point, tb: -1 }] }, 'x: $.pps[0].tb: -1 is no number of blocks or bytes'],
    [{ pps: [point, { ...point, rb: undefined }] }, 'x: $.pps[1].rb: expected a number, found nothing'],
    [{ pps: [point, { ...point, fs: [1, 7] }] }, 'x: $.pps[1].fs[1]: there is no frame 7: $.ftbl has 2'],
    [{ pps: [{ ...point, fs: [-1] }] }, 'x: $.pps[0].fs[0]: expected the number of a frame, found the number -1'],
    [{ pps: [{ ...point, fs: undefined }] }, 'x: $.pps[0].fs: expected an array, found nothing'],
    [
      { pps: [{ ...point, acc: [-2000, 1] }] },
      'x: $.pps[0].acc: these are no accesses to the bytes of a block (number 2)',
    ],
    [{ pps: [{ ...point, acc: [-3] }] }, 'x: $.pps[0].acc: expected a number, found nothing'],
    [{ pps: {} }, 'x: $.pps: expected an array, found an object'],
    [{ ftbl: undefined }, 'x: $.ftbl: expected an array, found nothing'],
    [{ ftbl: ['[root]', 3] }, 'x: $.ftbl[1]: expected a string, found the number 3'],
    [{ bklt: true }, 'x: $.tg: expected a number, found nothing'],
    [{ bklt: 'yes' }, 'x: $.bklt: expected true or false, found a string'],
    [{ cmd: 7 }, 'x: $.cmd: expected a string, found the number 7'],
  ])('%j', async (changes, message) => {
    await expect(read(file(changes))).rejects.toThrow(message);
  });

  test('where it was cut is said by line and column', async () => {
    const bytes = readFileSync(join(folder, 'blocks.out'));
    await expect(read(bytes.subarray(0, 300))).rejects.toThrow(/^x: line \d+, column \d+: the JSON ends too early/);
  });
});

test('members may stand in any order, as may frames', async () => {
  const whole = JSON.parse(readFileSync(join(folder, 'blocks.out'), 'utf8')) as Record<string, unknown>;
  const expected = await read(Buffer.from(JSON.stringify(whole)));
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(Object.keys(whole), { minLength: Object.keys(whole).length }),
      async (keys) => {
        const shuffled = Object.fromEntries(keys.map((key) => [key, whole[key]]));
        expect(await read(Buffer.from(JSON.stringify(shuffled)))).toEqual(expected);
      },
    ),
    { numRuns: 30 },
  );
});

test('accesses are unrolled, and 65,535 of them are many', async () => {
  const points = await read(file({ pps: [{ ...point, acc: [-3, 5, 65535, 0, -3, 0] }] }));
  expect([...points.accesses.get(0)!]).toEqual([5, 5, 5, Number.POSITIVE_INFINITY, 0, 0, 0, 0]);
});

test('functions that were inlined are told from recursion; the allocator is no frame', async () => {
  const lines = ['0x9: malloc (in /usr/libexec/valgrind/vgpreload_dhat-amd64-linux.so)', '0x1: inner (a.h:1)'];
  const ftbl = ['[root]', ...lines, '0x1: outer (a.c:2)', '0x2: again (a.c:3)'];
  const profile = pointsProfile(await read(file({ ftbl, pps: [{ ...point, fs: [1, 2, 3, 4, 4] }] })), []);
  const { strings, frames, stacks } = profile;
  const path: string[] = [];
  for (let at = profile.samples.stack[0]!; at >= 0; at = stacks.parent[at]!) {
    const frame = stacks.frame[at]!;
    path.push(`${strings[frames.name[frame]!]} ${frames.kind[frame]}`);
  }
  expect(path).toEqual(['inner 8', 'outer 1', 'again 1', 'again 1']);
});

test.each([
  'xmalloc',
  'CRYPTO_zalloc',
  'g_malloc0',
  'strdup',
  '__rust_alloc',
  '<alloc::vec::Vec<T> as core::clone::Clone>::clone',
])('%s allocates for its caller', async (name) => {
  const ftbl = ['[root]', `0x1: ${name} (in /lib/x.so)`, '0x2: wants (a.c:2)', '0x3: main (a.c:9)'];
  const points = await read(file({ ftbl, pps: [{ ...point, fs: [1, 2, 3] }] }));
  expect(points.frames[siteOf(points, 0)]!.words.name).toBe('wants');
});

test('where a file names allocators alone, the outermost is who asked', async () => {
  const ftbl = ['[root]', '0x1: alloc::raw_vec::grow (raw_vec.rs:2:3)', '0x2: alloc::vec::Vec<T>::push (vec.rs:4:5)'];
  const points = await read(file({ ftbl, pps: [{ ...point, fs: [1, 2] }] }));
  expect(points.frames[siteOf(points, 0)]!.words).toMatchObject({
    name: 'alloc::vec::Vec<T>::push',
    line: 4,
    column: 5,
  });
});
