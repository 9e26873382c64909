import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elfOfBytes } from '../../../src/symbols/elf-file.ts';
import { type CodeMapping, type CopiedThread, Unwinder } from '../../../src/symbols/unwind/unwinder.ts';
import { elfWithFrames, type FrameTable, frameBytes } from './frame-bytes.ts';

const X86 = 62;
const ARM = 183;
const STACK = 0x7ffd_0000_1000;
/** Where the file is mapped: its addresses are counted from here. */
const BASE = 0x5555_0000_0000;
const MAPPING: CodeMapping = { start: BASE, end: BASE + 0x10000, offset: 0, path: '/bin/x', buildId: '' };
const MASKS: Record<number, [number, number]> = { [X86]: [0x00ff_0fff, 0], [ARM]: [-1, 1] };
/** Places of perf's registers in a sample: x86 `bp sp ip`, aarch64 `x29 lr sp pc`. */
const X86_BP = 6;
const X86_SP = 7;
const X86_IP = 8;
const ARM_FP = 29;
const ARM_LR = 30;
const ARM_SP = 31;
const ARM_PC = 32;

function words(...values: readonly (number | bigint)[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => {
    bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), 8 * index);
  });
  return bytes;
}

function thread(machine: number, registers: ReadonlyMap<number, number>, stack: Uint8Array): CopiedThread<CodeMapping> {
  const regs = new Float64Array(64);
  for (const [place, value] of registers) regs[place] = value;
  const find = (address: number): CodeMapping | undefined =>
    address >= MAPPING.start && address < MAPPING.end ? MAPPING : undefined;
  return {
    register: (index) => regs[index] ?? Number.NaN,
    regsAbi: 2,
    regsMask: MASKS[machine]!,
    stack,
    space: { find },
  };
}

function unwinderOf(machine: number, tables: readonly FrameTable[], code = new Map<number, number[]>()) {
  const file = elfWithFrames(machine, frameBytes(tables), code);
  return new Unwinder<CodeMapping>(() => elfOfBytes('x', file));
}

/** Addresses of the file, as they were written. */
function run(unwinder: Unwinder<CodeMapping>, sample: CopiedThread<CodeMapping>, room = 100): number[] {
  const into = new Float64Array(room);
  const count = unwinder.unwind(sample, into);
  return Array.from(into.subarray(0, count), (address) => (address > BASE ? address - BASE : address));
}

/** x86-64: the CFA is rsp + 8, above it the return address; 16 bytes a frame in the functions. */
const PLAIN: FrameTable = {
  returnRegister: 16,
  initial: [0x0c, 7, 8, 0x90, 1],
  functions: [
    { start: 0x1000, size: 0x100, instructions: [0x0e, 16] },
    // push rbp; mov rbp, rsp
    { start: 0x1100, size: 0x100, instructions: [0x0e, 16, 0x86, 2, 0x0d, 6] },
    // The outermost: its return address is undefined
    { start: 0x1200, size: 0x100, instructions: [0x07, 16] },
  ],
};
const x86 = (ip: number, stack: Uint8Array, bp = 0): CopiedThread<CodeMapping> =>
  thread(
    X86,
    new Map([
      [X86_IP, ip > 0 ? BASE + ip : ip],
      [X86_SP, STACK],
      [X86_BP, bp],
    ]),
    stack,
  );

