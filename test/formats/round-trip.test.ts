import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Format, Notes } from '../../src/formats/format.ts';
import { inputOf } from '../../src/formats/input.ts';
import { writableFormats } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { defaultValueIndex, type Profile } from '../../src/profile/profile.ts';
import { nanosecondsPerUnit } from '../../src/profile/units.ts';
import { anyProfile } from '../profile/arbitrary-profile.ts';
import { type Facts, factsOf } from './facts-of-profile.ts';

/** By how much a format may be wrong in a sum of `samples` weights and a time, in nanoseconds or units. */
interface Resolution {
  readonly weight: (samples: number, profile: Profile) => number;
  readonly time: number;
}
const isTime = (profile: Profile) =>
  nanosecondsPerUnit(profile.valueTypes[defaultValueIndex(profile)]!.unit) !== undefined;
const resolutions: Record<string, Resolution> = {
  // Decimals of any length, but one that is below 1e-20
  folded: { weight: () => 1e-9, time: 0 },
  cpuprofile: { weight: (samples) => 1000 * (samples + 1), time: 1000 },
  json: { weight: () => 0, time: 0 },
  heapprofile: { weight: () => 0, time: 0 },
  // Whole numbers of the weight's own unit
  pprof: {
    weight: (samples, profile) =>
      samples * (nanosecondsPerUnit(profile.valueTypes[defaultValueIndex(profile)]!.unit) ?? 1),
    time: 0,
  },
  // Thousandths of a nanosecond where another unit of time is read
  speedscope: { weight: (samples) => samples * 0.001, time: 0 },
  gecko: { weight: (samples, profile) => (isTime(profile) ? samples : 0) * 0.001, time: 1 },
};
/** What sixteen digits may be wrong by. */
const DIGITS = 1e-14;

/** The note that must stand where a fact is not kept. */
const named: Record<keyof Facts, RegExp> = {
  unit: /do not say what they count|know time only|know bytes only|call all time CPU time/,
  stacks: /without a stack|know time only|know bytes only|divided by|names with|names that are no valid|counts as idle/,
  threads: /no threads?\b|names that are no valid|know time only|know bytes only|divided by|counts as idle/,
  totals: /no weights beside|whole numbers/,
  times: /no times|times are rounded|counts as idle/,
  modules: /no modules|names with/,
  kinds: /no kinds of code|names with/,
  tiers: /no JIT tiers/,
  places: /no lines without|no columns without/,
  counters: /no counters|counts as idle/,
  series: /no series/,
  origin: /no facts of the recording/,
};

const formats = writableFormats();
const runs = { numRuns: Number(process.env.ROUND_TRIPS ?? 100) };

describe.each(formats.map((format) => [format.id, format] as const))('%s', (id, format) => {
  const { weight, time } = resolutions[id]!;

  const check = (profile: Profile, again: Profile, notes: readonly string[]): void => {
    const after = factsOf(again);
    const before = factsOf(id === 'folded' && after.unit === 'samples count' ? countedOnly(profile) : profile);
    const lost = differences(before, after, weight(profile.samples.length, profile), time);
    if (factsOf(profile).unit !== after.unit && profile.samples.length > 0) lost.set('unit', after.unit);
    // speedscope has a name for the whole file: the command stands there, and is none when it is read
    if (id === 'speedscope' && lost.get('origin') === 'command') lost.delete('origin');
    // Nor do the names of CPU time differ in what they mean
    if (id === 'cpuprofile' && /^(?:cpu-clock|task-clock) time$/.test(before.unit)) lost.delete('unit');
    for (const [fact, what] of lost) {
      expect(
        notes.some((note) => named[fact].test(note)),
        `${fact}: ${what}; notes: ${notes.join('; ')}`,
      ).toBe(true);
    }
  };

  test('what a profile loses on the way to a file and back is named by a note', async () => {
    await fc.assert(
      fc.asyncProperty(anyProfile, async (profile) => {
        const first = await roundTrip(format, profile);
        check(profile, first.again, first.notes);
        // And once more: what was read is a profile as any other
        const second = await roundTrip(format, first.again);
        check(first.again, second.again, second.notes);
      }),
      runs,
    );
  });

  test('a note names only what the profile has', () => {
    fc.assert(
      fc.property(anyProfile, (profile) => {
        const notes = (format.cannotHold?.(profile) ?? []).join('\n');
        const { samples, frames, counters, series, meta, valueTypes } = profile;
        const has: readonly [RegExp, boolean][] = [
          [/no times/, samples.time !== undefined],
          [/no threads?\b/, samples.thread?.some((thread) => thread >= 0) === true],
          [/no weights beside/, valueTypes.length > 1],
          [/no modules/, frames.module.some((module) => module > 0)],
          [/no JIT tiers/, frames.tier.some((tier) => tier > 0)],
          [/no counters/, counters.length > 0],
          [/no series/, series.length > 0],
          [/no facts/, Object.keys(meta).some((key) => key !== 'notes' && key !== 'sampleInterval')],
          [/rounded/, samples.values.flatMap((column) => [...column]).length > 0],
          [/counts as idle/, profile.strings.includes('(idle)')],
          [/\[unknown\]/, samples.stack.includes(-1)],
        ];
        for (const [pattern, holds] of has) if (!holds) expect(notes).not.toMatch(pattern);
      }),
      runs,
    );
  });
});

