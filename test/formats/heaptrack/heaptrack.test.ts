import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHeaptrack } from '../../../src/formats/heaptrack/read-heaptrack.ts';
import type { HeaptrackRecording, HeaptrackSites } from '../../../src/formats/heaptrack/recording.ts';
import { placesOf } from '../../../src/formats/heaptrack/recording.ts';
import { heaptrack } from '../../../src/formats/heaptrack.ts';
import { inputOf, openInput } from '../../../src/formats/input.ts';
import { readInput, readProfile } from '../../../src/formats/registry.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { FIXTURES, profileOrError, refusal, stacksOf, testFormat } from '../harness.ts';

const FOLDER = join(FIXTURES, 'heaptrack');
const PRINTED = join(FIXTURES, 'heaptrack_print');
const NAMES = ['peaks', 'leak', 'deep', 'empty', 'names', 'odd-path'];
const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data/heaptrack');
if (!existsSync(PEERS)) console.log(`skipped: ${PEERS} is not here`);

const SMALL = [
  'v 10400 3',
  'X ./app a b',
  'I 1000 100',
  's 5 /app1',
  's 4 main',
  's 3 a.c',
  's 4 grab',
  's 1b operator new(unsigned long)',
  'i 401000 1 2 3 a',
  't 1 0',
  'i 401010 1 4 3 14',
  't 2 1',
  'i 7f0000 1 5',
  't 3 2',
  'a 40 2',
  'a 10 3',
  '+ 0',
  '- 0',
  'c a',
  'R 64',
  '+ 0',
  '+ 1',
  'c 14',
  '- 0',
  '# strings: 5',
  '# ips: 3',
  '',
].join('\n');

describe('heaptrack', () =>
  testFormat({ format: heaptrack, fixtures: NAMES.map((name) => `heaptrack/${name}.heaptrack`), small: SMALL }));

/** What heaptrack_print says in its last lines. */
function printed(text: string): { calls: number; temporary: number; peak: string; rss: string; leaked: string } {
  const value = (words: string): string => new RegExp(`^${words}: (\\S+)`, 'm').exec(text)?.[1] ?? '';
  return {
    calls: Number(value('calls to allocation functions')),
    temporary: Number(value('temporary memory allocations')),
    peak: value('peak heap memory consumption'),
    rss: value('peak RSS \\(including heaptrack overhead\\)'),
    leaked: value('total memory leaked'),
  };
}

