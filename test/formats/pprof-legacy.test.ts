import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { pprofLegacy } from '../../src/formats/pprof-legacy.ts';
import { detectFormat, formats, readInput } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { KINDS, type Profile } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { profileOrError, readText, refusal, stacksOf, testFormat } from './harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/pprof/go-pprof');
if (!existsSync(PEERS)) console.log(`skipped: no recordings in ${PEERS}`);
const peers = existsSync(PEERS)
  ? readdirSync(PEERS)
      .filter((name) => name.endsWith('.string'))
      .map((name) => name.slice(0, -7))
  : [];

const HEAP =
  'heap profile:     2:  9360 [     4:  9999] @ heapz_v2/524288\n' +
  '     1:     9216 [     1:     9216] @ 0xc635c8 0x42ecc3\n     1:      144 [     3:      783] @ 0xc635c8 0x7f47a54360fe\n' +
  'MAPPED_LIBRARIES:\n  build=/home/me/my-app\n  00400000-00fcb000: $build\n  7f47a5400000-7f47a5500000: /lib/libc.so @ 1000\n';
const CONTENTION =
  '--- contentionz 1 ---\ncycles/second = 2000000000\nsampling period = 100\nms since reset = 16502830\n' +
  '  19490304       27 @ 0xbccc97 0xc61202\n';
const THREADS =
  '--- threadz 1 ---\n\n--- Thread 7f79 (name: main/14748) stack: ---\n  PC:  0x00bc8f1c: helper(arg *)\n  0x0040be31: main\n' +
  '--- Thread 7f78 (name: io/x/14751) stack: ---\n  [same as previous thread]\n--- Memory map: ---\n  00400000-00fcb000: /home/app\n';
const GO =
  'heap profile: 1: 16 [2: 32] @ heap/1048576\n1: 16 [2: 32] @ 0x4c 0x5d\n#\t0x4b\tmain.work+0x36\t/src/x.go:12\n#\t0x5c\truntime.main+0x2\t/go/proc.go:7\n\n# runtime.MemStats\n# Alloc = 5\n';

describe.each([
  ['heap', HEAP],
  ['contention', CONTENTION],
  ['threads', THREADS],
  ['count', 'goroutine profile: total 3\n1 @ 0x44cb3 0x45045\n2 @ 0x44cb3\n'],
  ['go', GO],
])('%s', (_name, small) => {
  testFormat({ format: pprofLegacy, fixtures: [], small });
});

/** Header, one sample, the mark of the end. */
function cpu(size: 4 | 8, little: boolean, words: readonly bigint[], tail = ''): Buffer {
  const buffer = Buffer.alloc(words.length * size);
  words.forEach((word, i) => {
    if (size === 8) little ? buffer.writeBigUInt64LE(word, i * 8) : buffer.writeBigUInt64BE(word, i * 8);
    else little ? buffer.writeUInt32LE(Number(word), i * 4) : buffer.writeUInt32BE(Number(word), i * 4);
  });
  return Buffer.concat([buffer, Buffer.from(tail)]);
}
const WORDS = [0n, 3n, 0n, 10_000n, 0n, 2n, 2n, 0x401000n, 0x402001n, 3n, 1n, 0x401008n, 0n, 1n, 0n];

describe('CPU profiles are words', () => {
  test.each([
    [4, true],
    [4, false],
    [8, true],
    [8, false],
  ] as const)('of %i bytes, little end first: %s', async (size, little) => {
    const bytes = cpu(size, little, WORDS, '400000-500000 r-xp 00000000 08:01 7  /home/me/app\n');
    expect(detectFormat(inputOf(bytes, 'x')).id).toBe('pprof-legacy');
    const profile = await readText(bytes);
    expect(stacksOf(profile)).toBe('0x401008 30000000\n0x402000;0x401000 20000000\n');
    expect(profile.meta.sampleInterval).toBe(10_000_000);
    expect(profile.strings[profile.frames.module[0]!]).toBe('/home/me/app');
    for (let end = 20; end < bytes.length; end++)
      await profileOrError(inputOf(bytes.subarray(0, end), 'x'), pprofLegacy);
  });

  test("the signal handler's frames go, and a leaf that is there twice", async () => {
    const sample = [1n, 4n, 0x401000n, 0x9001n, 0x401000n, 0x402001n];
    const profile = await readText(
      cpu(8, true, [0n, 3n, 0n, 10_000n, 0n, ...sample, 1n, 3n, 0x401500n, 0x9001n, 0x403001n, 0n, 1n, 0n]),
    );
    expect(stacksOf(profile)).toBe('0x402000;0x401000 10000000\n0x403000;0x401500 10000000\n');
  });

  test('what is wrong is told', async () => {
    expect(await refusal(readText(cpu(8, true, WORDS.slice(0, 8))))).toBe(
      'x: byte 40: the sample goes beyond the end of the file: the file was cut',
    );
    expect(await refusal(readText(cpu(8, true, [0n, 3n, 0n, 1n, 0n, 2n ** 60n, 1n, 5n])))).toBe(
      'x: byte 40: the count 1152921504606846976 is too large',
    );
    const open = await readText(cpu(8, true, WORDS.slice(0, -3)));
    expect(open.meta.notes).toEqual(['x ends without the mark of its end: samples may be missing']);
  });
});

