import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { readInput } from '../../../src/formats/registry.ts';
import { Maker, SAMPLE_ID_ALL, text, u32, u64 } from './made-recording.ts';
import { type Read, readAll } from './read-all.ts';

const SAMPLES = 4;
const stamp = [u32(10), u32(10), u64(5)];

/** A recording that has something of everything. */
function recording(little: boolean, pipe: boolean): Buffer {
  const made = new Maker(little);
  // IDENTIFIER IP TID TIME PERIOD READ CALLCHAIN RAW BRANCH_STACK REGS_USER STACK_USER
  const sampleType = 0x10000 | 1 | 2 | 4 | 0x100 | 0x10 | 0x20 | 0x400 | 0x800 | 0x1000 | 0x2000;
  const attributes = [
    { sampleType, readFormat: 8 | 4, flags: [SAMPLE_ID_ALL], regsUser: 3, stackUser: 8, ids: [1, 2] },
    { sampleType, readFormat: 8 | 4, flags: [SAMPLE_ID_ALL], regsUser: 1, stackUser: 8, ids: [3] },
  ];
  const sample = (id: number, count: number): Buffer =>
    made.record(
      ...([9, 2, u64(id), u64(0x1008), u32(10), u32(10), u64(7), u64(1000)] as const),
      ...[u64(1), u64(count), u64(id), u64(2), u64(-512), u64(0x1008), u32(4), u32(0)],
      ...[u64(1), u64(1), u64(2), u64(3), u64(2), u64(8), ...(id < 3 ? [u64(8)] : []), u64(8), u64(1), u64(8)],
    );
  const records = [
    made.record(1, 2, u32(10), u32(10), u64(0x1000), u64(0x1000), u64(0), text('/bin/x'), ...stamp, u64(1)),
    made.record(3, 0, u32(10), u32(10), text('x'), ...stamp, u64(1)),
    made.record(7, 0, u32(11), u32(10), u32(11), u32(10), u64(5), ...stamp, u64(1)),
    ...Array.from({ length: SAMPLES }, (_, i) => sample(1 + (i % 3), 100 * (1 + i))),
    made.record(68, 0),
    Buffer.concat([made.record(71, 0, u64(16), u64(0), u64(0), u64(0), u64(0)), Buffer.alloc(16)]),
    made.record(13, 0, u64(1), ...stamp, u64(1)),
  ];
  const string = made.bytes(u32(8), text('name'));
  const features = new Map([
    [2, made.record(67, 0, u32(-1), Buffer.alloc(24), text('/bin/x'))],
    [3, string],
    [11, made.bytes(u32(1), string)],
    [12, made.bytes(u32(1), u32(8), u64(0), u32(0), string)],
  ]);
  return pipe ? made.pipe(attributes, records) : made.file({ attributes, records, features });
}

/** Undefined where it is refused with one clear line. */
async function readOrRefused(bytes: Uint8Array): Promise<Read | undefined> {
  try {
    const read = await readAll(bytes);
    expect(read.notes.join('\n')).not.toMatch(/undefined|NaN|\[object/);
    return read;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).toMatch(/^x: /);
    expect(error.message).not.toMatch(/\n|undefined|NaN|\[object/);
    return undefined;
  }
}

describe.each([
  [true, false],
  [false, false],
  [true, true],
  [false, true],
])('little-endian %s, from a pipe %s', (little, pipe) => {
  const bytes = recording(little, pipe);

  test('is whole', async () => {
    const { samples, notes } = await readAll(bytes);
    expect(samples.map(({ event }) => event)).toEqual([0, 0, 1, 0]);
    expect(samples.every(({ paths, stack }) => paths[0] === '/bin/x' && stack?.length === 8)).toBe(true);
    expect(notes).toHaveLength(1);
  });

  test('cut at any byte, it is what it holds or a clear error', async () => {
    let most = 0;
    // The byte order does not change where a record ends: every byte of one order, every third of the other.
    for (let end = 0; end < bytes.length; end += little ? 1 : 3) {
      const read = await readOrRefused(bytes.subarray(0, end));
      if (read === undefined) continue;
      // What is longer never holds less
      expect(read.samples.length).toBeGreaterThanOrEqual(most);
      most = read.samples.length;
    }
    expect(most).toBe(SAMPLES);
  });

  test('with any bytes changed, it is read or refused', async () => {
    const place = fc.nat(bytes.length - 1);
    const value = fc.oneof(fc.constantFrom(0, 1, 127, 128, 255), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(place, value), { minLength: 1, maxLength: 6 }), async (changes) => {
        const changed = Buffer.from(bytes);
        for (const [at, byte] of changes) changed[at] = byte;
        const read = await readOrRefused(changed);
        if (read) expect(read.samples.length).toBeLessThan(bytes.length / 8);
      }),
      { numRuns: 200 },
    );
  });

  test('with any word that lies, it is read or refused', async () => {
    const liar = fc.constantFrom(0n, 1n, 7n, 0xffffn, 0xffff_ffffn, 2n ** 40n, 2n ** 63n, 2n ** 64n - 1n);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length / 4 - 3), liar, async (word, value) => {
        const changed = Buffer.from(bytes);
        changed.writeBigUInt64LE(value, word * 4);
        await readOrRefused(changed);
      }),
      { numRuns: 200 },
    );
  });
});

test('what is no recording is refused', async () => {
  await expect(readAll(Buffer.from('PERFILE1 and more of it, so that a header would fit'))).rejects.toThrow(
    'x: byte 0: it does not start as a perf.data file',
  );
  await expect(readAll(Buffer.from('PERFILE2'))).rejects.toThrow('x: byte 8: the file ends in its header');
});

test('memory does not grow with sizes that lie', async () => {
  const bytes = recording(true, false);
  // Where the descriptions of events are and how long, the ids of the first, the length of the records
  for (const at of [24, 32, 40, 48, 104 + 24 + 128, 104 + 24 + 136]) {
    const changed = Buffer.from(bytes);
    changed.writeBigUInt64LE(2n ** 45n, at);
    const before = process.memoryUsage().arrayBuffers;
    await readOrRefused(changed);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
  }
});

test.each([
  ['none', 1 | 2 | 4 | 0x100, []],
  ['an empty one', 1 | 2 | 4 | 0x100 | 0x20, [u64(0)]],
] as const)(
  'samples with no call chain (%s) have their address alone, as of `perf record` without -g',
  async (_what, sampleType, chain) => {
    const made = new Maker(true);
    const sample = made.record(9, 2, u64(0x1008), u32(10), u32(10), u64(7), u64(1000), ...chain);
    const profile = await readInput(
      inputOf(made.file({ attributes: [{ sampleType, ids: [1] }], records: [sample, sample] }), 'x'),
    );
    expect(profile.samples.length).toBe(2);
    expect(profile.stacks.length).toBe(1);
  },
);
