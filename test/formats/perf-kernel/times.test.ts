import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { openKernel } from '../../../src/formats/perf-kernel/either-kernel.ts';
import { PerfBlocks } from '../../../src/formats/perf-script/blocks.ts';
import { readLines } from '../../../src/formats/perf-script.ts';
import type { Profile } from '../../../src/profile/profile.ts';

const digits = (most: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most });
const times = fc.array(fc.tuple(digits(14), digits(11)), { minLength: 1, maxLength: 6 });

/** What was read, or why it was not. */
async function outcome(read: Promise<Profile>): Promise<unknown> {
  try {
    const { samples } = await read;
    return { length: samples.length, time: Array.from(samples.time ?? []) };
  } catch (error) {
    return (error as Error).message;
  }
}

test('times of any length are those of the reader by lines, whichever kernel reads them', async () => {
  await fc.assert(
    fc.asyncProperty(times, async (given) => {
      const text = given.map(([seconds, rest]) => `a 1/1 ${seconds}.${rest}: 1 cycles: \n\t1 f (/x)\n\n`).join('');
      const expected = await outcome(readLines(inputOf(text, 'x'), new Notes()));
      for (const kind of ['wasm', 'script'] as const) {
        const blocks = new PerfBlocks(inputOf(text, 'x'), new Notes(), openKernel(kind)!);
        expect(await outcome(blocks.read())).toEqual(expected);
      }
    }),
    { numRuns: 100 },
  );
});