test('our own format keeps everything, to the last bit', async () => {
  const json = formats.find(({ id }) => id === 'json')!;
  expect(json.cannotHold).toBeUndefined();
  await fc.assert(
    fc.asyncProperty(anyProfile, async (profile) => {
      expect((await roundTrip(json, profile)).again).toEqual(profile);
    }),
    runs,
  );
});

/** Folded text has numbers without a unit, unless its first line must say one. */
function countedOnly(profile: Profile): Profile {
  const valueTypes = profile.valueTypes.map((type, i) =>
    i === defaultValueIndex(profile) ? { type: 'samples', unit: 'count' } : type,
  );
  return { ...profile, valueTypes };
}

async function roundTrip(format: Format, profile: Profile): Promise<{ again: Profile; notes: readonly string[] }> {
  // A chunk is valid until the next one only
  const bytes = Buffer.concat(Array.from(format.write!(profile), (chunk) => Buffer.from(chunk)));
  const input = inputOf(format.id === 'pprof' ? gunzipSync(bytes) : bytes, 'x');
  const again = await format.read(input, new Notes());
  checkProfile(again);
  return { again, notes: format.cannotHold?.(profile) ?? [] };
}

/** What of `before` is not in `after`, by fact. */
function differences(before: Facts, after: Facts, near: number, nearTime: number): Map<keyof Facts, string> {
  const lost = new Map<keyof Facts, string>();
  for (const fact of ['stacks', 'threads', 'totals', 'counters'] as const) {
    for (const key of new Set([...before[fact].keys(), ...(fact === 'stacks' ? after[fact].keys() : [])])) {
      const [old, now] = [before[fact].get(key) ?? 0, after[fact].get(key) ?? 0];
      const room = near + DIGITS * Math.max(old, now) + (fact === 'counters' ? 1000 * 12 : 0);
      if (Math.abs(old - now) > room) lost.set(fact, `${key.slice(0, 200)}: ${old} -> ${now}`);
    }
  }
  if (before.times.length > 0) {
    const same = before.times.length === after.times.length;
    const close = before.times.every((at, i) => Math.abs(at - after.times[i]!) <= nearTime);
    if (!same || !close) lost.set('times', `${before.times.slice(0, 5)} -> ${after.times.slice(0, 5)}`);
  }
  // A label that is missing altogether has lost its stacks, or weighed too little
  for (const fact of ['modules', 'kinds', 'tiers', 'places'] as const) {
    for (const [key, old] of before[fact]) {
      const now = after[fact].get(key);
      // Folded text: a name may look like one with a place
      const gained = fact === 'places' && old === '0:0';
      if (now !== undefined && now !== old && !gained) lost.set(fact, `${key.slice(0, 200)}: ${old} -> ${now}`);
    }
  }
  for (const [key, old] of before.series) if (after.series.get(key) !== old) lost.set('series', key);
  for (const [key, old] of before.origin) {
    const now = after.origin.get(key);
    const close = typeof old === 'number' && typeof now === 'number' && Math.abs(old - now) <= Math.max(near, 0.01);
    if (now !== old && !close) lost.set('origin', key);
  }
  return lost;
}