describe('a copied stack of x86-64', () => {
  test('is walked to the function whose return address is undefined', () => {
    const stack = words(0, BASE + 0x1010, 0, BASE + 0x1120, STACK, BASE + 0x1230);
    const sample = x86(0x1050, stack, STACK + 32);
    expect(run(unwinderOf(X86, [PLAIN]), sample)).toEqual([0x1050, 0x100f, 0x111f, 0x122f]);
  });

  test('that ends before the chain does counts as truncated', () => {
    const unwinder = unwinderOf(X86, [PLAIN]);
    expect(run(unwinder, x86(0x1050, words(0, BASE + 0x1010, 0)))).toEqual([0x1050, 0x100f]);
    expect(unwinder.truncated).toBe(1);
    expect(run(unwinder, x86(0x1050, words(0, 0)))).toEqual([0x1050]);
    expect(unwinder.truncated).toBe(1);
  });

  test('gives no more than there is room for', () => {
    const stack = words(...new Array(50).fill([0, BASE + 0x1010]).flat());
    expect(run(unwinderOf(X86, [PLAIN]), x86(0x1050, stack), 3)).toHaveLength(3);
    expect(run(unwinderOf(X86, [PLAIN]), x86(0x1050, stack), 0)).toEqual([]);
  });

  test('whose frames go in a circle ends', () => {
    // The CFA is rbp + 16, and rbp always the same
    const stack = words(STACK, BASE + 0x1120, 0);
    expect(run(unwinderOf(X86, [PLAIN]), x86(0x1150, stack, STACK))).toEqual([0x1150, 0x111f]);
  });

  test('without registers, or of 32 bits, has no frames', () => {
    const sample = x86(0x1050, words(0, BASE + 0x1010));
    for (const regsAbi of [0, 1]) expect(run(unwinderOf(X86, [PLAIN]), { ...sample, regsAbi })).toEqual([]);
  });

  test('where nothing was copied the address itself is left, if it is one of the program', () => {
    const unwinder = unwinderOf(X86, [PLAIN]);
    expect(run(unwinder, { ...x86(0x1050, words()), stack: undefined })).toEqual([0x1050]);
    expect(run(unwinder, { ...x86(0x1050, words()), stack: undefined, space: { find: () => undefined } })).toEqual([]);
    expect(unwinder.truncated).toBe(0);
  });

  test('goes on by frame pointers through code without tables, and then by tables', () => {
    const jit: CodeMapping = { ...MAPPING, start: 0x1000_0000, end: 0x1001_0000, path: '//anon' };
    const unwinder = new Unwinder<CodeMapping>((mapping) => {
      return mapping === jit ? undefined : elfOfBytes('x', elfWithFrames(X86, frameBytes([PLAIN]), new Map()));
    });
    const find = (address: number): CodeMapping | undefined =>
      [jit, MAPPING].find((one) => address >= one.start && address < one.end);
    const frames = [STACK + 48, jit.start + 0x20, 0, 0, 7, BASE + 0x1010, 0, BASE + 0x1230];
    const sample = { ...x86(0x1050, words(0, jit.start + 0x10, ...frames), STACK + 16), space: { find } };
    expect(run(unwinder, sample)).toEqual([0x1050, jit.start + 0x0f, jit.start + 0x1f, 0x100f, 0x122f]);
  });

  test('looks where a signal interrupted the program, not a byte before', () => {
    const signal: FrameTable = {
      returnRegister: 16,
      // The CFA is the saved rsp (at rsp + 16), the return address is at rsp + 24
      initial: [0x0f, 3, 0x77, 16, 0x06, 0x10, 16, 2, 0x77, 24],
      signal: true,
      functions: [{ start: 0x12ff, size: 0x11, instructions: [] }],
    };
    const stack = words(0, BASE + 0x1300, 1, 2, STACK + 48, BASE + 0x1100, 0, BASE + 0x1210);
    const unwinder = unwinderOf(X86, [
      { ...PLAIN, functions: PLAIN.functions.slice(0, 1) },
      signal,
      { ...PLAIN, functions: [{ start: 0x1100, size: 0x100, instructions: [0x0e, 16] }, PLAIN.functions[2]!] },
    ]);
    expect(run(unwinder, x86(0x1050, stack))).toEqual([0x1050, 0x1300, 0x1100, 0x120f]);
  });

  test('finds its way out of a signal handler without tables by the code of the trampoline', () => {
    const context = new Array(23).fill(0);
    context[5 + 10] = STACK + 500;
    context[5 + 15] = STACK + 16 + 8 * 23;
    context[5 + 16] = BASE + 0x1100;
    const stack = words(0, BASE + 0x1400, ...context, 0, BASE + 0x1210);
    const code = new Map([[0x1400, [0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05]]]);
    const plain = {
      ...PLAIN,
      functions: [{ start: 0x1000, size: 0x200, instructions: [0x0e, 16] }, PLAIN.functions[2]!],
    };
    expect(run(unwinderOf(X86, [plain], code), x86(0x1050, stack))).toEqual([0x1050, 0x1400, 0x1100, 0x120f]);
    // The kernel is about to take the registers back: the stack pointer is at the context
    context[5 + 15] -= 16;
    expect(run(unwinderOf(X86, [plain], code), x86(0x1409, words(...context, 0, BASE + 0x1210)))).toEqual([
      0x1409, 0x1100, 0x120f,
    ]);
  });
});

