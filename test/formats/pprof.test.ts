import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as oracle from 'pprof-format';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { pprof } from '../../src/formats/pprof.ts';
import { detectFormat, readProfile } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { KINDS, type Profile } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { arbitraryProfile } from '../profile/arbitrary-profile.ts';
import { deepProfile } from '../profile/deep-profile.ts';
import { linesOf, profileOf } from '../profile/profile-of.ts';
import { profileOrError, readText, refusal, stacksOf } from './harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/pprof');
const peers = existsSync(PEERS);
if (!peers) console.log('pprof peer data is not here: those tests are skipped');

function bytesOf(profile: Profile): Uint8Array {
  return gunzipSync(Buffer.concat([...pprof.write!(profile)].map((chunk) => Buffer.from(chunk))));
}
const read = (bytes: Uint8Array) => readText(bytes, pprof);

/** A file by pprof-format's encoder, which shares no code with ours. Strings by their words. */
function file(parts: (s: (word: string) => number) => oracle.ProfileInput): Uint8Array {
  const stringTable = new oracle.StringTable();
  const input = parts((word) => stringTable.dedup(word));
  return new oracle.Profile({ ...input, stringTable }).encode();
}

const small = (change: (input: oracle.ProfileInput, s: (word: string) => number) => oracle.ProfileInput = (i) => i) =>
  file((s) =>
    change(
      {
        sampleType: [
          { type: s('alloc_space'), unit: s('bytes') },
          { type: s('samples'), unit: s('count') },
        ],
        sample: [
          { locationId: [2, 1], value: [100, 3], label: [{ key: s('thread'), str: s('worker') }] },
          {
            locationId: [1],
            value: [7, 4],
            label: [
              { key: s('tid'), num: 9 },
              { key: s('request'), str: s('x') },
            ],
          },
          { locationId: [], value: [1, 1] },
        ],
        mapping: [{ id: 1, filename: s('/srv/app') }],
        location: [
          { id: 1, mappingId: 1, line: [{ functionId: 1, line: 12 }] },
          {
            id: 2,
            mappingId: 1,
            line: [
              { functionId: 3, line: 5 },
              { functionId: 2, line: 21 },
            ],
          },
        ],
        function: [
          { id: 1, name: s('main'), filename: s('/src/main.go'), startLine: 10 },
          { id: 2, name: s('run'), filename: s('/src/run.go'), startLine: 20 },
          { id: 3, name: s('tiny'), filename: s('/src/run.go'), startLine: 4 },
        ],
        timeNanos: 1_500_000_000_000_000_000n,
        durationNanos: 2e9,
        periodType: { type: s('cpu'), unit: s('nanoseconds') },
        period: 10_000_000,
      },
      s,
    ),
  );

describe('reading what another encoder wrote', () => {
  test('types, stacks with inlined frames, modules, threads, meta', async () => {
    const profile = await read(small());
    checkProfile(profile);
    expect(profile.valueTypes).toEqual([
      { type: 'alloc_space', unit: 'bytes' },
      { type: 'samples', unit: 'count' },
    ]);
    expect(linesOf(profile)).toEqual([
      'main /src/main.go:10;run /src/run.go:20;tiny /src/run.go:4 3',
      'main /src/main.go:10 4',
      '1',
    ]);
    expect(totalWeight(profile, 0)).toBe(108);
    expect(profile.threads).toEqual([
      { pid: -1, tid: -1, process: '', name: 'worker' },
      { pid: -1, tid: 9, process: '', name: '' },
    ]);
    expect([...profile.samples.thread!]).toEqual([0, 1, -1]);
    expect(Array.from(profile.frames.kind, (kind) => KINDS[kind])).toEqual(['app', 'inlined', 'app']);
    expect(Array.from(profile.frames.module, (module) => profile.strings[module])).toEqual(Array(3).fill('/srv/app'));
    const { startTime, duration, sampleInterval, notes } = profile.meta;
    expect({ startTime, duration, sampleInterval }).toEqual({ startTime: 1.5e12, duration: 2e9, sampleInterval: 1e7 });
    expect(notes).toEqual([
      'labels left out: request',
      'frames are functions: the lines of calls within them are left out',
    ]);
  });

  test('default_sample_type comes last', async () => {
    const profile = await read(small((input, s) => ({ ...input, defaultSampleType: s('alloc_space') })));
    expect(profile.valueTypes.map(({ type }) => type)).toEqual(['samples', 'alloc_space']);
    expect([totalWeight(profile, 0), totalWeight(profile)]).toEqual([8, 108]);
  });

  test('ids of 64 bits, addresses without functions, comments', async () => {
    const id = 2n ** 64n - 3n;
    const profile = await read(
      small((input, s) => ({
        ...input,
        sample: [{ locationId: [id, id + 1n], value: [1, 2] }],
        location: [
          { id, mappingId: 1, address: 0xffffffff81000010n },
          { id: id + 1n, address: 16 },
        ],
        comment: [s('made by hand')],
      })),
    );
    expect(linesOf(profile)).toEqual(['0x10;0xffffffff81000010 2']);
    expect(profile.meta.notes).toEqual(['comment: made by hand']);
  });
});

