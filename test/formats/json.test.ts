import { describe, expect, test } from 'vitest';
import { profileJson } from '../../src/formats/json.ts';
import { KINDS, type Profile } from '../../src/profile/profile.ts';
import { profileOf } from '../profile/profile-of.ts';
import { readText, refusal, written } from './harness.ts';

const profile: Profile = {
  ...profileOf`
    [reader 1/2] main;parse{native,module=/bin/app} 1,10 @5
    [writer ?/3] main;\ud800 /srv/app.js:3:7{app,optimized} 2,0.1 @9
    3,9007199254740991
  `,
  counters: [
    { name: 'cycles', unit: '', value: 12, supported: true },
    { name: 'x', unit: 'ms', value: 0.5, variance: 1, runs: 3, percentRunning: 50, supported: false },
  ],
  series: [{ name: 'rss', unit: 'bytes', time: Float64Array.of(0, 1.5), value: Float64Array.of(7, 8) }],
  meta: {
    tool: 'perf 6.1',
    format: 'perf-script',
    command: ['a', 'b c'],
    startTime: 1.5e12,
    duration: 7,
    sampleInterval: 3,
    host: 'h',
    notes: ['a note'],
  },
};
const read = (text: string) => readText(text, profileJson);
/** The file with one value replaced, by its path: `frames.name.0`. Undefined leaves the value out. */
function file(...changes: readonly (readonly [path: string, value: unknown])[]): string {
  const root = JSON.parse(written(profileJson, profile)) as Record<string, unknown>;
  for (const [path, value] of changes) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let at = root;
    for (const key of keys) at = at[key] as Record<string, unknown>;
    at[last] = value;
  }
  return JSON.stringify(root);
}

test('every table, column and word comes back', async () => {
  expect(await read(written(profileJson, profile))).toEqual({
    ...profile,
    meta: { ...profile.meta, format: 'json' },
  });
});

test('the smallest profile', async () => {
  expect(await refusal(read(written(profileJson, profileOf('0'))))).toContain('no samples in x');
});

test('a file of a newer version is told from a broken one', async () => {
  expect(await refusal(read(file(['version', 2])))).toBe(
    'x was made by a newer pforge-prof (format version 2): this one reads up to version 1: update pforge-prof',
  );
});

test('kinds and tiers go by name: another order, and names that we do not know', async () => {
  const again = await read(file(['kinds', ['wasm', 'quantum', 'app']], ['frames.kind', [2, 0, 1]]));
  expect(Array.from(again.frames.kind, (kind) => KINDS[kind])).toEqual(['app', 'wasm', 'unknown']);
});

describe('broken files name the place', () => {
  test.each([
    ['$.version: expected a number, found nothing', 'version', undefined],
    ['$.strings: expected an array, found null', 'strings', null],
    ['$.strings[1]: expected a string, found the number 3', 'strings.1', 3],
    ['strings[0] is "x", not ""', 'strings.0', 'x'],
    ['$.frames.name[0]: expected a whole number below 2^31, found the number 1.5', 'frames.name.0', 1.5],
    ['$.frames.name[0]: expected a whole number below 2^31, found the number 4294967296', 'frames.name.0', 2 ** 32],
    ['frames.name[0] = 99 is not in', 'frames.name.0', 99],
    ['frames.line has 2 rows, not 3', 'frames.line', [0, 0]],
    ['$.frames.kind[0]: 77 is not in $.kinds', 'frames.kind.0', 77],
    ['stacks.parent[0] = 0 is not before its child', 'stacks.parent.0', 0],
    ['samples.stack[0] = 99 is not in', 'samples.stack.0', 99],
    ['samples.values[0][0] = -1 is negative', 'samples.values.0.0', -1],
    ['$.samples.values[0][0]: expected a number, found null', 'samples.values.0.0', null],
    ['samples.values has 1 rows, not 2', 'samples.values', [[1, 2, 3]]],
    ['a profile needs at least one value type', 'valueTypes', []],
    ['$.samples.time: expected an array, found an object', 'samples.time', {}],
    ['samples.thread[0] = 9 is not in', 'samples.thread.0', 9],
    ['$.threads[0].pid: expected a number, found a string', 'threads.0.pid', '1'],
    ['$.counters[0].supported: expected true or false, found nothing', 'counters.0.supported', undefined],
    ['$.series[0].time: expected an array, found nothing', 'series.0.time', undefined],
    ['$.meta.notes: expected an array, found nothing', 'meta.notes', undefined],
    ['$.meta.command[0]: expected a string, found the number 1', 'meta.command', [1]],
    ['$.pforgeProf: this is not "profile"', 'pforgeProf', 'bench'],
  ])('%s', async (message, path, value) => {
    expect(await refusal(read(file([path, value])))).toContain(`x: ${message}`);
  });
});
