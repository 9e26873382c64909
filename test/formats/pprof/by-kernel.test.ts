import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FormatError, type Input, Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { readByKernel } from '../../../src/formats/pprof/by-kernel.ts';
import type { PprofContent } from '../../../src/formats/pprof/content.ts';
import { kernelBytes } from '../../../src/formats/pprof/kernel-memory.ts';
import { readPlainly } from '../../../src/formats/pprof/plainly.ts';
import { readPprof } from '../../../src/formats/pprof/read-pprof.ts';
import { readPprofTables } from '../../../src/formats/pprof/tables.ts';
import { openPprofKernel } from '../../../src/formats/pprof-kernel/open-pprof-kernel.ts';
import { checkProfile } from '../../../src/profile/check.ts';
import { frameLabel } from '../../../src/profile/frame-label.ts';
import { rankedLabels } from '../../../src/profile/label-ranks.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { block, number, packed, text } from './encode.ts';
import { HEAD, messages, size, TEXTS } from './messages.ts';

/** Everything of a profile but the weak links between its tables. */
function facts(profile: Profile) {
  const { labels, rank } = rankedLabels(profile);
  return { ...profile, labels, rank };
}

/** What both ways make of a file; the kernel's is undefined where it leaves the file to the other one. */
function contents(bytes: readonly number[]): { plain: PprofContent; kernel: PprofContent | undefined } {
  const file = Buffer.from(bytes);
  const tables = readPprofTables(inputOf(file, 'x'), file);
  return {
    plain: readPlainly(tables, tables.valueTypes),
    kernel: readByKernel(tables, tables.valueTypes, openPprofKernel(kernelBytes(tables))!),
  };
}

function expectSame({ plain, kernel }: ReturnType<typeof contents>): void {
  expect(kernel).toBeDefined();
  const { profile, thread, ...rest } = kernel!;
  expect(facts(profile)).toEqual(facts(plain.profile));
  expect(rest).toEqual({
    stack: plain.stack,
    values: plain.values,
    inexact: plain.inexact,
    otherLabels: plain.otherLabels,
    callLines: plain.callLines,
  });
  expect(thread ?? new Int32Array(plain.stack.length).fill(-1)).toEqual(plain.thread);
  const { length } = plain.stack;
  checkProfile({ ...profile, samples: { length, stack: plain.stack, values: plain.values } });
}

test('any file that is as encoders write it comes to the same in the kernel as without', () => {
  fc.assert(
    fc.property(size, (given) => expectSame(contents(messages(given)))),
    { numRuns: 25 },
  );
});

test('texts beyond ASCII are put in order as strings', () => {
  const words = ['zebra', 'ähre', '😀', '\uFFFD', 'ﬀ', 'z', 'z\0', 'z\0a', ''];
  const texts = words.flatMap((word) => text(6, word));
  const functions = words.flatMap((_, i) => block(5, [...number(1, i + 1), ...number(2, TEXTS.length + i)]));
  const locations = words.flatMap((_, i) => block(4, [...number(1, i + 1), ...block(4, number(1, i + 1))]));
  const samples = words.flatMap((_, i) => block(2, [...packed(1, [i + 1, 1]), ...packed(2, [1])]));
  expectSame(contents([...HEAD, ...texts, ...functions, ...locations, ...samples]));
});

test.each([0xffff, 0x10000])('%i frames: numbers of 16 bits, and one more', (count) => {
  const locations: number[] = [];
  for (let id = 1; id <= count; id++) locations.push(...block(4, [...number(1, id), ...number(3, id)]));
  const samples = Array.from({ length: 600 }, (_, i) => {
    const path = Array.from({ length: 1 + (i % 12) }, (_, level) => 1 + ((i * 7919 + level * 65_521) % count));
    return block(2, [...packed(1, i % 5 === 0 ? [count, ...path, count] : path), ...packed(2, [i])]);
  });
  const both = contents([...HEAD, ...locations, ...samples.flat()]);
  expect(both.plain.profile.frames.length).toBe(count);
  expectSame(both);
});

