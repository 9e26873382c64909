import { describe, expect, test } from 'vitest';
import { pforgeJson } from '../../src/formats/pforge-json.ts';
import type { Profile } from '../../src/profile/profile.ts';
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
const read = (text: string) => readText(text, pforgeJson);
const file = (change: (file: Record<string, any>) => void) => {
  const parsed = JSON.parse(written(pforgeJson, profile));
  change(parsed);
  return JSON.stringify(parsed);
};

test('every table, column and word comes back', async () => {
  expect(await read(written(pforgeJson, profile))).toEqual({
    ...profile,
    meta: { ...profile.meta, format: 'pforge-json' },
  });
});

test('the smallest profile', async () => {
  expect(await refusal(read(written(pforgeJson, profileOf('0'))))).toContain('no samples in x');
});

test('a file of a newer version is told from a broken one', async () => {
  expect(
    await refusal(
      read(
        file((f) => {
          f.version = 2;
        }),
      ),
    ),
  ).toBe('x was made by a newer pforge-prof (format version 2): this one reads up to version 1: update pforge-prof');
});

test('kinds and tiers go by name: another order, and names that we do not know', async () => {
  const text = file((f) => {
    f.kinds = ['unknown', 'quantum', ...f.kinds.slice(1).reverse()];
    f.frames.kind = f.frames.kind.map(() => f.kinds.indexOf('wasm'));
    f.frames.kind[0] = 1;
  });
  const again = await read(text);
  expect([...again.frames.kind]).toEqual([0, 10, 10].slice(0, again.frames.length));
});

describe('broken files name the place', () => {
  test.each<[string, (f: Record<string, any>) => void]>([
    [
      '$.version: expected a number, found nothing',
      (f) => {
        delete f.version;
      },
    ],
    [
      '$.strings: expected an array, found null',
      (f) => {
        f.strings = null;
      },
    ],
    [
      '$.strings[1]: expected a string, found the number 3',
      (f) => {
        f.strings[1] = 3;
      },
    ],
    [
      'strings[0] is "x", not ""',
      (f) => {
        f.strings[0] = 'x';
      },
    ],
    [
      '$.frames.name[0]: expected a whole number below 2^31, found the number 1.5',
      (f) => {
        f.frames.name[0] = 1.5;
      },
    ],
    [
      '$.frames.name[0]: expected a whole number below 2^31, found the number 4294967296',
      (f) => {
        f.frames.name[0] = 2 ** 32;
      },
    ],
    [
      'frames.name[0] = 99 is not in',
      (f) => {
        f.frames.name[0] = 99;
      },
    ],
    [
      'frames.line has 2 rows, not 3',
      (f) => {
        f.frames.line.pop();
      },
    ],
    [
      '$.frames.kind[0]: 77 is not in $.kinds',
      (f) => {
        f.frames.kind[0] = 77;
      },
    ],
    [
      'stacks.parent[0] = 0 is not before its child',
      (f) => {
        f.stacks.parent[0] = 0;
      },
    ],
    [
      'samples.stack[0] = 99 is not in',
      (f) => {
        f.samples.stack[0] = 99;
      },
    ],
    [
      'samples.values[0][0] = -1 is negative',
      (f) => {
        f.samples.values[0][0] = -1;
      },
    ],
    [
      '$.samples.values[0][0]: expected a number, found null',
      (f) => {
        f.samples.values[0][0] = null;
      },
    ],
    [
      'samples.values has 1 rows, not 2',
      (f) => {
        f.samples.values.pop();
      },
    ],
    [
      'a profile needs at least one value type',
      (f) => {
        f.valueTypes = [];
        f.samples.values = [];
      },
    ],
    [
      '$.samples.time: expected an array, found an object',
      (f) => {
        f.samples.time = {};
      },
    ],
    [
      'samples.thread[0] = 9 is not in',
      (f) => {
        f.samples.thread[0] = 9;
      },
    ],
    [
      '$.threads[0].pid: expected a number, found a string',
      (f) => {
        f.threads[0].pid = '1';
      },
    ],
    [
      '$.counters[0].supported: expected true or false, found nothing',
      (f) => {
        delete f.counters[0].supported;
      },
    ],
    [
      '$.series[0].time: expected an array, found nothing',
      (f) => {
        delete f.series[0].time;
      },
    ],
    [
      '$.meta.notes: expected an array, found nothing',
      (f) => {
        delete f.meta.notes;
      },
    ],
    [
      '$.meta.command[0]: expected a string, found the number 1',
      (f) => {
        f.meta.command = [1];
      },
    ],
    [
      '$.pforgeProf: this is not "profile"',
      (f) => {
        f.pforgeProf = 'bench';
      },
    ],
  ])('%s', async (message, change) => {
    expect(await refusal(read(file(change)))).toContain(`x: ${message}`);
  });
});
