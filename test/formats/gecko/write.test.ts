import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gecko } from '../../../src/formats/gecko.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { checkProfile } from '../../../src/profile/check.ts';
import { defaultValueIndex, KINDS, type Profile } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { arbitraryProfile } from '../../profile/arbitrary-profile.ts';
import { deepProfile } from '../../profile/deep-profile.ts';
import { profileOf } from '../../profile/profile-of.ts';
import { readText, stacksOf, written } from '../harness.ts';

// biome-ignore lint/suspicious/noExplicitAny: looks at any place of a JSON tree
type Json = Record<string, any>;

describe('what is written', () => {
  const profile = profileOf`
    [reader 1/2] main;parse{native,module=/bin/app} 1,10 @5000000
    [writer 1/3] main;(anonymous) /srv/app.js:3:7{app,optimized} 2,30 @9000000
    [reader 1/2] main 4,50 @2000000
  `;

  test('has the tables of version 60, whole and in order', () => {
    const file: Json = JSON.parse(written(gecko, profile));
    expect(file.meta).toMatchObject({ preprocessedProfileVersion: 60, processType: 0, interval: 1 });
    expect(file.meta.categories.map(({ name }: Json) => name)).toEqual([...KINDS]);
    expect(file.meta.categories[0].color).toBe('grey');
    const { shared } = file;
    for (const name of ['stackTable', 'frameTable', 'funcTable', 'resourceTable', 'nativeSymbols', 'sources']) {
      const { length, ...columns } = shared[name];
      for (const column of Object.values(columns)) expect(column).toHaveLength(length);
    }
    expect(shared.stackTable.prefix).toEqual([null, 0, 0]);
    expect(file.libs.map(({ path, name }: Json) => [path, name])).toEqual([['/bin/app', 'app']]);
    const at = (frame: number) => {
      const func = shared.frameTable.func[frame];
      const { name, source, lineNumber, columnNumber, resource, isJS } = shared.funcTable;
      const file_ = source[func] === null ? null : shared.stringArray[shared.sources.filename[source[func]]];
      return [shared.stringArray[name[func]], file_, lineNumber[func], columnNumber[func], resource[func], isJS[func]];
    };
    expect([0, 1, 2].map(at)).toEqual([
      ['main', null, null, null, -1, false],
      ['parse', null, null, null, 0, false],
      ['', '/srv/app.js', 3, 7, -1, true],
    ]);
    expect(file.threads.map(({ name, pid, tid, samples: s }: Json) => [name, pid, tid, s])).toEqual([
      [
        'reader',
        '1',
        2,
        { length: 2, stack: [0, 1], time: [2, 5], weight: [0.00005, 0.00001], weightType: 'tracing-ms' },
      ],
      ['writer', '1', 3, { length: 1, stack: [2], time: [9], weight: [0.00003], weightType: 'tracing-ms' }],
    ]);
  });

  test('totals, stacks, threads, kinds and the value type come back, of any profile', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryProfile, async (any) => {
        const again = await gecko.read(inputOf(written(gecko, any), 'x'), { list: [], add() {} });
        checkProfile(again);
        expect(again.valueTypes).toEqual([any.valueTypes[defaultValueIndex(any)]]);
        expect(totalWeight(again)).toBeCloseTo(totalWeight(any), 1);
        expect(stacksOf(again)).toBe(stacksOf(any));
        expect(kinds(again)).toEqual(kinds(any));
        expect(again.samples.time === undefined).toBe(any.samples.time === undefined || any.samples.length === 0);
      }),
      { numRuns: 60 },
    );
  });

  test('a stack 100,000 deep', async () => {
    const again = await readText(written(gecko, deepProfile()), gecko);
    expect(again.stacks.length).toBe(100_000);
    expect(totalWeight(again)).toBe(7);
  });
});

function kinds({ frames }: Profile): number[] {
  return [...new Set(frames.kind)].sort();
}