test('any file of another encoder: the stacks, values and threads that it put in', async () => {
  const ids = fc.uniqueArray(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(1000, 2 ** 40, 2n ** 63n)), {
    minLength: 1,
    maxLength: 6,
  });
  // The other encoder cannot write a line of which nothing is known
  const line = fc.record({ functionId: fc.nat(5), line: fc.integer({ min: 1, max: 30 }), column: fc.nat(3) });
  const label = fc.oneof(
    fc.record({ key: fc.constantFrom('tid', 'thread', 'other'), str: fc.constantFrom('7', 'x') }),
    fc.record({ key: fc.constantFrom('tid', 'pid', 'bytes'), num: fc.integer({ min: 1, max: 4 }) }),
  );
  const sample = fc.record({
    path: fc.array(fc.nat(5), { maxLength: 6 }),
    value: fc.array(fc.oneof(fc.nat(300), fc.nat(2 ** 50)), { minLength: 2, maxLength: 2 }),
    labels: fc.array(label, { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      ids,
      fc.array(fc.array(line, { maxLength: 3 }), { minLength: 6, maxLength: 6 }),
      fc.array(sample, { maxLength: 12 }),
      async (locationIds, lines, samples) => {
        const bytes = file((s) => ({
          sampleType: [
            { type: s('n'), unit: s('count') },
            { type: s('t'), unit: s('nanoseconds') },
          ],
          sample: samples.map(({ path, value, labels }) => ({
            locationId: path.map((step) => locationIds[step % locationIds.length]!),
            value,
            label: labels.map((row) => ({
              key: s(row.key),
              ...('str' in row ? { str: s(row.str) } : { num: row.num }),
            })),
          })),
          location: locationIds.map((id, i) => ({ id, address: i + 16, line: lines[i]! })),
          function: [1, 2, 3, 4, 5].map((id) => ({
            id,
            name: s(`f${id % 4}`),
            filename: s('/a.go'),
            startLine: id * 5,
          })),
        }));
        const profile = await pprof.read(inputOf(bytes, 'x', 5), { list: [], add: () => {} });
        checkProfile(profile);
        const nameOf = ({ functionId, line: at, column }: { functionId: number; line: number; column: number }) => {
          if (functionId === 0) return '[unknown]';
          const where = at === functionId * 5 && column > 0 ? `:${column}` : '';
          return `f${functionId % 4} /a.go:${functionId * 5}${where}`;
        };
        const framesOf = (step: number) => {
          const i = step % locationIds.length;
          return lines[i]!.length === 0 ? [`0x${(i + 16).toString(16)}`] : lines[i]!.map(nameOf).reverse();
        };
        const expected = samples.map(({ path }) => path.toReversed().flatMap(framesOf).join(';'));
        [0, 1].forEach((column) => {
          expect(linesOf(profile, column)).toEqual(
            expected.map((stack, i) => `${stack} ${samples[i]!.value[column]}`.trim()),
          );
        });
        samples.forEach(({ labels }, i) => {
          const tid = labels.findLast(({ key }) => key === 'tid');
          const given = tid && ('num' in tid ? tid.num : /^\d+$/.test(tid.str) ? Number(tid.str) : -1);
          const thread = profile.threads[profile.samples.thread?.[i] ?? -1];
          expect(thread?.tid ?? -1).toBe(given ?? -1);
        });
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});

describe('what is written', () => {
  const profile = profileOf(
    `
    [reader 1/2] main /a.js:3:7{app};parse{native,module=/bin/app} 1,10 @5
    [reader 1/2] main /a.js:3:7{app};parse{native,module=/bin/app} 2,30.6 @9
    [writer ?/3] main /a.js:3:7{app} 4,9007199254740991
    3,5
  `,
    { meta: { notes: [], startTime: 1.5e12, duration: 7, sampleInterval: 3 } },
  );

  test('another decoder finds the same in it', () => {
    const decoded = oracle.Profile.decode(bytesOf(profile));
    const word = (index: oracle.ProfileInput['period']) => decoded.stringTable.strings[Number(index)];
    expect(decoded.sampleType.map(({ type, unit }) => [word(type), word(unit)])).toEqual([
      ['samples', 'count'],
      ['cpu', 'nanoseconds'],
    ]);
    expect(word(decoded.defaultSampleType)).toBe('cpu');
    expect(decoded.sample.map(({ value }) => value.map(Number))).toEqual([
      [3, 41],
      [4, 9007199254740991],
      [3, 5],
    ]);
    const stacks = decoded.sample.map(({ locationId }) =>
      locationId.map((id) => {
        const location = decoded.location.find((row) => row.id === id)!;
        const func = decoded.function.find((row) => row.id === location.line[0]!.functionId)!;
        const mapping = decoded.mapping.find((row) => row.id === location.mappingId);
        const { line, column } = location.line[0]!;
        return [word(func.name), word(func.filename), func.startLine, line, column, word(mapping?.filename ?? 0)];
      }),
    );
    const main = ['main', '/a.js', 3, 3, 7, ''];
    expect(stacks).toEqual([[['parse', '', 0, 0, 0, '/bin/app'], main], [main], []]);
    expect(decoded.sample[0]!.label.map(({ key, str, num }) => [word(key), word(str) || num])).toEqual([
      ['pid', 1],
      ['tid', 2],
      ['process', 'reader'],
      ['thread', 'reader'],
    ]);
    expect([decoded.timeNanos, decoded.durationNanos, decoded.period].map(Number)).toEqual([1.5e18, 7, 3]);
    expect(decoded.stringTable.strings[0]).toBe('');
  });

  test('totals, stacks, threads and value types come back, of any profile', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryProfile, async (any) => {
        const again = await pprof.read(inputOf(bytesOf(any), 'x'), { list: [], add: () => {} });
        checkProfile(again);
        expect(again.valueTypes).toEqual(any.valueTypes);
        any.valueTypes.forEach((_type, i) => {
          expect(totalWeight(again, i)).toBe(totalWeight(any, i));
        });
        expect(stacksOf(again)).toBe(stacksOf(wellFormed(any)));
        expect(bytesOf(again)).toEqual(bytesOf(await pprof.read(inputOf(bytesOf(again), 'x'), { list: [], add() {} })));
      }),
      { numRuns: 60 },
    );
  });

  test('a stack 100,000 deep', async () => {
    const deep = deepProfile();
    const again = await read(bytesOf(deep));
    expect(again.stacks.length).toBe(100_000);
    expect(totalWeight(again)).toBe(7);
  });
});

describe('broken files name the byte', () => {
  const bad = (change: Parameters<typeof small>[0]) => refusal(read(small(change)));

  test('indexes that lead nowhere', async () => {
    expect(await bad((i) => ({ ...i, sample: [{ locationId: [9], value: [1, 1] }] }))).toMatch(
      /^x: byte \d+: there is no location 9$/,
    );
    expect(await bad((i) => ({ ...i, location: [{ id: 1, mappingId: 7 }] }))).toContain('there is no mapping 7');
    expect(await bad((i) => ({ ...i, location: [{ id: 1, line: [{ functionId: 8 }] }] }))).toContain(
      'there is no function 8',
    );
    expect(await bad((i) => ({ ...i, function: [{ id: 1, name: 99 }] }))).toMatch(/there is no text 99, only \d+/);
  });

  test('values: too few, negative, and no type at all', async () => {
    expect(await bad((i) => ({ ...i, sample: [{ locationId: [1], value: [1] }] }))).toContain(
      'the sample has 1 values for 2 sample types',
    );
    expect(await bad((i) => ({ ...i, sample: [{ locationId: [1], value: [1, -5n] }] }))).toContain(
      'the value -5 is negative: a difference of two profiles cannot be read',
    );
    expect(await bad((i) => ({ ...i, sampleType: [], sample: [] }))).toContain('says nowhere what is measured');
  });

  test('a number without an end, a field of a wrong type', async () => {
    expect(await refusal(read(Uint8Array.of(0x48, ...Array(11).fill(0xff))))).toContain('longer than 64 bits');
    expect(await refusal(read(Uint8Array.of(0x0d, 1, 2, 3, 4)))).toContain('field 1 cannot have wire type 5');
    expect(await refusal(read(Uint8Array.of(0x00, 1)))).toContain('this is no field of a message');
  });

  test('any byte changed or any end cut: a profile or one clear line', async () => {
    const bytes = small();
    for (let i = 0; i < bytes.length; i++) {
      await profileOrError(inputOf(bytes.subarray(0, i), 'x'), pprof);
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = Uint8Array.from(bytes);
        changed[i]! ^= flip;
        await profileOrError(inputOf(changed, 'x'), pprof);
      }
    }
  });
});

