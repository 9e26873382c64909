import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { Notes } from '../../../src/formats/format.ts';
import { SampleReader } from '../../../src/formats/perf-binary/sample-reader.ts';
import type { AddressSpace, PerfMapping, PerfSample } from '../../../src/formats/perf-data/recording.ts';
import { openKernel } from '../../../src/formats/perf-kernel/either-kernel.ts';
import { frameLabel } from '../../../src/profile/frame-label.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { openElf } from '../../../src/symbols/elf-file.ts';
import { Unwinder } from '../../../src/symbols/unwind/unwinder.ts';
import { elfWithFrames, frameBytes } from '../../symbols/unwind/frame-bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-stack-walk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const X86_64 = 62;
const STACK = 0x7ffd_0000_1000;
const BASE = 0x5555_0000_0000;
const path = join(folder, 'program');

/** One function a rule, 0x100 bytes each, from 0x1000 on. */
const RULES: readonly (readonly number[])[] = [
  // CFA = rsp + 16
  [0x0e, 16],
  // push rbp; mov rbp, rsp: CFA = rbp + 16, rbp saved below the return address
  [0x0e, 16, 0x86, 2, 0x0d, 6],
  // rbp saved, and not used
  [0x0e, 32, 0x86, 3],
  // a leaf: CFA = rsp + 8
  [],
  // rbx saved and used
  [0x0e, 24, 0x83, 2, 0x0d, 3],
  // an expression: CFA = *(rsp + 8) + 0
  [0x0f, 3, 0x77, 8, 0x06],
  // The CFA is 2800 bytes above the stack pointer
  [0x0e, 0xf0, 0x15],
  // The outermost: its return address is undefined
  [0x07, 16],
];
writeFileSync(
  path,
  elfWithFrames(
    X86_64,
    frameBytes([
      {
        returnRegister: 16,
        initial: [0x0c, 7, 8, 0x90, 1],
        functions: RULES.map((instructions, i) => ({ start: 0x1000 + 0x100 * i, size: 0x100, instructions })),
      },
      // What the kernel returns to from a signal handler: the CFA is the saved rsp, at rsp + 16
      {
        returnRegister: 16,
        initial: [0x0f, 3, 0x77, 16, 0x06, 0x10, 16, 2, 0x77, 24],
        signal: true,
        functions: [{ start: 0x1800, size: 0x100, instructions: [] }],
      },
    ]),
    new Map(),
  ),
);

const MAPPING: PerfMapping = {
  start: BASE,
  end: BASE + 0x10000,
  offset: 0,
  path,
  buildId: '',
  executable: true,
  time: 0,
};
const SPACE: AddressSpace = {
  pid: 1,
  mappings: [MAPPING],
  find: (address) => (address >= MAPPING.start && address < MAPPING.end ? MAPPING : undefined),
};

function words(...values: readonly (number | bigint)[]): Uint8Array {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => {
    bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), 8 * index);
  });
  return bytes;
}

const ALL_REGISTERS: [number, number] = [0x00ff_0fff, 0];

/** @param registers as perf orders them: `ax bx cx dx si di bp sp ip`, ... */
function sampleOf(registers: readonly number[], stack: Uint8Array | undefined, regsMask = ALL_REGISTERS): PerfSample {
  return {
    event: 0,
    pid: 1,
    tid: 1,
    time: 5,
    cpu: 0,
    period: 1,
    ip: BASE + 0x1001,
    kernelIp: false,
    chain: new Float64Array(0),
    chainLength: 0,
    chainKernel: new Uint8Array(0),
    rawChain: undefined,
    branches: new Float64Array(0),
    branchCount: 0,
    register: (index) => registers[index] ?? Number.NaN,
    regsAbi: 2,
    regsMask,
    stack,
    space: SPACE,
    comm: 'x',
  };
}

const stackAt = (ip: number, bp: number, ...stack: readonly (number | bigint)[]): PerfSample =>
  sampleOf([0, STACK, 0, 0, 0, 0, bp, STACK, ip], words(...stack));

const NO_JIT = { find: () => -1, isDated: () => false };

