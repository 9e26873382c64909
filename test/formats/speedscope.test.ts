import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat } from '../../src/formats/registry.ts';
import { speedscope } from '../../src/formats/speedscope.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { defaultValueIndex } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { arbitraryProfile } from '../profile/arbitrary-profile.ts';
import { deepProfile } from '../profile/deep-profile.ts';
import { linesOf, profileOf } from '../profile/profile-of.ts';
import { readText, refusal, stacksOf, written } from './harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/speedscope');
const peers = existsSync(PEERS);
if (!peers) console.log('speedscope peer data is not here: those tests are skipped');

const read = (text: string | Uint8Array) => readText(text, speedscope);
const FRAMES = [{ name: 'main' }, { name: 'parse', file: '/srv/a.js', line: 3, col: 7 }, { name: 'read', file: null }];
const SAMPLED = {
  type: 'sampled',
  name: 'a',
  unit: 'seconds',
  startValue: 2,
  endValue: 5,
  samples: [[0, 1], []],
  weights: [1.1, 2],
};
const EVENTED = {
  type: 'evented',
  name: 'b',
  unit: 'milliseconds',
  startValue: 10,
  endValue: 30,
  events: [
    { type: 'O', frame: 0, at: 12 },
    { type: 'O', frame: 2, at: 13 },
    { type: 'C', frame: 2, at: 15 },
    { type: 'C', frame: 0, at: 15 },
    { type: 'O', frame: 2, at: 20 },
    { type: 'C', frame: 2, at: 20.5 },
  ],
};
const file = (profiles: unknown, more: object = {}) =>
  JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    shared: { frames: FRAMES },
    profiles,
    ...more,
  });

describe('reading', () => {
  test('sampled: weights become nanoseconds, each sample starts where the one before ended', async () => {
    const profile = await read(file([SAMPLED], { exporter: 'py-spy@0.3' }));
    checkProfile(profile);
    expect(profile.valueTypes).toEqual([{ type: 'time', unit: 'nanoseconds' }]);
    expect(linesOf(profile)).toEqual(['main;parse /srv/a.js:3:7 1100000000', '2000000000']);
    expect([...profile.samples.time!]).toEqual([2e9, 3.1e9]);
    expect(profile.threads).toEqual([{ pid: -1, tid: -1, process: '', name: 'a' }]);
    expect(profile.meta.tool).toBe('py-spy@0.3');
  });

  test('evented: a frame has its time until the next event; nothing open is idle', async () => {
    const profile = await read(file([EVENTED]));
    expect(linesOf(profile)).toEqual(['main 1000000', 'main;read 2000000', 'read 500000']);
    expect([...profile.samples.time!]).toEqual([12e6, 13e6, 20e6]);
    // 10 to 12, 15 to 20, 20.5 to 30
    expect(profile.counters).toEqual([{ name: 'idle', unit: 'nanoseconds', value: 16.5e6, supported: true }]);
  });

  test('several profiles are threads; other units are other value types, the active one the default', async () => {
    const bytes = { ...SAMPLED, name: 'heap', unit: 'bytes' };
    const profile = await read(file([SAMPLED, bytes, EVENTED], { activeProfileIndex: 1 }));
    expect(profile.threads.map(({ name }) => name)).toEqual(['a', 'heap', 'b']);
    expect(profile.valueTypes.map(({ unit }) => unit)).toEqual(['nanoseconds', 'bytes']);
    expect([totalWeight(profile, 0), totalWeight(profile)]).toEqual([3.1e9 + 3.5e6, 3.1]);
    expect(profile.meta.notes).toEqual(['profiles of different units: nanoseconds, bytes']);
  });

  test.each([
    ['nanoseconds', 3.1, 'nanoseconds'],
    ['microseconds', 3100, 'nanoseconds'],
    ['milliseconds', 3.1e6, 'nanoseconds'],
    ['seconds', 3.1e9, 'nanoseconds'],
    ['bytes', 3.1, 'bytes'],
    ['none', 3.1, 'count'],
  ])('unit %s', async (unit, total, ours) => {
    const profile = await read(file([{ ...SAMPLED, unit }]));
    expect(profile.valueTypes[0]!.unit).toBe(ours);
    expect(totalWeight(profile)).toBeCloseTo(total, 6);
  });
});