test('only what surely is pprof is taken for it', () => {
  expect(pprof.detect(small())).toBe('yes');
  expect(pprof.detect(bytesOf(deepProfile(10_000)).subarray(0, 4096))).toBe('yes');
  for (const text of ['\n\n', '\n main;parse 3\n', '{"nodes":[]}', 'PERFILE2', '\n\u0000', 'HHHH', '\u007fELF']) {
    expect(pprof.detect(Buffer.from(text))).toBe('no');
  }
});

describe.runIf(peers)("pprof's own file", () => {
  test('simple.prof', async () => {
    const bytes = gunzipSync(readFileSync(resolve(PEERS, 'simple.prof')));
    expect(detectFormat(inputOf(bytes, 'x'))).toBe(pprof);
    const profile = await readProfile(resolve(PEERS, 'simple.prof'));
    checkProfile(profile);
    const decoded = oracle.Profile.decode(bytes);
    const words = decoded.stringTable.strings;
    expect(profile.valueTypes).toEqual(
      decoded.sampleType.map(({ type, unit }) => ({ type: words[Number(type)], unit: words[Number(unit)] })),
    );
    profile.valueTypes.forEach((_type, i) => {
      const total = decoded.sample.reduce((sum, { value }) => sum + Number(value[i]), 0);
      expect(totalWeight(profile, i)).toBe(total);
    });
    const names = linesOf(profile).map((line) => line.replaceAll(/ [^; ]*\.go/g, ''));
    expect(names.slice(0, 3)).toEqual([
      'runtime.main;main.main;main.delta;main.beta 140000000',
      'runtime.main;main.main;main.alpha 260000000',
      'runtime.main;main.main;main.gamma 270000000',
    ]);
  });
});

/** Text as UTF-8 can hold it: half a surrogate pair becomes U+FFFD. */
function wellFormed(profile: Profile): Profile {
  return { ...profile, strings: profile.strings.map((word) => Buffer.from(word).toString()) };
}