test.each([
  [255, Uint8Array],
  [256, Int32Array],
  [2 ** 31 - 1, Int32Array],
  [2 ** 31, Float64Array],
])('columns are as wide as the greatest value, %i, wherever it stands', (greatest, column) => {
  const samples = Array.from({ length: 9000 }, (_, i) => block(2, packed(2, [i === 8500 ? greatest : i % 200])));
  for (const order of [samples, samples.toReversed()]) {
    const both = contents([...HEAD, ...order.flat()]);
    expectSame(both);
    expect(both.plain.values[0]).toBeInstanceOf(column);
  }
});

test('labels are those of the frames', () => {
  const { kernel } = contents(messages({ seed: 3, samples: 500, functions: 200, depth: 9, prefix: 1, spread: 9 }));
  const { profile } = kernel!;
  const { labels, rank } = rankedLabels(profile);
  expect(Array.from(rank, (row) => labels[row])).toEqual(
    Array.from(profile.frames.name, (_, frame) => frameLabel(profile, frame)),
  );
  expect(labels).toEqual(labels.toSorted());
});

test('stacks of 100,000 frames; deeper ones than it has memory for are left to others', () => {
  const functions = block(5, [...number(1, 1), ...number(2, 3)]);
  const location = block(4, [...number(1, 1), ...block(4, number(1, 1))]);
  const deep = (depth: number, lines = 1) => [
    ...HEAD,
    ...functions,
    ...location,
    ...block(4, [...number(1, 2), ...Array.from({ length: lines }, () => block(4, number(1, 1))).flat()]),
    ...block(2, [...packed(1, Array<number>(depth).fill(2)), ...packed(2, [7])]),
    ...block(2, [...packed(1, Array<number>(depth >> 1).fill(2)), ...packed(2, [7])]),
  ];
  expectSame(contents(deep(100_000)));
  expectSame(contents(deep(500, 200)));
  const file = Buffer.from(deep(3000, 2000));
  const tables = readPprofTables(inputOf(file, 'x'), file);
  expect(readByKernel(tables, tables.valueTypes, openPprofKernel(kernelBytes(tables))!)).toBeUndefined();
});

test.each<[string, readonly number[]]>([
  ['a large id', [...block(4, number(1, 2 ** 40)), ...block(2, [...packed(1, [2 ** 40]), ...packed(2, [1])])]],
  ['a field that nobody knows', block(2, [...packed(2, [1]), ...number(9, 1)])],
  ['a tag of two bytes', block(2, [0x92, 0x00, 1, 5])],
])('%s is left to the reader that knows all files', (_, odd) => {
  const { plain, kernel } = contents([...HEAD, ...odd]);
  expect(kernel).toBeUndefined();
  expect(plain.stack.length).toBe(1);
});

/** A profile, or what is said of the file. */
async function outcome(input: Input, source: typeof openPprofKernel) {
  const notes = new Notes();
  try {
    const profile = await readPprof(input, notes, source, 0);
    return { ...facts(profile), notes: notes.list };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.message;
  }
}

test('any byte changed or any end cut: the same profile, or the same line', async () => {
  const bytes = Buffer.from(messages({ seed: 11, samples: 12, functions: 4, depth: 4, prefix: 1, spread: 3 }));
  const flips = [0x01, 0x08, 0x80, 0xff];
  for (let i = HEAD.length; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i]! ^= flips[i % flips.length]!;
    for (const file of [bytes.subarray(0, i), changed]) {
      const found = await outcome(inputOf(file, 'x'), openPprofKernel);
      expect(found, `byte ${i}`).toEqual(await outcome(inputOf(file, 'x'), () => undefined));
    }
  }
});

test('a kernel is asked for where there is something to do for it', async () => {
  const read = async (samples: number) => {
    let asked = 0;
    const file = Buffer.from(messages({ seed: 1, samples, functions: 9, depth: 30, prefix: 1, spread: 2 }));
    await readPprof(inputOf(file, 'x'), new Notes(), () => {
      asked++;
      return undefined;
    });
    return asked;
  };
  expect(await read(10)).toBe(0);
  expect(await read(20_000)).toBe(1);
});
