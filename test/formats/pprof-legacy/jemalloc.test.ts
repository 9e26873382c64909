import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../../src/formats/input.ts';
import { pprofLegacy } from '../../../src/formats/pprof-legacy.ts';
import { readInput, readProfile } from '../../../src/formats/registry.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { refusal, stacksOf, testFormat } from '../harness.ts';

const HEAP = [
  'heap_v2/4096',
  '  t*: 2: 200 [0: 0]',
  '  t0: 2: 200 [0: 0]',
  '@ 0x11 0x401001',
  '  t*: 1: 4096 [0: 0]',
  '  t0: 1: 4096 [0: 0]',
  '@ 0x401001',
  '  t*: 0: 0 [0: 0]',
  '',
  'MAPPED_LIBRARIES:',
  '00400000-00500000 r-xp 00000000 fe:00 2401204 /bin/app',
  '',
].join('\n');

describe('jemalloc', () => testFormat({ format: pprofLegacy, fixtures: [], small: HEAP }));

const read = (text: string) => readInput(inputOf(Buffer.from(text), 'x'));

test('what was sampled is scaled: a block of the mean size is seen with the chance 1 - 1/e', async () => {
  const profile = await read(HEAP);
  expect(profile.valueTypes.map(({ type }) => type)).toEqual(['inuse_objects', 'inuse_space']);
  expect(totalWeight(profile)).toBe(Math.trunc(4096 / (1 - Math.exp(-1))));
  expect(stacksOf(profile)).toContain('0x401000');
});

test('with prof_accum there are the allocations too', async () => {
  const text = HEAP.replace('2: 200 [0: 0]', '2: 200 [5: 900]').replace('1: 4096 [0: 0]', '1: 4096 [2: 8192]');
  const profile = await read(text);
  expect(profile.valueTypes.map(({ type }) => type)).toEqual([
    'alloc_objects',
    'alloc_space',
    'inuse_objects',
    'inuse_space',
  ]);
  expect(totalWeight(profile, 1)).toBe(Math.trunc(8192 / (1 - Math.exp(-1))));
});

test('a line that is neither says which', async () => {
  expect(await refusal(read(HEAP.replace('  t*: 1: 4096', '  x: 1: 4096')))).toContain(
    'line 5: this is no stack and no count of jemalloc',
  );
});

const peer = resolve(import.meta.dirname, '../../../../shared/peer-data/jemalloc/je.heap');
if (!existsSync(peer)) console.log(`skipped: ${peer} is not here`);
test.skipIf(!existsSync(peer))('20,480,000 bytes that a program kept are found within 2 %', async () => {
  const total = totalWeight(await readProfile(peer));
  expect(Math.abs(total / 20_480_000 - 1)).toBeLessThan(0.02);
});
