import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { FormatError, Notes } from '../../../src/formats/format.ts';
import { inputOf, openInput } from '../../../src/formats/input.ts';
import { readPprof } from '../../../src/formats/pprof/read-pprof.ts';
import { openPprofKernel } from '../../../src/formats/pprof-kernel/open-pprof-kernel.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import type { WasmMemory } from '../../../src/wasm-module.ts';
import { HEAD, messages, size } from './messages.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-placed-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A text that nobody names: below some MB a file is not worth a kernel. */
const LONG_TEXT = Buffer.concat([Buffer.from([0x32, 0x80, 0x80, 0xc0, 0x02]), Buffer.alloc(0xa00000 / 2, 'x')]);

/** What a file comes to that is put into the kernel's memory, and its bytes without any; and whether the kernel was asked. */
async function bothWays(bytes: Buffer, zipped: boolean): Promise<[Profile | string, Profile | string, boolean]> {
  const path = join(folder, 'x.pb');
  writeFileSync(path, zipped ? gzipSync(bytes, { level: 1 }) : bytes);
  let asked = false;
  const source = (wanted: number, memory?: WasmMemory) => {
    if (memory) asked = true;
    return openPprofKernel(wanted, memory);
  };
  const outcome = async (read: Promise<Profile>) => {
    try {
      return await read;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return error.message.slice(error.message.indexOf('byte'));
    }
  };
  const placed = await outcome(openInput(path).then((input) => readPprof(input, new Notes(), source, 0)));
  const plain = await outcome(readPprof(inputOf(bytes, 'x'), new Notes(), () => undefined));
  return [placed, plain, asked];
}

test('any file that stands in the memory of its kernel comes to the same as without', async () => {
  await fc.assert(
    fc.asyncProperty(size, fc.boolean(), fc.boolean(), async (given, first, zipped) => {
      const file = Buffer.from(messages(given));
      const bytes = first
        ? Buffer.concat([file.subarray(0, HEAD.length), LONG_TEXT, file.subarray(HEAD.length)])
        : Buffer.concat([file, LONG_TEXT]);
      const [placed, plain, asked] = await bothWays(bytes, zipped);
      expect(asked).toBe(true);
      expect(placed).toEqual(plain);
    }),
    { numRuns: 12 },
  );
});

test('what is odd, after the kernel has written over the file: the same profile, or the same line', async () => {
  const given = { seed: 5, samples: 3000, functions: 40, depth: 30, prefix: 0, spread: 9 };
  const file = Buffer.from(messages(given));
  const long = Buffer.concat([file, LONG_TEXT]);
  // Of the last sample: a location that does not exist is found when all others are in buckets
  const odd = Buffer.concat([file, Buffer.from([0x12, 7, 0x0a, 2, 0xff, 0x0f, 0x12, 1, 5]), LONG_TEXT]);
  const cut = Buffer.from(long);
  cut[file.length + 1] = 0xff;
  for (const bytes of [odd, cut]) {
    for (const zipped of [true, false]) {
      const [placed, plain, asked] = await bothWays(bytes, zipped);
      expect(asked).toBe(true);
      expect(placed).toEqual(plain);
    }
  }
});
