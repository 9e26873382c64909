import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuColumns } from '../../../src/formats/cpuprofile/columns.ts';
import { NodeIds } from '../../../src/formats/cpuprofile/node-ids.ts';
import { readCpuSamples } from '../../../src/formats/cpuprofile/samples.ts';
import { IDLE_STACK } from '../../../src/formats/cpuprofile/tree.ts';
import { wholeColumns } from '../../../src/formats/cpuprofile/whole.ts';
import { FormatError, Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { openJsonKernel } from '../../../src/formats/json-kernel/open-json-kernel.ts';
import { NumberList } from '../../../src/formats/json-stream/list.ts';

const input = inputOf('x', 'x');
/** Ids of nodes: small ones, idle ones and a large one. */
const NODES = Float64Array.of(1, 2, 3, 4, 500_000);
const tree = () => ({
  ids: new NodeIds(NODES, () => {
    throw new RangeError('no id is there twice');
  }),
  stack: Int32Array.of(-1, 0, 1, IDLE_STACK, 2),
  hitCount: new NumberList(),
});

const listOf = (numbers: readonly number[]): NumberList => {
  const list = new NumberList();
  for (const number of numbers) list.push(number);
  return list;
};

/** By three passes in JavaScript: deltas that may be anything. */
function expected(ids: readonly number[], deltas: readonly number[], startTime: number, endTime: number) {
  const notes = new Notes();
  const file = { samples: listOf(ids), timeDeltas: listOf(deltas), startTime, endTime };
  const columns = cpuColumns(readCpuSamples(input, file, tree(), notes), 3);
  return { ...columns, time: columns.samples.time, notes: notes.list };
}

function found(ids: readonly number[], deltas: readonly number[], startTime: number, endTime: number) {
  const missing: string[] = [];
  const samples = {
    ids: Int32Array.from(ids),
    deltas: Int32Array.from(deltas),
    start: startTime,
    end: endTime - startTime,
  };
  const { columns, backwards } = wholeColumns(samples, { tree: tree(), kernel: openJsonKernel }, 3, {
    missing: (i, id) => missing.push(`$.samples[${i}] = ${id}`),
    wrong: (i, delta) => {
      throw new FormatError(input, `$.timeDeltas[${i}]`, `${delta} is no time in microseconds`);
    },
  });
  const notes = new Notes();
  if (missing.length > 0) {
    notes.add(`samples of nodes that do not exist, left without a stack: ${missing.length}, first ${missing[0]}`);
  }
  if (backwards > 0) notes.add(`negative timeDeltas, counted as 0: ${backwards}`);
  return { ...columns, time: columns.samples.time, notes: notes.list };
}

const id = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(500_000, 99, -1, 0) },
);
const delta = fc.oneof(
  { weight: 40, arbitrary: fc.integer({ min: 0, max: 200 }) },
  { weight: 3, arbitrary: fc.integer({ min: -300, max: 0 }) },
  { weight: 1, arbitrary: fc.constantFrom(1_048_575, 1_048_576, 2_147_483, 2_147_484, 999_999_999, -999_999_999) },
);

/** Short runs over and over, or long enough for the kernel. */
function repeated(part: readonly number[], length: number, plain: number): number[] {
  return Array.from({ length }, (_, i) => (i % 1000 < part.length ? part[i % 1000]! : plain));
}

test.each([
  ['few samples, in JavaScript', 400, 400],
  ['many samples, in WebAssembly', 20_000, 30],
])('one pass gives what three do: %s', (_what, length, numRuns) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(id, delta), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 2 ** 51 }),
      fc.oneof(fc.constant(0), fc.nat(2 ** 31)),
      (part, few, start, more) => {
        const rows = length / few;
        const ids = repeated(
          part.map(([first]) => first),
          rows,
          2,
        );
        const deltas = repeated(
          part.map(([, second]) => second),
          rows,
          120,
        );
        const end = start + more;
        expect(found(ids, deltas, start, end)).toEqual(expected(ids, deltas, start, end));
      },
    ),
    { numRuns },
  );
});

test.each([10, 20_000])('a time that cannot be is refused at its sample: %i samples', (length) => {
  const ids = new Array<number>(length).fill(2);
  for (const delta of [2_147_483_647, -2_147_483_647]) {
    const deltas = new Array<number>(length).fill(delta);
    const messageOf = (reading: () => unknown): string | undefined => {
      try {
        reading();
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };
    const message = messageOf(() => expected(ids, deltas, 0, 1));
    expect(message === undefined).toBe(length === 10);
    expect(messageOf(() => found(ids, deltas, 0, 1))).toBe(message);
  }
});