/** The addresses of each sample's stack, leaf first, as the reader has them. */
async function read(samples: readonly PerfSample[], wanted: 'wasm' | 'script', jit: object = NO_JIT) {
  const notes = new Notes();
  const kernel = openKernel(wanted)!;
  const reader = new SampleReader(jit as never, notes, kernel, { addresses: true } as never, false);
  reader.info({ events: [{ name: 'cpu-clock', frequency: false, period: 1 }], cmdline: [] } as never);
  const unwound = vi.spyOn(Unwinder.prototype, 'unwind');
  for (const sample of samples) reader.sample(sample);
  const left = unwound.mock.calls.length;
  unwound.mockRestore();
  const profile = await reader.finish();
  return {
    stacks: stacksOf(profile),
    frames: profile.frames.length,
    labels: [...profile.samples.stack].map((leaf) => frameLabel(profile, profile.stacks.frame[leaf]!)),
    left,
    notes: notes.list,
  };
}

function stacksOf(profile: Profile): string[] {
  const { samples, stacks } = profile;
  return Array.from(samples.stack, (leaf) => {
    const labels: string[] = [];
    for (let stack = leaf; stack >= 0; stack = stacks.parent[stack]!) {
      labels.push(/<([0-9a-f]+)>\]$/.exec(frameLabel(profile, stacks.frame[stack]!))?.[1] ?? 'none');
    }
    return labels.join(' ');
  });
}

/** The same by the unwinder alone. */
function expected(samples: readonly PerfSample[]): { stacks: string[]; truncated: number } {
  const unwinder = new Unwinder<PerfMapping>(() => openElf(path));
  const into = new Float64Array(1024);
  const stacks = samples.map((sample) => {
    const count = unwinder.unwind(sample, into);
    const addresses = count > 0 ? Array.from(into.subarray(0, count)) : [sample.ip];
    return addresses.map((address) => address.toString(16)).join(' ');
  });
  return { stacks, truncated: unwinder.truncated };
}

async function compare(samples: readonly PerfSample[], wanted: 'wasm' | 'script'): Promise<number> {
  const { stacks, frames, left, notes } = await read(samples, wanted);
  const theirs = expected(samples);
  expect(stacks).toEqual(theirs.stacks);
  // Nothing is left of stacks that were begun in vain
  expect(frames).toBe(new Set(stacks.flatMap((stack) => stack.split(' '))).size);
  const cut = notes.map((note) => /^stacks cut short.*: (\d+) of/.exec(note)?.[1]).find((found) => found !== undefined);
  expect(Number(cut ?? 0)).toBe(theirs.truncated);
  return left;
}

const code = (index: number, offset = 0x10): number => BASE + 0x1000 + 0x100 * index + offset;