describe('what is written', () => {
  const profile = profileOf(
    `
    [reader 1/2] main;parse /a.js:3:7{app} 1,10 @5
    [writer ?/3] main 2,30 @9
    [reader 1/2] main 4,50
    3,5
  `,
    { meta: { notes: [], command: ['node', 'a b.js'] } },
  );

  test('is what the published schema demands', () => {
    const root = JSON.parse(written(speedscope, profile));
    expect(root.$schema).toBe('https://www.speedscope.app/file-format-schema.json');
    expect(root.exporter).toBe('pforge-prof');
    expect(root.name).toBe('node a b.js');
    expect(root.shared.frames).toEqual([{ name: 'main' }, { name: 'parse', file: '/a.js', line: 3, col: 7 }]);
    expect(root.profiles.map(({ name }: { name: string }) => name)).toEqual(['samples', 'reader 1/2', 'writer 3']);
    for (const { type, unit, startValue, endValue, samples, weights } of root.profiles) {
      expect([type, unit, startValue]).toEqual(['sampled', 'nanoseconds', 0]);
      expect(samples).toHaveLength(weights.length);
      expect(endValue).toBe(weights.reduce((sum: number, weight: number) => sum + weight, 0));
      for (const frame of samples.flat()) expect(root.shared.frames[frame]).toBeDefined();
    }
    expect(root.profiles[1].samples).toEqual([[0, 1], [0]]);
    expect(root.profiles[root.activeProfileIndex]).toBeDefined();
  });

  test('totals, stacks, threads and the value type come back, of any profile', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryProfile, async (any) => {
        const again = await speedscope.read(inputOf(written(speedscope, any), 'x'), { list: [], add() {} });
        checkProfile(again);
        expect(again.valueTypes).toEqual([any.valueTypes[defaultValueIndex(any)]]);
        expect(totalWeight(again)).toBe(totalWeight(any));
        expect(stacksOf(again)).toBe(stacksOf(any));
      }),
      { numRuns: 60 },
    );
  });

  test('a unit that speedscope does not know comes back from our own file', async () => {
    const cycles = { ...profile, valueTypes: [profile.valueTypes[0]!, { type: 'cycles', unit: 'cycles' }] };
    const text = written(speedscope, cycles);
    expect(JSON.parse(text).profiles[0].unit).toBe('none');
    expect((await read(text)).valueTypes).toEqual([{ type: 'cycles', unit: 'cycles' }]);
  });

  test('a stack 100,000 deep', async () => {
    const again = await read(written(speedscope, deepProfile()));
    expect(again.stacks.length).toBe(100_000);
    expect(totalWeight(again)).toBe(7);
  });
});

describe('refused, naming the place', () => {
  const events = (...list: object[]) => file([{ ...EVENTED, events: list }]);
  test.each([
    ['$.shared: expected an object, found nothing', '{"profiles":[]}'],
    ['$.profiles: there is no profile', file([])],
    ['$.profiles[0].type: expected a string, found nothing', file([{ unit: 'none' }])],
    ["$.profiles[0].type: 'x' is not known: known are sampled, evented", file([{ ...SAMPLED, type: 'x' }])],
    ["$.profiles[0].unit: 'hours' is not known: known are none,", file([{ ...SAMPLED, unit: 'hours' }])],
    ['$.profiles[0].weights: 1 weights for 2 samples', file([{ ...SAMPLED, weights: [1] }])],
    ['$.profiles[0].weights[0]: -1 is negative', file([{ ...SAMPLED, weights: [-1, 2] }])],
    ['$.profiles[0]: its weights are too big for a number', file([{ ...SAMPLED, weights: [1e308, 2] }])],
    ['$.profiles[0].samples[1][0]: there is no frame 3, only 3', file([{ ...SAMPLED, samples: [[0], [3]] }])],
    ['$.profiles[0].samples[1][0]: there is no frame 0.5', file([{ ...SAMPLED, samples: [[0], [0.5]] }])],
    ['$.profiles[0].samples[1][0]: expected a number, found a string', file([{ ...SAMPLED, samples: [[0], ['0']] }])],
    ['$.profiles[0].samples[0]: expected an array, found the number 1', file([{ ...SAMPLED, samples: [1, 2] }])],
    ['$.profiles[0].events[0].frame: there is no frame -1', events({ type: 'O', frame: -1, at: 1 })],
    ['$.profiles[0].events[0].at: 1 is before 10: time goes backwards', events({ type: 'O', frame: 0, at: 1 })],
    ['$.profiles[0].events[0].type: this is neither "O" (open)', events({ type: 'B', frame: 0, at: 11 })],
    ['$.profiles[0].events[0]: frame 0 closes, but no frame is open', events({ type: 'C', frame: 0, at: 11 })],
    ['$.shared.frames[0].name: expected a string', file([SAMPLED], { shared: { frames: [{}] } })],
    ['line 1, column 14: the JSON ends too early', '{"profiles":['],
  ])('%s', async (message, text) => {
    expect(await refusal(read(text))).toContain(`x: ${message}`);
  });
});

describe.runIf(peers)("speedscope's own samples", () => {
  const bytes = (name: string) => readFileSync(resolve(PEERS, name));
  test.each([
    ['0.0.1/simple.speedscope.json', 14, ['a;b;c 2', 'a;b;d 4', 'a;b;c 3', 'a;b 5']],
    ['0.0.1/simple-no-pretty-print.speedscope.json', 14, ['a;b;c 2', 'a;b;d 4', 'a;b;c 3', 'a;b 5']],
    ['0.1.2/simple-sampled.speedscope.json', 14e9, ['a;b;c 1000000000', 'a;b;c 1000000000']],
    ['0.6.0/two-sampled.speedscope.json', 28e9, ['a;b;c 1000000000', 'a;b;c 1000000000']],
  ])('%s', async (name, total, first) => {
    expect(detectFormat(inputOf(bytes(name), 'x'))).toBe(speedscope);
    const profile = await readText(bytes(name));
    checkProfile(profile);
    expect(totalWeight(profile)).toBe(total);
    expect(linesOf(profile).slice(0, first.length)).toEqual(first);
  });

  test('the two invalid ones', async () => {
    expect(await refusal(readText(bytes('invalid/incomplete-trace.json')))).toBe(
      'x: $.profiles[0].events: the recording ends while frame 0 is open: the file is incomplete: record it again',
    );
    expect(await refusal(readText(bytes('invalid/out-of-order-events.json')))).toBe(
      'x: $.profiles[0].events[6]: frame 1 closes, but frame 0 was opened last',
    );
  });
});
