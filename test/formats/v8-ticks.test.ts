import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat } from '../../src/formats/registry.ts';
import { v8Ticks } from '../../src/formats/v8-ticks.ts';
import { KINDS, type Profile, TIERS } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { FIXTURES, profileOrError, readText, refusal, stacksOf, testFormat } from './harness.ts';

const CODE = [
  { name: '/usr/bin/node', type: 'SHARED_LIB' },
  { name: 'v8::internal::Runtime_X()@@V_1.2', type: 'CPP' },
  { name: ' node:internal/main/worker_thread:1:1', type: 'JS', kind: 'Unopt' },
  { name: 'parse /srv/my app.js:12:3', type: 'JS', kind: 'Opt' },
  { name: 'f :1:12', type: 'JS', kind: 'Sparkplug' },
  { name: 'ArrayMap', type: 'CODE', kind: 'Builtin' },
  { name: 'a|b', type: 'CODE', kind: 'RegExp' },
];
const ticks = (list: readonly object[], code: readonly object[] = CODE) =>
  JSON.stringify({ code, functions: [], ticks: list });
const SMALL = ticks([
  { tm: 10, vm: 0, s: [3, 5, 2, 1] },
  { tm: 20, vm: 1, s: [1, 5, 0, 9, 3, 5, 2, 1] },
  { tm: 30, vm: 6, s: [-1, 4096, 5, 2, -1, 77, 4, 1] },
  { tm: 40, vm: 3, s: [6, 1] },
  { tm: 50, vm: 8, s: [0, 1] },
  { tm: 60, vm: 7, s: [0, 1] },
  { tm: 70, vm: 5, s: [] },
]);

testFormat({ format: v8Ticks, fixtures: ['v8-ticks/clinic.json', 'v8-ticks/worker.json.gz'], small: SMALL });

const frameOf = ({ frames, strings }: Profile, name: string) => {
  const at = Array.from(frames.name).findIndex((index) => strings[index] === name);
  return [
    strings[frames.file[at]!],
    frames.line[at],
    frames.column[at],
    KINDS[frames.kind[at]!],
    TIERS[frames.tier[at]!],
  ];
};

describe('ticks are samples', () => {
  test('names, places, tiers, what V8 did', async () => {
    const profile = await readText(SMALL);
    expect(stacksOf(profile).split('\n')).toEqual([
      'worker 1',
      'worker;(anonymous) node:internal/main/worker_thread:1:1;parse /srv/my app.js:12:3 1',
      'worker;(anonymous) node:internal/main/worker_thread:1:1;parse /srv/my app.js:12:3;(garbage collector);[node];v8::internal::Runtime_X 1',
      'worker;RegExp: a|b;(bytecode compiler) 1',
      'worker;f;Builtin:ArrayMap;[unknown] 1',
      '',
    ]);
    expect(frameOf(profile, 'parse')).toEqual(['/srv/my app.js', 12, 3, 'app', 'optimized']);
    expect(frameOf(profile, 'f')).toEqual(['', 1, 12, 'app', 'baseline']);
    expect(frameOf(profile, 'v8::internal::Runtime_X')).toEqual(['', 0, 0, 'gc', 'none']);
    expect(frameOf(profile, 'Builtin:ArrayMap')[3]).toBe('builtin');
    expect([...profile.samples.time!]).toEqual([10_000, 20_000, 30_000, 40_000, 70_000]);
    expect(profile.counters).toEqual([{ name: 'idle', unit: 'samples', value: 2, supported: true }]);
  });

  test("0x's ticks, root first, without names for some", async () => {
    const text = JSON.stringify([[], [CODE[2], CODE[3]], [CODE[2], CODE[3]]]);
    expect(detectFormat(inputOf(text, 'x')).id).toBe('v8-ticks');
    const profile = await readText(text);
    expect(totalWeight(profile)).toBe(3);
    expect(profile.meta.notes).toEqual([
      "0x leaves out frames that it has no name for: what they took counts as their callers' own",
      'samples in which 0x named no code: 1',
    ]);
  });

  test('a stack of 100,000 frames', async () => {
    const deep = Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? 3 : 0));
    expect((await readText(ticks([{ tm: 1, vm: 0, s: deep }]))).stacks.length).toBe(100_000);
  });
});

describe('what is wrong is told', () => {
  test.each([
    ['$.ticks[0].s[2]: there is no code 99', ticks([{ tm: 1, vm: 0, s: [3, 5, 99, 1] }])],
    ['$.ticks[0].s[0]: there is no code 1.5', ticks([{ tm: 1, vm: 0, s: [1.5, 5] }])],
    ['$.ticks[0].tm: expected a number, found nothing', ticks([{ s: [] }])],
    ['$.code[0].type: expected a string, found nothing', ticks([], [{ name: 'a' }])],
    ['$.ticks: expected an array, found nothing', '{"code":[]}'],
    ['$[1][0].name: expected a string, found nothing', '[[],[{"type":"JS"}]]'],
    ['$[1]: expected an array, found the number 3', '[[],3]'],
    ['line 1, column 5: the JSON ends too early: the file was cut: record or copy it again', '[[],'],
  ])('%s', async (message, text) => {
    expect(await refusal(readText(text, v8Ticks))).toBe(`x: ${message}`);
  });

  test.each([['v8-ticks/clinic.json'], ['v8-ticks/worker.json.gz']])(
    'broken bytes of %s give a profile or one clear line',
    async (name) => {
      const file = readFileSync(join(FIXTURES, name));
      const bytes = name.endsWith('.gz') ? gunzipSync(file) : file;
      const edit = fc.tuple(
        fc.nat(bytes.length - 1),
        fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[]",:-09'))),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
          const broken = Buffer.from(bytes);
          for (const [at, byte] of edits) broken[at] = byte;
          await profileOrError(inputOf(broken, 'x'), v8Ticks);
        }),
        { seed: 3, numRuns: 100 },
      );
    },
  );
});
