import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseEvent } from '../../../src/commands/inputs/collapse-options.ts';
import { BEFORE_AFTER } from '../../../src/formats/folded/counts.ts';
import { folded } from '../../../src/formats/folded.ts';
import { readProfile } from '../../../src/formats/registry.ts';
import { ProfileBuilder } from '../../../src/profile/builder.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { linesOf, profileOf } from '../../profile/profile-of.ts';
import { readText, written } from '../harness.ts';

const read = (text: string | Uint8Array) => readText(text, folded);
const bothOf = (profile: Profile) =>
  linesOf(profile, 0).map((line, i) => `${line} ${linesOf(profile)[i]!.split(' ').at(-1)}`);

describe('a file in which every line has two counts', () => {
  test('is read as before and after; after is drawn', async () => {
    const profile = await read('# by hand\nmain;a 1 2\nmain;b c 30 0\n\nmain;d 0\t4.5\n');
    expect(profile.valueTypes).toEqual(BEFORE_AFTER);
    expect(bothOf(profile)).toEqual(['main;a 1 2', 'main;b c 30 0', 'main;d 0 4.5']);
    expect([totalWeight(profile, 0), totalWeight(profile)]).toEqual([31, 6.5]);
    expect(profile.meta.notes).toEqual([]);
  });

  test('--event-filter chooses the column', async () => {
    const profile = await read('main;a 1 2\nmain;b 30 0\n');
    expect(linesOf(chooseEvent(profile, { eventFilter: 'before' }))).toEqual(['main;a 1', 'main;b 30']);
    expect(linesOf(chooseEvent(profile, { eventFilter: 'after' }))).toEqual(['main;a 2']);
  });

  test('is written with both, every stack once, those of one side too', async () => {
    const profile = await read(
      'main;b 3 4\nmain;a 1.5 2\nmain;gone 7 0\nmain;new 0 8\nmain;b 10 20\nmain;nothing 0 0\n',
    );
    expect(written(folded, profile)).toBe('main;a 1.5 2\nmain;b 13 24\nmain;gone 7 0\nmain;new 0 8\n');
  });

  test('may have names that end in a number', async () => {
    const text = 'main;thread 1 2 3\nmain;thread 2 4 5\n';
    expect(written(folded, await read(text))).toBe(text);
  });

  test('a count that is no number leaves the line out, with a note', async () => {
    const profile = await read('main;a 1 2\nmain;b 3 -4\nmain;c\n');
    expect(bothOf(profile)).toEqual(['main;a 1 2']);
    expect(profile.meta.notes).toHaveLength(2);
  });
});

describe('one line with one count, and numbers before counts are ends of names', () => {
  test.each([0, 1, 2, 3])('where it is line %i', async (place) => {
    const lines = ['main;thread 1 2', 'main;b  7 5', 'main;c 1.0 6'];
    lines.splice(place, 0, 'main;d 4');
    const profile = await read(`${lines.join('\n')}\n`);
    expect(profile.valueTypes).toEqual([{ type: 'samples', unit: 'count' }]);
    expect(linesOf(profile)).toEqual(lines);
    expect(profile.frames.length).toBe(5);
  });

  test('in a file of ours that says what it measures, they always are', async () => {
    const profile = await read('# pforge-prof unit=nanoseconds type=cpu\nmain;thread 1 2\n');
    expect(profile.valueTypes).toEqual([{ type: 'cpu', unit: 'nanoseconds' }]);
    expect(linesOf(profile)).toEqual(['main;thread 1 2']);
  });

  test('a first count beyond 2^53 is none', async () => {
    expect(linesOf(await read('main;a 99999999999999999999 2\n'))).toEqual(['main;a 99999999999999999999 2']);
  });
});

test('frames with one label and two kinds are one line', () => {
  const profile = profileOf('main;a{kernel} 1,2\nmain;a{native} 10,20\nmain;b 0,5\n3,4', { valueTypes: BEFORE_AFTER });
  expect(written(folded, profile)).toBe('[unknown] 3 4\nmain;a 11 22\nmain;b 0 5\n');
});

test('what is written is read back, of any differential profile', async () => {
  const name = fc.constantFrom('main', 'a', 'b', 'a b', 'x 1', '# c', '[unknown]', 'f /a/b.js:1:2', '7');
  const weight = fc.oneof(fc.nat(9), fc.constantFrom(0.5, 2 ** 53 - 1, 1e-7));
  const sample = fc.tuple(fc.array(name, { minLength: 1, maxLength: 5 }), weight, weight);
  await fc.assert(
    fc.asyncProperty(fc.array(sample, { minLength: 1, maxLength: 20 }), async (samples) => {
      const builder = new ProfileBuilder(BEFORE_AFTER);
      const sums = new Map<string, [number, number]>();
      for (const [frames, before, after] of samples) {
        let stack = -1;
        for (const frame of frames) stack = builder.stack(stack, builder.frame({ name: frame }));
        builder.sample(stack, [before, after]);
        const key = frames.join(';');
        const sum = sums.get(key) ?? [0, 0];
        sums.set(key, [sum[0] + before, sum[1] + after]);
      }
      fc.pre([...sums.values()].some(([before, after]) => before + after > 0));
      fc.pre([...sums.values()].every((both) => both.every((sum) => sum <= Number.MAX_SAFE_INTEGER)));
      const text = written(folded, builder.build());
      const again = await read(text);
      const lines = [...sums].filter(([, both]) => both.some((sum) => sum > 0));
      expect(again.valueTypes).toEqual(BEFORE_AFTER);
      expect(again.samples.length).toBe(lines.length);
      expect(Math.max(...again.samples.values[0]!)).toBe(Math.max(...lines.map(([, [before]]) => before)));
      expect(Math.max(...again.samples.values[1]!)).toBe(Math.max(...lines.map(([, [, after]]) => after)));
      expect(written(folded, again)).toBe(text);
    }),
    { seed: 3, numRuns: 200 },
  );
});

const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data');
const present = existsSync(PEERS);
if (!present) console.log(`skipped: recordings of other projects are not at ${PEERS}`);

describe.runIf(present)('files of other projects', () => {
  const results = present ? readdirSync(resolve(PEERS, 'diff-folded/results')) : [];

  test.each(results)('inferno-diff-folded %s: both columns, line by line, and back', async (name) => {
    const path = resolve(PEERS, 'diff-folded/results', name);
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    const profile = await readProfile(path);
    expect(profile.valueTypes).toEqual(BEFORE_AFTER);
    expect(profile.meta.notes).toEqual([]);
    expect(bothOf(profile)).toEqual(lines);
    expect(written(folded, profile).trim().split('\n').sort()).toEqual([...new Set(lines)].sort());
  });

  test.each([
    ['before.txt', 3],
    ['before_fractionals.txt', 3],
  ])('%s has one column', async (name) => {
    expect((await readProfile(resolve(PEERS, 'diff-folded', name))).valueTypes).toHaveLength(1);
  });

  test.each(['simple-crlf.txt', 'simple-utf16-le.txt', 'simple-utf16-be.txt'])('%s is simple.txt', async (name) => {
    const { samples, stacks, strings } = await readProfile(resolve(PEERS, 'folded/simple.txt'));
    expect(await readProfile(resolve(PEERS, 'folded', name))).toMatchObject({ samples, stacks, strings });
  });

  test('a line without a count among others is named', async () => {
    const { meta } = await readProfile(resolve(PEERS, 'folded/simple-with-invalids.txt'));
    expect(meta.notes.join()).toContain('lines not understood and left out');
  });
});