describe.each(['wasm', 'script'] as const)('stacks that the kernel walks (%s)', (wanted) => {
  test('by the stack pointer, the frame pointer and none of both, to the outermost', async () => {
    const samples = [
      stackAt(code(0), STACK + 32, 0, code(0), 0, code(1), STACK, code(7)),
      stackAt(code(2), 5, 0, STACK + 48, 0, code(1), 1, 2, 3, code(7)),
      // Without a table: rbp points to the caller's, above it stands the return address
      stackAt(0x1234, STACK + 8, 7, STACK + 40, code(0), 0, code(1), 0, code(7)),
    ];
    expect(await compare(samples, wanted)).toBe(0);
  });

  test('are the copied part, and those that end with it are counted', async () => {
    const samples = [stackAt(code(0), 0, 0, code(0), 0), stackAt(code(0), 0, 0, 0), stackAt(code(0), 0, 0, code(3))];
    expect(await compare(samples, wanted)).toBe(0);
  });

  test('go on beyond the bytes that come first', async () => {
    const deep = [...new Array(349).fill(0), code(6, 0x20), ...new Array(349).fill(0), code(7)];
    expect(await compare([stackAt(code(6), 0, ...deep), stackAt(code(6), 0, ...deep)], wanted)).toBe(0);
  });

  test('are left to the unwinder where a frame needs more: other registers, expressions, odd places', async () => {
    const odd = Buffer.concat([Buffer.alloc(3), words(0, code(0), 0, code(7), 0, 0)]);
    const samples = [
      stackAt(code(4), 0, 0, 0, code(7)),
      stackAt(code(5), 0, 0, STACK + 32, 0, code(7)),
      stackAt(code(0), 0, 0, code(8, 0x21), 0, 0, STACK + 48, code(0), 0, code(7)),
      sampleOf([0, 0, 0, 0, 0, 0, STACK + 3, STACK, code(1)], odd),
    ];
    expect(await compare(samples, wanted)).toBe(4);
  });

  test('are left to it without the registers or the bytes that it takes', async () => {
    const stack = words(0, code(7));
    const samples = [
      sampleOf([0, STACK, code(0)], stack, [0x181, 0]),
      { ...sampleOf([0, 0, 0, 0, 0, 0, 0, STACK, code(0)], stack), regsAbi: 1 },
    ];
    expect(await compare(samples, wanted)).toBe(2);
    const few = sampleOf([0, 0, STACK, code(0)], stack, [0x1c1, 0]);
    expect(await compare([few], wanted)).toBe(0);
  });

  test('stand above the call chain of the kernel', async () => {
    const bytes = words(-128, 0xffff_ffff_8100_0010n, 0xffff_ffff_8100_0020n);
    const chain = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at: 0, count: 3 };
    const own = stackAt(code(0), 0, 0, code(7));
    const { stacks, left } = await read([{ ...own, kernelIp: true, rawChain: chain }, own], wanted);
    const user = expected([own]).stacks[0]!;
    // How the kernel's are called depends on the machine
    expect(stacks).toEqual([expect.stringMatching(`^\\S+ \\S+ ${user}$`), user]);
    expect(left).toBe(0);
  });

  test('of thousands of addresses are known again', async () => {
    const samples = Array.from({ length: 6000 }, (_, i) =>
      stackAt(0x10_0000 + 16 * i, STACK, STACK, code(0), 0, code(7)),
    );
    expect(await compare([...samples, ...samples], wanted)).toBe(0);
  });

  test('are asked for again where code changes with the time', async () => {
    const jit = {
      find: (_space: unknown, _address: number, time: number) => time,
      isDated: () => true,
      nameOf: (_pid: number, number: number) => `made at ${number}`,
    };
    const samples = [1, 2, 1].map((time) => ({ ...stackAt(0x1234, STACK, STACK, code(0), 0, code(7)), time }));
    const { labels, left } = await read(samples, wanted, jit);
    expect(left).toBe(0);
    expect(labels).toEqual([1, 2, 1].map((time) => expect.stringContaining(`made at ${time}`)));
  });

  test('are those of the unwinder, whatever registers and stacks are', { timeout: 60_000 }, async () => {
    const near = fc.integer({ min: -64, max: 4096 }).map((offset) => STACK + offset);
    const aligned = fc.integer({ min: 0, max: 512 }).map((offset) => STACK + 8 * offset);
    const place = fc.integer({ min: 0, max: 0x900 }).map((offset) => BASE + 0xf80 + offset);
    const word = fc.oneof(
      { weight: 6, arbitrary: place },
      { weight: 3, arbitrary: aligned },
      { weight: 1, arbitrary: near },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, -1, 2 ** 52, 2 ** 53, -(2 ** 62), 2 ** 62, 0x1234) },
    );
    const stack = fc.oneof(
      fc.array(word, { maxLength: 600 }).map((list) => words(...list)),
      fc.uint8Array({ maxLength: 600 }),
    );
    const one = fc.record({ registers: fc.array(word, { minLength: 24, maxLength: 24 }), ip: place, stack });
    let left = 0;
    let all = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 30 }), async (list) => {
        const samples = list.map(({ registers, ip, stack: bytes }) => {
          const own = [...registers];
          own[7] = STACK;
          own[8] = ip;
          return sampleOf(own, bytes);
        });
        all += samples.length;
        left += await compare(samples, wanted);
      }),
      { numRuns: 300 },
    );
    expect(all - left).toBeGreaterThan(all / 5);
  });
});