/** A size as heaptrack writes it: powers of 1000, two digits. */
function asHeaptrack(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${bytes}B` : `${value.toFixed(2)}${units[unit]}`;
}

const sum = (column: ArrayLike<number>): number => Array.from(column).reduce((total, value) => total + value, 0);

/**
 * heaptrack_print takes the first kind of allocation for temporary whenever it is freed behind another release: it is
 * number 0, which also stands for none.
 */
function temporaryAsPrinted({ sites }: HeaptrackRecording, said: number): void {
  const counted = sum(sites.temporary);
  expect(said - counted).toBeGreaterThanOrEqual(0);
  expect(said - counted).toBeLessThanOrEqual(1);
}

const COSTS: readonly (readonly [string, keyof HeaptrackSites])[] = [
  ['allocations', 'allocations'],
  ['leaked', 'leakedBytes'],
  ['peak', 'peakBytes'],
];

/** Our stacks as heaptrack_print -F writes them. Where the compiler inlined, it has frames in another order. */
function folded(recording: HeaptrackRecording, column: ArrayLike<number>): string[] {
  const lines: string[] = [];
  for (let site = 0; site < recording.sites.length; site++) {
    const frames: string[] = [];
    for (const { address, frames: words } of placesOf(recording, recording.sites.trace[site]!)) {
      for (const { name, file } of [...words].reverse()) {
        const shown = name.startsWith('[') ? address : name;
        frames.unshift(file === undefined ? shown : `${shown} (${file.slice(file.lastIndexOf('/') + 1)})`);
      }
    }
    if (column[site] !== 0) lines.push(`${frames.join(';')}; ${column[site]}`);
  }
  return lines.sort();
}

/** Without the file of functions that have no name. */
const lines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(' 0'))
    .map((line) => line.replace(/(0x[0-9a-f]+) \([\w.]+\)/g, '$1'));
const weights = (all: readonly string[]): number[] =>
  all.map((line) => Number(line.split(' ').at(-1))).sort((a, b) => a - b);

describe.each(NAMES)('%s, against heaptrack_print', (name) => {
  const read = async () => readHeaptrack(await openInput(join(FOLDER, `${name}.heaptrack`)));

  test('its totals', async () => {
    const recording = await read();
    const said = printed(readFileSync(join(PRINTED, `${name}.totals`), 'utf8'));
    const { sites } = recording;
    expect(sum(sites.allocations)).toBe(said.calls);
    expect(asHeaptrack(sum(sites.peakBytes))).toBe(said.peak);
    expect(asHeaptrack(sum(sites.leakedBytes))).toBe(said.leaked);
    expect(asHeaptrack(recording.peakRss)).toBe(said.rss);
    temporaryAsPrinted(recording, said.temporary);
  });

  test.each(COSTS)('every stack by %s', async (cost, column) => {
    const recording = await read();
    const ours = folded(recording, recording.sites[column] as Float64Array);
    const theirs = lines(readFileSync(join(PRINTED, `${name}.${cost}.folded`), 'utf8'));
    expect(weights(ours)).toEqual(weights(theirs));
    // C++: it shortens templates
    if (name !== 'names') expect(ours).toEqual(theirs.sort());
  });
});

describe.skipIf(!existsSync(PEERS))('recordings of others', () => {
  test.each(existsSync(PEERS) ? readdirSync(PEERS) : [])(
    '%s: totals and stacks are those of heaptrack_print',
    async (name) => {
      const folder = join(PEERS, name);
      const recording = await readHeaptrack(await openInput(join(folder, `heaptrack.${name}.zst`)));
      const { sites } = recording;
      const said = printed(readFileSync(join(folder, 'print.txt'), 'utf8'));
      expect(sum(sites.allocations)).toBe(said.calls);
      expect(asHeaptrack(sum(sites.peakBytes))).toBe(said.peak);
      expect(asHeaptrack(sum(sites.leakedBytes))).toBe(said.leaked);
      temporaryAsPrinted(recording, said.temporary);
      // What it counted itself while it recorded
      const log = readFileSync(join(folder, 'record.txt'), 'utf8');
      expect(sum(sites.temporary)).toBe(Number(/temporary allocations:\s+(\d+)/.exec(log)![1]));
      expect(sum(sites.leakedBlocks)).toBe(Number(/leaked allocations:\s+(\d+)/.exec(log)![1]));
      for (const [file, column] of [
        ['flame.folded', sites.allocations],
        ['flame.peak.folded', sites.peakBytes],
      ] as const) {
        const plain = join(folder, file);
        const text = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
        const [ours, theirs] = [folded(recording, column), lines(text.toString())];
        expect(weights(ours)).toEqual(weights(theirs));
        if (name === 'churn') expect(ours).toEqual(theirs.sort());
      }
    },
  );
});

test('a profile has every number, bytes at the peak by default; operator new stands for its caller', async () => {
  const profile = await readInput(inputOf(SMALL, 'x'));
  expect(profile.valueTypes.map(({ type }, i) => [type, totalWeight(profile, i)])).toEqual([
    ['alloc_objects', 3],
    ['temporary_objects', 1],
    ['alloc_space', 0x90],
    ['inuse_objects', 1],
    ['inuse_space', 0x10],
    ['peak_objects', 2],
    ['peak_space', 0x50],
  ]);
  expect(stacksOf(profile)).toBe('main a.c:10;grab a.c:20 80\n');
  expect(profile.meta).toMatchObject({ tool: 'heaptrack', command: ['./app', 'a', 'b'], duration: 20e6, notes: [] });
  expect(profile.series.map(({ name, value }) => [name, ...value])).toEqual([
    ['heap', 64, 80, 80],
    ['rss', 0, 0x64 * 4096, 0x64 * 4096],
  ]);
});

test('a snapshot by its number is drawn as one of massif', async () => {
  const path = join(FOLDER, 'peaks.heaptrack');
  const first = await readProfile(path, { choices: { snapshot: 0 } });
  expect(totalWeight(first)).toBe(72_704);
  expect(await refusal(readProfile(path, { choices: { snapshot: 99 } }))).toContain('there is no snapshot 99');
});

test('whatever is allocated and freed: what is in use at the peak adds up to the largest heap', async () => {
  const event = fc.record({ size: fc.nat(1e6), free: fc.boolean(), at: fc.nat() });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 200 }), async (events) => {
      const text = ['v 10400 3', 'X x', 's 4 main'];
      const live: number[] = [];
      const sizes: number[] = [];
      let [heap, peak] = [0, 0];
      for (const { size, free, at } of events) {
        if (free && live.length > 0) {
          const [gone] = live.splice(at % live.length, 1);
          heap -= sizes[gone!]!;
          text.push(`- ${gone!.toString(16)}`);
          continue;
        }
        const number = sizes.push(size) - 1;
        text.push(`i ${(number + 1).toString(16)} 0 1`, `t ${(number + 1).toString(16)} 0`);
        text.push(`a ${size.toString(16)} ${(number + 1).toString(16)}`, `+ ${number.toString(16)}`);
        live.push(number);
        heap += size;
        peak = Math.max(peak, heap);
      }
      const { sites } = await readHeaptrack(inputOf(`${text.join('\n')}\n`, 'x', 64));
      expect(sum(sites.peakBytes)).toBe(peak);
      expect(sum(sites.leakedBytes)).toBe(heap);
      expect(Math.min(0, ...sites.peakBytes)).toBe(0);
    }),
    { numRuns: 60 },
  );
});

describe('what is wrong is said with its line', () => {
  const says = (from: string | RegExp, to: string) =>
    refusal(readInput(inputOf(SMALL.replace(from, to), 'x'), { format: heaptrack }));

  test.each([
    ['v 10400 3', 'v 10500 9', 'line 1: version 9 of heaptrack’s format'.replace('’', "'")],
    ['v 10400 3', 'hello', 'line 1: there is no line `v` with the version before this'],
    [
      'X ./app',
      'x 3 /a',
      'line 2: this is a raw recording of heaptrack: heaptrack_interpret < RAW > FILE makes it readable',
    ],
    ['t 2 1', 't 9 1', 'line 12: there is no place 9: 2 are known'],
    ['t 2 1', 't 2 9', 'line 12: there is no stack 9: 1 are known'],
    ['a 40 2', 'a 40 9', 'line 15: there is no stack 9: 3 are known'],
    ['+ 1', '+ 7', 'line 22: there is no allocation 7: 2 are known'],
    ['+ 0\n- 0', '- 0\n- 0', 'line 17: allocation 0 is freed more often than it was made'],
    ['- 0\nc a', '- 1\nc a', 'line 18: allocation 1 is freed more often than it was made'],
    ['- 0', '- zz', 'line 18: a hexadecimal number was expected'],
    ['s 4 main', 's 40 main', 'line 5: the text is shorter than the 64 bytes that are told of it'],
    ['i 401000 1 2 3 a', 'i 401000 1 9 3 a', 'line 9: there is no text 9: 5 are known'],
    ['R 64', '? 64', 'line 20: no record of heaptrack begins with "?"'],
  ])('%s as %s', async (from, to, said) => {
    expect(await says(from, to)).toContain(said);
  });

  test('a recording without its end is read, and that is said', async () => {
    const cut = SMALL.slice(0, SMALL.indexOf('c 14'));
    const { meta } = await readInput(inputOf(cut, 'x'));
    expect(meta.notes).toEqual(['the recording has no end: it tells of the first 10 ms']);
  });

  test('broken bytes give a profile or one clear line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(SMALL.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(SMALL);
        bytes[at] = byte;
        await profileOrError(inputOf(bytes, 'x'), heaptrack);
      }),
      { numRuns: 300 },
    );
  });
});
