import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuprofile } from '../../src/formats/cpuprofile.ts';
import { Notes } from '../../src/formats/format.ts';
import { inputOf } from '../../src/formats/input.ts';
import { writableFormats } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { filter } from '../../src/profile/filter.ts';
import { fold } from '../../src/profile/fold.ts';
import { merge } from '../../src/profile/merge.ts';
import { onlyValueType } from '../../src/profile/only-value-type.ts';
import type { Profile, WeightColumn } from '../../src/profile/profile.ts';
import { selectSamples } from '../../src/profile/select-samples.ts';
import { rootByThread } from '../../src/profile/threads.ts';
import { top } from '../../src/profile/top.ts';
import { anyProfile } from '../profile/arbitrary-profile.ts';
import { readText } from './harness.ts';

const wide = (column: WeightColumn): WeightColumn => Float64Array.from(column);
const widened = (profile: Profile): Profile => ({
  ...profile,
  samples: { ...profile.samples, values: profile.samples.values.map(wide) },
});

describe('whether columns of weights are narrow or wide makes no difference', () => {
  test.each(writableFormats().map((format) => [format.id, format] as const))('to %s files', (_id, format) => {
    const bytes = (profile: Profile) =>
      Buffer.concat(Array.from(format.write!(profile), (chunk) => Buffer.from(chunk))).toString('latin1');
    fc.assert(
      fc.property(anyProfile, (profile) => {
        expect(bytes(widened(profile))).toBe(bytes(profile));
        expect(format.cannotHold?.(widened(profile))).toEqual(format.cannotHold?.(profile));
      }),
      { numRuns: 30 },
    );
  });

  test('to what is done with profiles', () => {
    const steps: readonly ((profile: Profile) => unknown)[] = [
      (profile) => filter(profile, { focus: /a/ }),
      (profile) => selectSamples(profile, { from: 1000 }),
      (profile) => onlyValueType(profile, 0),
      (profile) => merge([profile, profile]),
      fold,
      (profile) => rootByThread(profile, 'tid'),
      (profile) => top(profile),
    ];
    fc.assert(
      fc.property(anyProfile, fc.constantFrom(...steps), (profile, step) => {
        expect(numbersOf(step(widened(profile)))).toEqual(numbersOf(step(profile)));
      }),
    );
  });
});

test('what is left of narrow columns stays narrow', () => {
  fc.assert(
    fc.property(anyProfile, (profile) => {
      const left = [filter(profile, { ignore: /a/ }).profile, selectSamples(profile, { pid: 1 }).profile];
      for (const { samples } of left) {
        expect(samples.values.map((column) => column.constructor)).toEqual(
          profile.samples.values.map((column) => column.constructor),
        );
      }
    }),
  );
});

describe('.cpuprofile', () => {
  /** Microseconds: short ones, a clock that goes back, more than 2^31 nanoseconds, and fractions. */
  const delta = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -5, max: 200 }) },
    { weight: 1, arbitrary: fc.integer({ min: 2_147_483, max: 3_000_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(0.5, 2.25) },
  );
  const recordings = fc.record({
    start: fc.constantFrom(0, 7, 1_000_000_000),
    rows: fc.array(fc.record({ delta, id: fc.integer({ min: 1, max: 4 }) }), { minLength: 1, maxLength: 40 }),
    end: fc.constantFrom(0, 100, 2_147_483, 2_147_484),
    name: fc.constantFrom('(idle)', 'c'),
  });
  const callFrame = (functionName: string) => ({ functionName, url: '', lineNumber: -1, columnNumber: -1 });

  test('weights and times are those of the clock, as wide as they must be, on every way to them', async () => {
    await fc.assert(
      fc.asyncProperty(recordings, async ({ start, rows, end, name }) => {
        // V8's clock, one sample after the other
        const moments: number[] = [];
        let now = start;
        for (const { delta } of rows) {
          now += delta;
          moments.push(Math.max(moments.at(-1) ?? start, now));
        }
        moments.push(moments.at(-1)! + end);
        const nodes = ['(root)', 'a', 'b', name].map((word, i) => ({
          id: i + 1,
          callFrame: callFrame(word),
          ...(i === 0 ? { children: [2, 3, 4] } : {}),
        }));
        const file = { nodes, startTime: start, endTime: moments.at(-1), samples: rows.map(({ id }) => id) };
        const expected = rows
          .map(({ id }, i) => ({ id, time: moments[i]! * 1000, weight: (moments[i + 1]! - moments[i]!) * 1000 }))
          .filter(({ id }) => name !== '(idle)' || id !== 4);

        const timeDeltas = rows.map((row) => row.delta);
        const deltasFirst = { timeDeltas, ...file };
        const stamped = { ...file, timestamps: moments };
        for (const text of [{ ...file, timeDeltas }, deltasFirst, stamped].map((value) => JSON.stringify(value))) {
          const profile = await cpuprofile.read(inputOf(text, 'x'), new Notes());
          checkProfile(profile);
          const { values, time } = profile.samples;
          expect([...values[0]!]).toEqual(expected.map(() => 1));
          expect([...values[1]!]).toEqual(expected.map(({ weight }) => weight));
          expect([...time!]).toEqual(expected.map((row) => row.time));
          expect(profile.meta.duration).toBe((moments.at(-1)! - moments[0]!) * 1000);
        }
      }),
    );
  });

  test('a column is wide from the first number on that does not fit', async () => {
    const read = async (...timeDeltas: number[]) => {
      const nodes = [{ id: 1, callFrame: callFrame('a') }];
      const end = timeDeltas.reduce((sum, delta) => sum + delta, 1);
      const file = { nodes, startTime: 0, endTime: end, samples: timeDeltas.map(() => 1), timeDeltas };
      return (await readText(JSON.stringify(file), cpuprofile)).samples.values;
    };
    expect(await read(0, 5, 2_147_483)).toEqual([Uint8Array.of(1, 1, 1), Int32Array.of(5000, 2_147_483_000, 1000)]);
    expect(await read(0, 5, 2_147_484)).toEqual([Uint8Array.of(1, 1, 1), Float64Array.of(5000, 2_147_484_000, 1000)]);
  });
});

/** Columns as lists, so that only their numbers count. */
function numbersOf(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, member) => (ArrayBuffer.isView(member) ? [...(member as Float64Array)] : member)),
  );
}
