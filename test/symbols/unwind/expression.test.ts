import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CfiReader } from '../../../src/symbols/unwind/cfi-reader.ts';
import { CopiedStack } from '../../../src/symbols/unwind/copied-stack.ts';
import { ExpressionMachine } from '../../../src/symbols/unwind/expression.ts';
import { Registers } from '../../../src/symbols/unwind/registers.ts';

const STACK = 0x7ffd_0000_1000;
const memory = new CopiedStack();
memory.put(
  Uint8Array.from({ length: 64 }, (_, index) => (index % 8 < 6 ? index + 1 : 0)),
  STACK,
);
const registers = new Registers(memory);
registers.set(6, STACK + 16);
registers.set(7, STACK);
registers.set(16, 0x401_02b);
const machine = new ExpressionMachine();
const evaluate = (bytes: readonly number[], initial = Number.NaN): number =>
  machine.evaluate(new CfiReader(Uint8Array.from(bytes), 0, 0), registers, memory, initial);

/** DW_OP_const8s. */
function constant(value: bigint): number[] {
  const bytes = Buffer.alloc(9, 0x0f);
  bytes.writeBigInt64LE(BigInt.asIntN(64, value), 1);
  return [...bytes];
}

const word = (at: number): number =>
  Number(Buffer.from(Array.from({ length: 8 }, (_, i) => ((at + i) % 8 < 6 ? at + i + 1 : 0))).readBigInt64LE());

describe('an expression', () => {
  test.each([
    ['a PLT entry before it pushed', [0x77, 8, 0x80, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22], STACK + 16],
    ['the frame of a signal handler', [0x77, 0x10, 0x06], word(16)],
    ['lit, addr, breg, bregx, regx in one', [0x4f, 0x92, 7, 5, 0x1c, 0x1f], STACK + 5 - 31],
    [
      'const1u .. const4s',
      [
        0x08, 255, 0x09, 255, 0x0a, 1, 1, 0x0b, 254, 255, 0x0c, 1, 0, 0, 0, 0x0d, 255, 255, 255, 255, 0x22, 0x22, 0x22,
        0x22, 0x22,
      ],
      255 - 1 + 257 - 2 + 1 - 1,
    ],
    ['constu and consts', [0x10, 0x80, 1, 0x11, 0x7e, 0x1e], -256],
    ['addr', [0x03, 1, 2, 0, 0, 0, 0, 0, 0], 0x201],
    ['dup, over, pick, swap, rot, drop', [0x31, 0x32, 0x33, 0x17, 0x16, 0x14, 0x15, 3, 0x12, 0x13], 3],
    ['deref_size 2', [0x77, 8, 0x94, 2], 0x0a09],
    ['skip', [0x31, 0x2f, 1, 0, 0xff, 0x32, 0x22], 3],
    ['a branch taken', [0x31, 0x31, 0x28, 1, 0, 0xff, 0x32, 0x22], 3],
    ['a branch not taken', [0x31, 0x30, 0x28, 1, 0, 0x38, 0x22], 9],
    ['abs, neg, not, nop', [0x11, 0x7b, 0x19, 0x1f, 0x20, 0x96], 4],
    ['plus_uconst', [0x76, 0, 0x23, 0x80, 1], STACK + 16 + 128],
  ])('%s', (_, bytes, value) => {
    expect(evaluate(bytes)).toBe(value);
  });

  test('rules of registers begin with the CFA on the stack', () => {
    expect(evaluate([0x38, 0x1c], STACK)).toBe(STACK - 8);
  });

  const operations: [string, number, (first: bigint, second: bigint) => bigint][] = [
    ['and', 0x1a, (first, second) => first & second],
    ['or', 0x21, (first, second) => first | second],
    ['xor', 0x27, (first, second) => first ^ second],
    ['minus', 0x1c, (first, second) => first - second],
    ['plus', 0x22, (first, second) => first + second],
    ['ge', 0x2a, (first, second) => (first >= second ? 1n : 0n)],
    ['gt', 0x2b, (first, second) => (first > second ? 1n : 0n)],
    ['le', 0x2c, (first, second) => (first <= second ? 1n : 0n)],
    ['lt', 0x2d, (first, second) => (first < second ? 1n : 0n)],
    ['eq', 0x29, (first, second) => (first === second ? 1n : 0n)],
    ['ne', 0x2e, (first, second) => (first !== second ? 1n : 0n)],
  ];
  test.each(operations)('%s of numbers as addresses and offsets is exact', (_, code, exact) => {
    const number = fc.bigInt({ min: -(2n ** 50n), max: 2n ** 50n });
    fc.assert(
      fc.property(number, fc.oneof(number, fc.bigInt({ min: -20n, max: 20n })), (first, second) => {
        expect(BigInt(evaluate([...constant(first), ...constant(second), code]))).toBe(exact(first, second));
      }),
    );
  });

  test('shifts, products and quotients of small numbers are exact', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n }),
        fc.bigInt({ min: 0n, max: 20n }),
        (value, count) => {
          const pair = [...constant(value), ...constant(count)];
          expect(BigInt(evaluate([...pair, 0x24]))).toBe(value << count);
          expect(BigInt(evaluate([...pair, 0x26]))).toBe(value >> count);
          expect(BigInt(evaluate([...pair, 0x1e]))).toBe(value * count);
          if (count > 0n) expect(BigInt(evaluate([...pair, 0x1b]))).toBe(value / count);
          if (count > 0n && value >= 0n) expect(BigInt(evaluate([...pair, 0x1d]))).toBe(value % count);
          const right = BigInt.asIntN(64, BigInt.asUintN(64, value) >> count);
          if (value >= 0n || count === 0n || count > 11n) expect(BigInt(evaluate([...pair, 0x25]))).toBe(right);
        },
      ),
    );
  });

  test.each([
    ['nothing', []],
    ['an operation without operands', [0x22]],
    ['a loop', [0x31, 0x2f, 0xfc, 0xff]],
    ['a loop that fills the stack', [0x31, 0x2f, 0xfc, 0xff, 0x31]],
    ['a branch out of it', [0x31, 0x2f, 0x10, 0x00]],
    ['a branch before it', [0x31, 0x2f, 0x00, 0x80]],
    ['a number cut off', [0x0e, 1, 2]],
    ['a LEB128 without end', [0x10, ...new Array(100).fill(0x80)]],
    ['an unknown operation', [0x31, 0xe0]],
    ['a division by zero', [0x31, 0x30, 0x1b]],
    ['a word that was not copied', [0x77, 0xc0, 0x00, 0x06]],
    ['a register nobody knows', [0x70, 0]],
    ['a pick below the stack', [0x31, 0x15, 7]],
  ])('%s has no value', (_, bytes) => {
    expect(evaluate(bytes)).toBeNaN();
  });

  test('of random bytes ends, and throws nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(typeof machine.evaluate(new CfiReader(bytes, 0, 0), registers, memory, 1)).toBe('number');
      }),
      { numRuns: 3000 },
    );
  });
});