describe('a copied stack of aarch64', () => {
  /** The CFA is sp; after the prologue sp + 32 with x29 and x30 saved there. */
  const table: FrameTable = {
    returnRegister: 30,
    initial: [0x0c, 31, 0],
    functions: [
      { start: 0x1000, size: 0x100, instructions: [] },
      { start: 0x1100, size: 0x100, instructions: [0x2d, 0x0e, 32, 0x9d, 4, 0x9e, 3] },
      { start: 0x1200, size: 0x100, instructions: [0x07, 30] },
    ],
  };
  const arm = (pc: number, lr: number, stack: Uint8Array, fp = 0): CopiedThread<CodeMapping> =>
    thread(
      ARM,
      new Map([
        [ARM_PC, BASE + pc],
        [ARM_LR, lr],
        [ARM_SP, STACK],
        [ARM_FP, fp],
      ]),
      stack,
    );

  test('is walked from a leaf that saved nothing, and signatures are cut off', () => {
    const signed = (0x2a5bn << 48n) + BigInt(BASE + 0x1210);
    const stack = words(0, signed, 0, 0);
    expect(run(unwinderOf(ARM, [table]), arm(0x1040, BASE + 0x1110, stack))).toEqual([0x1040, 0x110f, 0x120f]);
  });

  test('goes by frame pointers where there is no table', () => {
    const signed = (0x7f00n << 48n) + BigInt(BASE + 0x1210);
    const stack = words(0, 0, STACK + 48, signed);
    expect(run(unwinderOf(ARM, [table]), arm(0x2040, 5, stack, STACK + 16))).toEqual([0x2040, 0x120f]);
  });

  test('finds its way out of a signal handler by the code of the trampoline', () => {
    const frame = new Array(72).fill(0);
    frame[39 + 30] = BASE + 0x1220;
    frame[39 + 31] = STACK + 32 + 8 * 72;
    frame[39 + 32] = BASE + 0x1000;
    const stack = words(0, BASE + 0x1400, 0, 0, ...frame, 0, 0);
    const code = new Map([[0x1400, [0x68, 0x11, 0x80, 0xd2, 0x01, 0, 0, 0xd4]]]);
    const found = run(unwinderOf(ARM, [table], code), arm(0x1150, 0, stack));
    expect(found).toEqual([0x1150, 0x1400, 0x1000, 0x121f]);
  });
});

describe('whatever files and stacks say', () => {
  const randomWord = fc.oneof(
    fc.integer({ min: 0, max: 0x2000 }).map((near) => BASE + 0xf00 + near),
    fc.integer({ min: -64, max: 4096 }).map((near) => STACK + near),
    fc.constantFrom(0, -1, 1, -(2 ** 62), Number.NaN, Number.POSITIVE_INFINITY),
  );
  const randomStack = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc
      .array(randomWord, { maxLength: 200 })
      .map((list) => words(...list.map((one) => (Number.isFinite(one) ? one : 7)))),
  );

  /** A chain is no longer than its stack and the descents allow. */
  function bounded(machine: number, file: Buffer, registers: readonly number[], stack: Uint8Array): void {
    const unwinder = new Unwinder<CodeMapping>(() => elfOfBytes('x', file));
    const sample = thread(machine, new Map(registers.map((value, place) => [place, value])), stack);
    const into = new Float64Array(100_000);
    const count = unwinder.unwind(sample, into);
    expect(count).toBeLessThanOrEqual((stack.length + 40) * 18);
    expect(into.subarray(0, count).every((address) => address >= 0)).toBe(true);
  }

  test.each([[X86], [ARM]])('random stacks and registers end (machine %i)', (machine) => {
    const table: FrameTable = { ...PLAIN, returnRegister: machine === X86 ? 16 : 30 };
    const file = elfWithFrames(machine, frameBytes([table]), new Map());
    fc.assert(
      fc.property(fc.array(randomWord, { minLength: 33, maxLength: 33 }), randomStack, (registers, stack) => {
        bounded(machine, file, registers, stack);
      }),
      { numRuns: 500 },
    );
  });

  test('random instructions, expressions and lengths end', () => {
    const instructions = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 }),
      fc
        .array(fc.integer({ min: 0, max: 255 }), { maxLength: 30 })
        .map((bytes) => [0x0f, bytes.length, ...bytes, 0x10, 16, bytes.length, ...bytes]),
    );
    fc.assert(
      fc.property(instructions, instructions, randomStack, (initial, own, stack) => {
        const functions = [{ start: 0x1000, size: 0x1000, instructions: own }];
        const file = elfWithFrames(
          X86,
          frameBytes([{ returnRegister: 16, initial, functions, signal: true }]),
          new Map(),
        );
        bounded(X86, file, [1, 2, 3, 4, 5, 6, STACK + 16, STACK, BASE + 0x1800], stack);
      }),
      { numRuns: 1000 },
    );
  });

  test('a table with any byte changed ends', () => {
    const good = frameBytes([PLAIN]);
    const stack = words(0, BASE + 0x1010, 0, BASE + 0x1120, STACK, BASE + 0x1230);
    const file = elfWithFrames(X86, good, new Map());
    for (let at = 0; at < good.length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const bytes = Buffer.from(file);
        bytes[0x200 + at] = value;
        bounded(X86, bytes, [0, 0, 0, 0, 0, 0, STACK + 32, STACK, BASE + 0x1050], stack);
      }
    }
  });
});