describe('text', () => {
  const kindOf = ({ frames, strings }: Profile, name: string) =>
    KINDS[frames.kind[Array.from(frames.name).findIndex((index) => strings[index] === name)]!];

  test('a sampled heap stands for more; addresses have their modules', async () => {
    const profile = await readText(HEAP);
    expect(profile.valueTypes.map(({ type }) => type)).toEqual([
      'alloc_objects',
      'alloc_space',
      'inuse_objects',
      'inuse_space',
    ]);
    expect([...profile.samples.values[3]!]).toEqual([528909, 524360]);
    const modules = Array.from(profile.frames.module, (index) => profile.strings[index]).sort();
    expect(modules).toEqual(['/home/me/my-app', '/home/me/my-app', '/lib/libc.so']);
  });

  test('cycles become nanoseconds', async () => {
    const profile = await readText(CONTENTION);
    expect(profile.samples.values.map((column) => column[0])).toEqual([2700, 974_515_200]);
    expect(profile.meta.duration).toBe(16_502_830e6);
  });

  test('threads have their names, and the stack of the one before', async () => {
    const profile = await readText(THREADS);
    expect(stacksOf(profile)).toBe('io/x;main;helper(arg *) 1\nmain;main;helper(arg *) 1\n');
    expect(profile.threads.map(({ tid }) => tid)).toEqual([14748, 14751]);
    expect(kindOf(profile, 'main')).toBe('app');
  });

  test("Go's comments name the stack", async () => {
    const profile = await readText(GO);
    expect(profile.strings).toContain('main.work');
    expect(kindOf(profile, 'runtime.main')).toBe('runtime');
    expect(profile.meta.notes).toEqual([
      'stacks are as the file names them, which leaves out frames of the Go runtime',
    ]);
  });

  test('less than nothing in use is told', async () => {
    const profile = await readText('heap profile: 1: 5 [1: 5] @ heapprofile\n-1: -9 [0: 0] @ 0x1\n1: 5 [1: 5] @ 0x2\n');
    expect(totalWeight(profile)).toBe(5);
    expect(profile.meta.notes).toEqual(['samples with less than nothing in use, taken as nothing: 1']);
  });

  test.each([
    ['line 2: this is no sample', 'heap profile: 1: 5 [1: 5] @ heapprofile\nmain;a 1\n'],
    ['line 2: no objects, and 5 bytes in them', 'heap profile: 1: 5 [1: 5] @ heapprofile\n0: 5 [1: 5] @ 0x1\n'],
    ['line 1: this is no heap profile that we know: heapy', 'heap profile: 1: 5 [1: 5] @ heapy\n'],
    ['line 2: 9999999999999999999 is above 2^53', 'goroutine profile: total 1\n9999999999999999999 @ 0x1\n'],
    [
      'line 3: there is no thread before this one',
      '--- threadz 1 ---\n--- Thread 7 (name: a/1) stack: ---\n [same as previous thread]\n',
    ],
    ['line 2: this is no sample', '--- threadz 1 ---\nx\n'],
  ])('%s', async (message, text) => {
    expect(await refusal(readText(text))).toBe(`x: ${message}`);
  });

  test('attributes that name attributes do not grow', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `a${i}=${`$a${i - 1}`.repeat(200)}\n`).join('');
    const profile = await readText(
      `heap profile: 1: 5 [1: 5] @ heapprofile\n1: 5 [1: 5] @ 0x2\nMAPPED_LIBRARIES:\n${lines}0-100: $a199\n`,
    );
    expect(profile.strings.every((text) => text.length < 1_000_000)).toBe(true);
  });

  test('broken bytes give a profile or one clear line', async () => {
    const seeds: Buffer[] = [HEAP, CONTENTION, THREADS, GO].map((text) => Buffer.from(text));
    seeds.push(cpu(8, true, WORDS, '0-5: /a\n'), cpu(4, false, WORDS));
    const edit = fc.tuple(
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('-@[]:/x0 \n'))),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        async (seed, edits) => {
          const broken = Buffer.from(seed);
          for (const [where, byte] of edits) broken[Math.floor(where * broken.length)] = byte;
          await profileOrError(inputOf(broken, 'x', 40), pprofLegacy);
        },
      ),
      { seed: 3, numRuns: 2000 },
    );
  });
});

