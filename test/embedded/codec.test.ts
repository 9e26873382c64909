import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeProfile } from '../../src/embedded/decode.ts';
import { embeddedElement } from '../../src/embedded/element.ts';
import { encodeProfile } from '../../src/embedded/encode.ts';
import { ProfileEncoder } from '../../src/embedded/profile-encoder.ts';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { checkProfile } from '../../src/profile/check.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { arbitraryProfile } from '../profile/arbitrary-profile.ts';
import { profileOf } from '../profile/profile-of.ts';
import { sumsByStack } from './sums-by-stack.ts';

const throughText = (profile: Profile): Profile => {
  const text = Array.from(embeddedElement(profile)).join('');
  const base64 = /^<metadata id="pforge-prof-profile" data-version="1">([A-Za-z0-9+/=\n]*)<\/metadata>\n$/.exec(
    text,
  )?.[1];
  return decodeProfile(base64!);
};

test('any profile comes back: every stack of every thread with all its weights, and all that is known of frames', () => {
  fc.assert(
    fc.property(arbitraryProfile, (profile) => {
      const again = throughText(profile);
      checkProfile(again);
      expect(sumsByStack(again)).toEqual(sumsByStack(profile));
      expect(again.valueTypes).toEqual(profile.valueTypes);
      expect(again.threads).toEqual(profile.threads);
      expect(again.counters).toEqual(profile.counters);
      expect(again.meta).toEqual(profile.meta);
      expect(again.samples.time).toBeUndefined();
    }),
  );
});

test('weights are exact: large, fractional, tiny', () => {
  const weights = [0, 1, 2 ** 53 - 2, 2 ** 53 - 1, 2 ** 53, 2 ** 60, 0.1, 1 / 3, 5e-324, 1.7e308];
  const builder = new ProfileBuilder([{ type: 'cpu', unit: 'nanoseconds' }]);
  weights.forEach((weight, i) => {
    builder.sample(builder.stack(-1, builder.frame({ name: `f${i}` })), [weight]);
  });
  expect(Array.from(throughText(builder.build()).samples.values[0]!)).toEqual(weights);
});

test('meta and counters come back', () => {
  const meta = {
    tool: 'perf 6.1',
    format: 'perf-data',
    command: ['a', '--b', ''],
    startTime: 1,
    duration: 2.5,
    sampleInterval: 3,
    host: 'h',
    cut: 0.25,
    notes: ['n', '\uD800'],
  };
  const counter = { name: 'idle', unit: 'ns', value: 7, variance: 1, runs: 2, percentRunning: 50, supported: true };
  const profile = { ...profileOf('a;b 1'), meta, counters: [counter] };
  expect(throughText(profile)).toMatchObject({ meta, counters: [counter] });
});

test('a stack of 100,000 frames is data, not recursion', () => {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  let stack = -1;
  for (let i = 0; i < 100_000; i++) stack = builder.stack(stack, builder.frame({ name: `f${i % 7}` }));
  builder.sample(stack, [1]);
  const profile = builder.build();
  const again = throughText(profile);
  expect(again.stacks.length).toBe(100_000);
  expect(encodeProfile(profile).length).toBeLessThan(2000);
});

test('written stack by stack it is the same', () => {
  const profile = profileOf('a;b;c 3\na;b;d 4\na 1');
  const encoder = new ProfileEncoder(1, false);
  encoder.stack(0, [0], 0, 1, [1]);
  encoder.stack(1, [9, 1, 2], 1, 3, [3]);
  encoder.stack(2, [3], 0, 1, [4]);
  const bytes = encoder.end(profile);
  expect(sumsByStack(decodeProfile(Buffer.from(bytes).toString('base64')))).toEqual(sumsByStack(profile));
});

test('both sides of a comparison have elements of their own', () => {
  const bytes = encodeProfile(profileOf('a 1'));
  const text = Array.from(embeddedElement(bytes, 'before')).join('');
  expect(text).toMatch(
    /^<metadata id="pforge-prof-profile-before" data-version="1" data-side="before">\n[^<]+<\/metadata>\n$/,
  );
});

test('what was cut or changed is refused', () => {
  const whole = profileOf('a;b;c 3\na;b;d 4\na 1');
  const bytes = encodeProfile(whole);
  const read = (broken: Uint8Array): Profile => decodeProfile(Buffer.from(broken).toString('base64'));
  for (let end = 0; end < bytes.length; end++) expect(() => read(bytes.subarray(0, end))).toThrow(RangeError);
  let refused = 0;
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    // The checksum tells, whatever still inflates; a few bits mean nothing
    try {
      expect(sumsByStack(read(flipped))).toEqual(sumsByStack(whole));
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(bytes.length * 8 - 16);
});

test('hostile bytes are refused before they take memory', () => {
  const plain = inflateSync(encodeProfile(profileOf('a;b;c 3\na;b;d 4\na 1')));
  const read = (bytes: Uint8Array): Profile => decodeProfile(deflateSync(bytes).toString('base64'));
  fc.assert(
    fc.property(fc.nat(plain.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
      const changed = Uint8Array.from(plain);
      changed[at] = byte;
      try {
        checkProfile(read(cut ? changed.subarray(0, at) : changed));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    { numRuns: 2000 },
  );
  const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
  expect(() => read(Uint8Array.from(huge))).toThrow('value types');
  expect(() => read(Uint8Array.from([1, 0, 1, ...huge]))).toThrow('frames');
  expect(() => read(Uint8Array.from([1, 0, 0, ...huge]))).toThrow('end too early');
  expect(() => decodeProfile(deflateSync(Buffer.alloc(80 * 1024 ** 2)).toString('base64'))).toThrow('decompressed');
});
