import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Profile } from '../../../src/profile/profile.ts';
import { paletteOf } from '../../../src/render/colors.ts';
import { decodeSamples, decodeSummary } from '../../../src/render/html/app/decode.ts';
import { laneBoxes } from '../../../src/render/html/app/lane-boxes.ts';
import { lanesOf } from '../../../src/render/html/app/lanes.ts';
import { ticks } from '../../../src/render/html/app/time-axis.ts';
import { encodeProfile } from '../../../src/render/html/encode.ts';
import { arbitraryProfile } from '../../profile/arbitrary-profile.ts';
import { profileOf } from '../../profile/profile-of.ts';

const MS = 1_000_000;

function timelineOf(profile: Profile) {
  const blocks = encodeProfile(profile, paletteOf(profile), {
    title: '',
    subtitle: '',
    valueIndex: 0,
    facts: [],
    notes: [],
    view: 'flame',
    callers: false,
    inverted: false,
    threadRoots: true,
    search: '',
    sources: [],
  });
  const { profile: page, summary } = decodeSummary(blocks.summary);
  const timed = decodeSamples(blocks.samples!, summary);
  return { page, timed, lanes: lanesOf(page, timed) };
}

/** The boxes of a lane in words: `name@row from+width`. */
function boxesOf(profile: Profile, lane: number, window: { from: number; to: number; pixels: number }): string[] {
  const { page, timed, lanes } = timelineOf(profile);
  const { length, stack, x, width, row } = laneBoxes(page, timed, lanes, lanes.lanes[lane]!, window);
  const name = (at: number): string => page.strings[page.frames.name[page.stacks.frame[at]!]!]!;
  return Array.from({ length }, (_, i) => `${name(stack[i]!)}@${row[i]} ${round(x[i]!)}+${round(width[i]!)}`).sort();
}

const round = (pixels: number): number => Math.round(pixels * 1000) / 1000;

const clock = { valueTypes: [{ type: 'cpu', unit: 'nanoseconds' }] };

describe('a thread over time', () => {
  test('samples last as long as they weigh; what two neighbours have in common is one box', () => {
    const profile = profileOf(
      `main;a ${MS} @0
       main;a ${MS} @${MS}
       main;b ${MS} @${2 * MS}
       main;b ${MS} @${8 * MS}`,
      clock,
    );
    expect(boxesOf(profile, 0, { from: 0, to: 10 * MS, pixels: 1000 })).toEqual([
      'a@1 0+200',
      'b@1 200+100',
      'b@1 800+100',
      'main@0 0+300',
      'main@0 800+100',
    ]);
  });

  test('where weights are no times, a sample lasts to the next one that is due', () => {
    const profile = profileOf(`main 7 @0\nmain 7 @${MS}\nmain 7 @${2 * MS}\nmain 7 @${9 * MS}`);
    expect(boxesOf(profile, 0, { from: 0, to: 10 * MS, pixels: 100 })).toEqual(['main@0 0+30', 'main@0 90+10']);
  });

  test('garbage collection interrupts what runs: it stands on top of it', () => {
    const profile = profileOf(
      `main{app};work{app} ${MS} @0
       (garbage collector){gc} ${MS} @${MS}
       main{app};work{app} ${MS} @${2 * MS}`,
      clock,
    );
    expect(boxesOf(profile, 0, { from: 0, to: 3 * MS, pixels: 300 })).toEqual([
      '(garbage collector)@2 100+100',
      'main@0 0+300',
      'work@1 0+300',
    ]);
    expect(timelineOf(profile).lanes.lanes[0]!.depth).toBe(3);
  });

  test('a window shows its part alone', () => {
    const profile = profileOf(`a ${MS} @0\nb ${MS} @${MS}\nc ${MS} @${2 * MS}`, clock);
    expect(boxesOf(profile, 0, { from: 0.5 * MS, to: 1.5 * MS, pixels: 100 })).toEqual(['a@0 0+50', 'b@0 50+50']);
  });

  test('there are no more columns than px, and each shows the longest of its samples', () => {
    const samples = Array.from(
      { length: 10_000 },
      (_, i) => `f${i % 100 === 7 ? 'long' : i % 3} ${i % 100 === 7 ? 50 : 10} @${i * 60}`,
    );
    const { page, timed, lanes } = timelineOf(profileOf(samples.join('\n'), clock));
    const window = { from: 0, to: lanes.duration, pixels: 100 };
    const boxes = laneBoxes(page, timed, lanes, lanes.lanes[0]!, window);
    expect(boxes.length).toBeLessThanOrEqual(100);
    const shown = new Set(Array.from(boxes.stack, (at) => page.strings[page.frames.name[page.stacks.frame[at]!]!]));
    expect(shown).toEqual(new Set(['flong']));
  });

  test('every thread has a lane, the busiest first, with the name that it has', () => {
    const profile = profileOf(
      `[main 10/10] a ${MS} @0
       [worker 10/12] a ${2 * MS} @0
       [worker 10/12] b ${2 * MS} @${2 * MS}`,
      clock,
    );
    const { lanes } = timelineOf(profile);
    expect(lanes.lanes.map(({ title, busy }) => [title, busy])).toEqual([
      ['worker 10/12', 4 * MS],
      ['main 10/10', MS],
    ]);
    expect(lanes.duration).toBe(4 * MS);
  });

  test('whatever the samples: no box outside of its window, none on another of its row', () => {
    fc.assert(
      fc.property(
        arbitraryProfile.filter(({ samples }) => samples.time !== undefined && samples.length > 0),
        (profile) => {
          const { page, timed, lanes } = timelineOf(profile);
          for (const lane of lanes.lanes) {
            const boxes = laneBoxes(page, timed, lanes, lane, { from: 0, to: lanes.duration, pixels: 200 });
            const order = Array.from({ length: boxes.length }, (_, i) => i).sort((a, b) => boxes.x[a]! - boxes.x[b]!);
            const edges = new Map<number, number>();
            for (const i of order) {
              expect(boxes.row[i]).toBeLessThan(lane.depth);
              expect(boxes.x[i]).toBeGreaterThanOrEqual((edges.get(boxes.row[i]!) ?? 0) - 1e-6);
              edges.set(boxes.row[i]!, boxes.x[i]! + boxes.width[i]!);
              expect(boxes.x[i]! + boxes.width[i]!).toBeLessThanOrEqual(200 + 1e-6);
            }
          }
        },
      ),
    );
  });
});

test('marks of the time axis stand at round numbers and tell one from the other', () => {
  expect(ticks(0, 2.1e9, 0.4e9).map(({ text }) => text)).toEqual(['0', '500 ms', '1 s', '1.5 s', '2 s']);
  expect(ticks(10.0001e9, 10.0004e9, 1e5).map(({ text }) => text)).toEqual([
    '10.0001 s',
    '10.0002 s',
    '10.0003 s',
    '10.0004 s',
  ]);
  expect(ticks(0, 250, 100).map(({ text }) => text)).toEqual(['0', '100 ns', '200 ns']);
});