/** What google/pprof prints of a profile: per sample its values and its stack, leaf first. */
function dumped(text: string): {
  types: string[];
  samples: { values: number[]; ids: string[] }[];
  locations: Map<string, string>;
  files: Map<string, string>;
} {
  const [head, rest] = text.split('\nLocations\n') as [string, string];
  const [locations, mappings] = rest.split('\nMappings\n') as [string, string | undefined];
  const samples = head.split('\nSamples:\n')[1]!.split('\n');
  return {
    types: samples[0]!.replaceAll('[dflt]', '').trim().split(/\s+/),
    samples: samples.slice(1).flatMap((line) => {
      const [, values, ids] = /^ *([-\d ]+): ([\d ]*)$/.exec(line) ?? [];
      return values === undefined
        ? []
        : [{ values: values.trim().split(/ +/).map(Number), ids: ids!.trim().split(' ').filter(Boolean) }];
    }),
    locations: new Map(Array.from(locations.matchAll(/^ *(\d+): (.*?) *$/gm), ([, id, words]) => [id!, words!])),
    files: new Map(Array.from((mappings ?? '').matchAll(/^(\d+): \S+ ?(\S*)/gm), ([, id, file]) => [id!, file!])),
  };
}

describe.skipIf(peers.length === 0)("google/pprof's own profiles, as it dumps them", () => {
  test.each(peers)('%s', async (name) => {
    const bytes = readFileSync(join(PEERS, name));
    const input = inputOf(bytes, 'x');
    expect(detectFormat(input).id).toBe('pprof-legacy');
    expect(formats.filter((format) => format.detect(input.head) === 'yes').map(({ id }) => id)).toEqual([
      'pprof-legacy',
    ]);
    const profile = await readInput(input);
    checkProfile(profile);
    const golden = dumped(readFileSync(join(PEERS, `${name}.string`), 'utf8'));
    expect(profile.valueTypes.map(({ type, unit }) => `${type}/${unit}`)).toEqual(golden.types);
    const { strings, frames, stacks, samples } = profile;
    // A thread's functions have names here and none there
    const named = name.startsWith('cppbench.thread');
    const expected = golden.samples.map(({ values, ids }) => {
      const stack = ids.map((id) => {
        const [, address, module, words] = /^(0x[0-9a-f]+)(?: M=(\d+))?(?: (\S.*?)(?: \S+:\d+:\d+)? s=\d+)?$/.exec(
          golden.locations.get(id)!,
        )!;
        return named
          ? (golden.files.get(module ?? '') ?? '')
          : words === undefined
            ? `${address} ${golden.files.get(module ?? '') ?? ''}`
            : words.replace(/ :\d+:\d+$/, '');
      });
      return `${stack.join(' < ')} = ${values.join(' ')}`;
    });
    const actual: string[] = [];
    for (let row = 0; row < samples.length; row++) {
      const stack: string[] = [];
      for (let at = samples.stack[row]!; at >= 0; at = stacks.parent[at]!) {
        const frame = stacks.frame[at]!;
        const [word, module] = [strings[frames.name[frame]!]!, strings[frames.module[frame]!]!];
        stack.push(named ? module : word.startsWith('0x') ? `${word} ${module}` : word);
      }
      actual.push(`${stack.join(' < ')} = ${samples.values.map((column) => column[row]).join(' ')}`);
    }
    const summed = (lines: string[]) => {
      const sums = new Map<string, number[]>();
      for (const line of lines) {
        const [stack, values] = line.split(' = ') as [string, string];
        const before = sums.get(stack);
        sums.set(
          stack,
          values.split(' ').map((value, i) => Number(value) + (before?.[i] ?? 0)),
        );
      }
      return [...sums].map(([stack, values]) => `${stack} = ${values.join(' ')}`).sort();
    };
    expect(summed(actual)).toEqual(summed(expected));
  });
});
