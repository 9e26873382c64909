import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader } from '../../../src/embedded/byte-reader.ts';
import { ByteWriter } from '../../../src/embedded/byte-writer.ts';
import { callTree } from '../../../src/profile/call-tree.ts';
import { frameLabel } from '../../../src/profile/frame-label.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { rootByThread } from '../../../src/profile/threads.ts';
import { top } from '../../../src/profile/top.ts';
import { paletteOf } from '../../../src/render/colors.ts';
import { decodeSamples, decodeSummary } from '../../../src/render/html/app/decode.ts';
import { encodeProfile, type PageWords } from '../../../src/render/html/encode.ts';
import { arbitraryProfile } from '../../profile/arbitrary-profile.ts';
import { profileOf } from '../../profile/profile-of.ts';

const words: PageWords = {
  title: 'title',
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
};

const wholeNumber = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));

test('columns of numbers come back as they were', () => {
  fc.assert(
    fc.property(
      fc.array(wholeNumber, { maxLength: 40 }),
      fc.array(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), { maxLength: 40 }),
      fc.array(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), { maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      (unsigned, near, weights, text) => {
        const writer = new ByteWriter();
        writer.text(text);
        writer.unsigned(Float64Array.from(unsigned));
        writer.deltas(Float64Array.from(near));
        writer.weights(Float64Array.from(weights));
        writer.weights(Float64Array.from(unsigned));
        const reader = new ByteReader(writer.done());
        expect(reader.text()).toBe(text);
        expect([...reader.numbers(unsigned.length)]).toEqual(unsigned);
        expect([...reader.numbers(near.length)]).toEqual(near);
        expect([...reader.numbers(weights.length)]).toEqual(weights);
        expect([...reader.numbers(unsigned.length)]).toEqual(unsigned);
      },
    ),
  );
});

function decoded(profile: Profile) {
  const blocks = encodeProfile(profile, paletteOf(profile), words);
  const data = decodeSummary(blocks.summary);
  return { data, timed: blocks.samples && decodeSamples(blocks.samples, data.summary) };
}

/** What a flame graph of every value type shows. */
function trees(profile: Profile) {
  return profile.valueTypes.map((_, valueIndex) => {
    const { frame, parent, total, weight } = callTree(profile, { valueIndex });
    return { labels: Array.from(frame, (row) => frameLabel(profile, row)), parent, total, weight };
  });
}

test('the page has the numbers of the profile: flame graphs, functions, threads', () => {
  fc.assert(
    fc.property(arbitraryProfile, (profile) => {
      const { data } = decoded(profile);
      expect(trees(data.profile)).toEqual(trees(profile));
      expect(top(data.profile)).toEqual(top(profile));
      expect(trees(rootByThread(data.profile, 'tid'))).toEqual(trees(rootByThread(profile, 'tid')));
    }),
  );
});

test('the samples over time are those of the profile, each thread in order', () => {
  fc.assert(
    fc.property(arbitraryProfile, (profile) => {
      const { data, timed } = decoded(profile);
      const { samples } = profile;
      if (samples.time === undefined || samples.length === 0) {
        expect(timed).toBeUndefined();
        return;
      }
      const first = Math.min(...samples.time);
      const rows = Array.from({ length: samples.length }, (_, row) =>
        JSON.stringify([
          samples.thread?.[row] ?? -1,
          samples.time![row]! - first,
          samples.stack[row],
          samples.values.map((column) => column[row]),
        ]),
      );
      const found = Array.from({ length: timed!.length }, (_, row) => {
        const sum = timed!.sum[row]!;
        const { thread, stack } = data.profile.samples;
        const values = timed!.values.map((column) => column[row]);
        return JSON.stringify([thread![sum], timed!.time[row], stack[sum], values]);
      });
      expect(found.toSorted()).toEqual(rows.toSorted());
      for (let row = 1; row < timed!.length; row++) {
        const sameThread =
          data.profile.samples.thread![timed!.sum[row]!] === data.profile.samples.thread![timed!.sum[row - 1]!];
        if (sameThread) expect(timed!.time[row]).toBeGreaterThanOrEqual(timed!.time[row - 1]!);
      }
    }),
  );
});

test('frames have the colours and groups of the palette', () => {
  const profile = profileOf('main{app};stat node:fs:7:2{runtime} 1');
  const palette = paletteOf(profile);
  const { data } = decoded(profile);
  const { fills, groups } = data.summary;
  expect(fills[data.fill[0]!]).toBe(palette.fill('app', 'main'));
  expect(fills[data.fill[1]!]).toBe(palette.fill('runtime', 'stat node:fs:7:2'));
  expect(groups[data.group[1]!]).toEqual({
    id: 'runtime',
    title: 'node core',
    fill: palette.fill('runtime', 'node core'),
  });
});
