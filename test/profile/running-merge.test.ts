import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkProfile } from '../../src/profile/check.ts';
import { fold } from '../../src/profile/fold.ts';
import { merge } from '../../src/profile/merge.ts';
import type { Counter, Profile } from '../../src/profile/profile.ts';
import { RunningMerge } from '../../src/profile/running-merge.ts';
import { arbitraryProfile } from './arbitrary-profile.ts';
import { linesOf, profileOf } from './profile-of.ts';

function runningMerge(profiles: readonly Profile[], options: { ids?: boolean } = {}): Profile {
  const running = new RunningMerge(options);
  profiles.forEach((profile, i) => {
    running.add(profile, `profile ${i + 1}`);
  });
  return running.build();
}

test('any profiles: the weights of every stack are those of a merge that keeps all samples', () => {
  fc.assert(
    fc.property(fc.array(arbitraryProfile, { minLength: 1, maxLength: 6 }), (profiles) => {
      const [all, summed] = [merge(profiles), runningMerge(profiles)];
      checkProfile(summed);
      expect(summed.valueTypes).toEqual(all.valueTypes);
      summed.valueTypes.forEach((_, v) => {
        expect(linesOf(fold(summed), v)).toEqual(linesOf(fold(all), v));
      });
      // A row for each stack and thread that has samples
      const keys = Array.from(summed.samples.stack, (stack, i) => `${stack} ${summed.samples.thread?.[i]}`);
      expect(new Set(keys).size).toBe(keys.length);
    }),
  );
});

test('threads are told apart by names, or by numbers where those are wanted', () => {
  const one = profileOf`
    [worker 12/13] main 1
    [worker 12/14] main 2
    [other 12/15] main 4
    main 8
  `;
  const two = profileOf`[worker 20/21] main 16`;
  const byName = runningMerge([one, two]);
  expect(byName.threads.map(({ pid, tid, name }) => [pid, tid, name])).toEqual([
    [-1, -1, 'worker'],
    [-1, -1, 'other'],
  ]);
  expect([...byName.samples.values[0]!]).toEqual([19, 4, 8]);
  expect([...byName.samples.thread!]).toEqual([0, 1, -1]);
  expect(runningMerge([one, two], { ids: true }).threads.map(({ tid }) => tid)).toEqual([13, 14, 15, 21]);
  expect(runningMerge([profileOf`main 1`, profileOf`main 2`]).samples.thread).toBeUndefined();
});

describe('what is said', () => {
  const noted = (notes: readonly string[]): Profile => profileOf('main 1', { meta: { notes } });

  test('that times and series are gone, where there were any', () => {
    expect(runningMerge([profileOf`main 1`, profileOf`main 2`]).meta.notes).toEqual([
      '2 inputs are added up by stack and thread',
    ]);
    const series = [{ name: 'rss', unit: 'bytes', time: new Float64Array(1), value: new Float64Array(1) }];
    const merged = runningMerge([profileOf`main 1 @1000`, { ...profileOf`main 2`, series }]);
    expect(merged.meta.notes).toEqual([
      '2 inputs are added up by stack and thread; they have no times of samples and no series over time then',
    ]);
    expect(merged.samples.time).toBeUndefined();
  });

  test('each note once with its number, and not thousands of them', () => {
    expect(runningMerge([noted(['cut']), noted(['cut', 'odd']), noted(['cut'])]).meta.notes.slice(1)).toEqual([
      'cut (3 times)',
      'odd',
    ]);
    const many = runningMerge(Array.from({ length: 60 }, (_, i) => noted([`note ${i}`, 'note 3']))).meta.notes;
    expect(many).toHaveLength(52);
    expect(many.at(-1)).toBe('10 further notes of inputs are left out');
    expect(many).toContain('note 3 (61 times)');
  });

  test('which weights do not go together, by the names of the inputs', () => {
    const cpu = [{ type: 'cpu', unit: 'nanoseconds' }];
    const merged = runningMerge([profileOf('a 1', { valueTypes: cpu }), profileOf('a 2')]);
    expect(merged.meta.notes[1]).toContain('0 for profile 2');
  });
});

test('counters of one name are added up, and what all agree on stays', () => {
  const idle = (value: number): Counter => ({ name: 'idle', unit: 'nanoseconds', value, supported: true });
  const of = (value: number, tool: string): Profile => ({
    ...profileOf`main 1`,
    counters: [idle(value)],
    meta: { notes: [], tool, format: 'cpuprofile' },
  });
  const merged = runningMerge([of(1, 'a'), of(2, 'b'), of(4, 'b')]);
  expect(merged.counters).toEqual([idle(7)]);
  expect(merged.meta).toMatchObject({ format: 'cpuprofile' });
  expect(merged.meta.tool).toBeUndefined();
});

test('nothing is no profile', () => {
  expect(() => new RunningMerge().build()).toThrow(new RangeError('there are no profiles to merge'));
});
