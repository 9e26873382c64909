import { describe, expect, test } from 'vitest';
import { compareProfiles } from '../../../src/profile/diff/compare.ts';
import { countedSamples } from '../../../src/profile/diff/counted-samples.ts';
import { SeededRandom } from '../../../src/statistics/random.ts';
import { profileOf } from '../profile-of.ts';
import { functionRow } from './compared-rows.ts';

/** As stackcollapse-perf.pl writes cpu-clock at 999 Hz: nanoseconds. */
const PERIOD = 1_001_001;
const nanoseconds = (samples: readonly number[]) =>
  samples.map((count, i) => `main;f${i} ${count * PERIOD}`).join('\n');

function cyclesOf(stacks: number): string {
  const random = new SeededRandom(7);
  const lines = Array.from({ length: stacks }, (_, i) => `main;f${i} ${2_000_000 + random.below(9_000_000)}`);
  // perf's first periods are tiny, until it has found the one for the frequency
  return [...lines, 'main;exec 1', 'main;exec;load 57'].join('\n');
}

describe('weights that are no counts', () => {
  test('multiples of one period are so many samples', () => {
    const { counts, note } = countedSamples(profileOf(nanoseconds([17, 28, 26, 15])));
    expect(Array.from(counts!).sort()).toEqual([15, 17, 26, 28]);
    expect(note).toBe('all weights are multiples of 1,001,001, which is taken for the weight of one sample');
  });

  test('noise of 86 samples is no change, though they weigh millions', () => {
    const sides = [[profileOf(nanoseconds([17, 28, 26, 15]))], [profileOf(nanoseconds([22, 25, 24, 15]))]] as const;
    const comparison = compareProfiles(...sides, { names: { before: 'a.folded', after: 'b.folded' } });
    expect(comparison.significant).toBe(0);
    expect(comparison.before.samples).toBe(86);
    expect(functionRow(comparison, 'f0').verdict).toBe('unchanged');
    expect(comparison.notes.map((note) => note.slice(0, 10))).toEqual(['a.folded: ', 'b.folded: ']);
  });

  test.each([
    ['few stacks', 4],
    ['many stacks', 200],
  ])('cycles, of which each sample has its own: not known (%s)', (_, stacks) => {
    const { counts, note } = countedSamples(profileOf(cyclesOf(stacks)));
    expect(counts).toBeUndefined();
    expect(note).toContain('too large for counts');
    const comparison = compareProfiles([profileOf(cyclesOf(stacks))], [profileOf(cyclesOf(stacks + 1))]);
    expect(functionRow(comparison, 'f0').verdict).toBe('untested');
  });

  test('microseconds of many stacks', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `main;f${i} ${1003 + 137 * i * i}`);
    expect(countedSamples(profileOf(lines.join('\n'))).counts).toBeUndefined();
  });

  test('microseconds as nanoseconds: multiples of 1000, which is no period', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `main;f${i} ${(211 + 37 * i * i) * 1000}`);
    expect(countedSamples(profileOf(lines.join('\n'))).counts).toBeUndefined();
  });

  test('a period and many stacks, of which most are rare', () => {
    const counts = Array.from({ length: 60 }, (_, i) => 1 + ((i * i * i) % 700));
    expect(countedSamples(profileOf(nanoseconds(counts))).counts!.length).toBe(60);
  });

  test('a single weight says nothing of a period', () => {
    expect(countedSamples(profileOf('main 5000000000')).counts).toBeUndefined();
  });
});

describe('weights that are counts', () => {
  test.each([
    ['ones', 'main;a 1\nmain;b 1\nmain;c 1'],
    ['round numbers', 'main;a 1000\nmain;b 3000\nmain;c 2000\nmain;d 4000\nmain;e 5000\nmain;f 7000'],
    ['even numbers', Array.from({ length: 12 }, (_, i) => `main;f${i} ${2 * (i + 1)}`).join('\n')],
    ['a long run of few stacks', 'main;a 12345\nmain;b 99871\nmain;c 70021'],
    ['fractions', 'main;a 1.5\nmain;b 2.25'],
    ['nothing', ''],
    ['a fleet', Array.from({ length: 500 }, (_, i) => `main;f${i} ${Math.ceil(1e9 / (i + 1) ** 3)}`).join('\n')],
  ])('%s', (_, text) => {
    const profile = profileOf(text);
    expect(countedSamples(profile)).toEqual({ counts: profile.samples.values[0] });
  });

  test('beside another weight, whatever they are', () => {
    const types = [
      { type: 'samples', unit: 'count' },
      { type: 'cpu', unit: 'nanoseconds' },
    ];
    const profile = profileOf('a 5000000,5\nb 7000000,7', { valueTypes: types });
    expect(countedSamples(profile).counts).toBe(profile.samples.values[0]);
  });
});
