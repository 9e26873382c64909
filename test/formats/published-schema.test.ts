import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { readInput } from '../../src/formats/registry.ts';
import { speedscope } from '../../src/formats/speedscope.ts';
import { anyProfile } from '../profile/arbitrary-profile.ts';
import { FIXTURES, written } from './harness.ts';

/** Published with the application: https://www.speedscope.app/file-format-schema.json */
const require = createRequire(import.meta.url);
const schemaPath = require.resolve('speedscope/dist/release/file-format-schema.json');
const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schemaPath, 'utf8')));

/** What the schema says, and what it cannot say: indexes that lead somewhere, columns of one length, sums. */
function checkFile(text: string): void {
  const file = JSON.parse(text);
  expect(validate(file), JSON.stringify(validate.errors)).toBe(true);
  expect(file.profiles.length).toBeGreaterThan(0);
  expect(file.profiles[file.activeProfileIndex]).toBeDefined();
  const frames = new Set(file.shared.frames.map((frame: object) => JSON.stringify(frame)));
  for (const { samples, weights, startValue, endValue } of file.profiles) {
    expect(samples).toHaveLength(weights.length);
    const sum = weights.reduce((total: number, weight: number) => total + weight, startValue);
    expect(endValue).toBe(sum);
    for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0);
    for (const stack of samples) for (const frame of stack) expect(file.shared.frames[frame]).toBeDefined();
  }
  // Equal rows would be functions of their own in the viewer
  expect(frames.size).toBe(file.shared.frames.length);
}

describe("speedscope's schema", () => {
  test('can fail', () => {
    const file = JSON.parse(written(speedscope, fc.sample(anyProfile, { numRuns: 1, seed: 1 })[0]!));
    expect(validate({ ...file, profiles: [{ ...file.profiles[0], unit: 'hours' }] })).toBe(false);
    expect(validate({ ...file, shared: { frames: [{}] } })).toBe(false);
  });

  test('holds for any profile', () => {
    fc.assert(
      fc.property(anyProfile, (profile) => {
        // What has no name is called so in the file, and so may be as another function is
        const names = new Set(Array.from(profile.frames.name, (name) => profile.strings[name]));
        fc.pre(!names.has('') || !(names.has('[unknown]') || names.has('(anonymous)')));
        checkFile(written(speedscope, profile));
      }),
      { numRuns: 150 },
    );
  });

  test.each(['perf-script/threads.txt', 'cpuprofile/node.cpuprofile', 'callgrind/threads.out'])('%s', async (name) => {
    checkFile(written(speedscope, await readInput(inputOf(readFileSync(join(FIXTURES, name)), 'x'))));
  });
});
