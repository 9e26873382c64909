import type { CfiReader } from './cfi-reader.ts';
import type { CopiedStack } from './copied-stack.ts';
import type { Registers } from './registers.ts';

const TWO_32 = 2 ** 32;
const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;
/** Those of real programs have fewer than 20 operations and no loops; those that loop end here. */
const MOST_OPERATIONS = 256;
const DEEPEST = 64;

/**
 * Evaluates DWARF expressions as call frame information has them (DWARF 5, 2.5.1 and 6.4.2.3). Values are signed 64-bit
 * numbers held as doubles: addresses and offsets, all below 2^53, are exact.
 */
export class ExpressionMachine {
  readonly #stack = new Float64Array(DEEPEST);

  /**
   * @param expression its bytes and no others
   * @param registers of the frame
   * @param initial what stands on the stack at the start (the CFA, for rules of registers); NaN = nothing
   * @returns the top of the stack; NaN when the expression is broken, loops, or needs what is not known
   */
  evaluate(expression: CfiReader, registers: Registers, memory: CopiedStack, initial: number): number {
    expression.seek(0, expression.bytes.length);
    const stack = this.#stack;
    let depth = 0;
    if (!Number.isNaN(initial)) stack[depth++] = initial;
    for (let count = 0; expression.position < expression.end; count++) {
      if (count === MOST_OPERATIONS || depth > DEEPEST - 2) return Number.NaN;
      const op = expression.u8();
      if (op >= 0x30 && op <= 0x4f) {
        stack[depth++] = op - 0x30;
      } else if (op >= 0x50 && op <= 0x6f) {
        stack[depth++] = registers.get(op - 0x50);
      } else if (op >= 0x70 && op <= 0x8f) {
        stack[depth++] = wrapped(registers.get(op - 0x70) + expression.sleb());
      } else if (op === 0x92) {
        const number = expression.uleb();
        stack[depth++] = wrapped(registers.get(number) + expression.sleb());
      } else if (op >= 0x08 && op <= 0x11) {
        stack[depth++] = constant(expression, op);
      } else if (op === 0x03) {
        stack[depth++] = expression.u64();
      } else if (op === 0x12) {
        if (depth < 1) return Number.NaN;
        stack[depth] = stack[depth - 1]!;
        depth++;
      } else if (op === 0x13) {
        if (depth < 1) return Number.NaN;
        depth--;
      } else if (op === 0x14 || op === 0x15) {
        const back = op === 0x14 ? 1 : expression.u8();
        if (!(back < depth)) return Number.NaN;
        stack[depth] = stack[depth - 1 - back]!;
        depth++;
      } else if (op === 0x16) {
        if (depth < 2) return Number.NaN;
        const top = stack[depth - 1]!;
        stack[depth - 1] = stack[depth - 2]!;
        stack[depth - 2] = top;
      } else if (op === 0x17) {
        if (depth < 3) return Number.NaN;
        const top = stack[depth - 1]!;
        stack[depth - 1] = stack[depth - 2]!;
        stack[depth - 2] = stack[depth - 3]!;
        stack[depth - 3] = top;
      } else if (op === 0x2f) {
        jump(expression, expression.s16());
      } else if (op === 0x28) {
        const distance = expression.s16();
        if (depth < 1) return Number.NaN;
        if (stack[--depth] !== 0) jump(expression, distance);
      } else if (op !== 0x96) {
        const operands = OPERANDS.get(op);
        if (operands === undefined || depth < operands) return Number.NaN;
        const top = stack[depth - 1]!;
        if (operands === 1) {
          stack[depth - 1] = unary(expression, op, top, memory);
        } else {
          stack[depth - 2] = wrapped(binary(op, stack[depth - 2]!, top));
          depth--;
        }
      }
      if (expression.failed) return Number.NaN;
    }
    return depth === 0 ? Number.NaN : stack[depth - 1]!;
  }
}

function jump(expression: CfiReader, distance: number): void {
  if (!expression.failed) expression.seek(expression.position + distance, expression.bytes.length);
}

function unary(expression: CfiReader, op: number, value: number, memory: CopiedStack): number {
  switch (op) {
    case 0x06:
      return memory.part(value, 8);
    case 0x94:
      return memory.part(value, expression.u8());
    case 0x19:
      return Math.abs(value);
    case 0x1f:
      return -value;
    case 0x20:
      return -1 - value;
    default:
      return wrapped(value + expression.uleb());
  }
}

/** DW_OP_const1u .. DW_OP_consts. */
function constant(expression: CfiReader, op: number): number {
  switch (op) {
    case 0x08:
      return expression.u8();
    case 0x09:
      return expression.s8();
    case 0x0a:
      return expression.u16();
    case 0x0b:
      return expression.s16();
    case 0x0c:
      return expression.u32();
    case 0x0d:
      return expression.s32();
    case 0x10:
      return wrapped(expression.uleb());
    case 0x11:
      return expression.sleb();
    default:
      return expression.s64();
  }
}

/** How many values an operation takes from the stack, of those that leave one. */
const OPERANDS: ReadonlyMap<number, number> = new Map([
  ...[0x06, 0x94, 0x19, 0x1f, 0x20, 0x23].map((op): [number, number] => [op, 1]),
  ...[0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27].map((op): [number, number] => [op, 2]),
  ...[0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e].map((op): [number, number] => [op, 2]),
]);

function binary(op: number, first: number, second: number): number {
  switch (op) {
    case 0x1a:
      return joined(high(first) & high(second), low(first) & low(second));
    case 0x21:
      return joined(high(first) | high(second), low(first) | low(second));
    case 0x27:
      return joined(high(first) ^ high(second), low(first) ^ low(second));
    case 0x1b:
      return second === 0 ? Number.NaN : Math.trunc(first / second);
    case 0x1c:
      return first - second;
    case 0x1d:
      return second === 0 ? Number.NaN : unsigned(first) % unsigned(second);
    case 0x1e:
      return first * second;
    case 0x22:
      return first + second;
    case 0x24:
      return shifts(second) ? first * 2 ** second : 0;
    case 0x25:
      return shifts(second) ? shiftedRight(first, second) : 0;
    case 0x26:
      return Math.floor(first / 2 ** (shifts(second) ? second : 63));
    case 0x29:
      return first === second ? 1 : 0;
    case 0x2a:
      return first >= second ? 1 : 0;
    case 0x2b:
      return first > second ? 1 : 0;
    case 0x2c:
      return first <= second ? 1 : 0;
    case 0x2d:
      return first < second ? 1 : 0;
    default:
      return first !== second ? 1 : 0;
  }
}

/** Without the sign. */
function shiftedRight(value: number, count: number): number {
  if (value >= 0 || count === 0) return Math.floor(value / 2 ** count);
  const upper = high(value) >>> 0;
  if (count >= 32) return Math.floor(upper / 2 ** (count - 32));
  return joined(upper >>> count, (low(value) >>> count) | (upper << (32 - count)));
}

const shifts = (count: number): boolean => count >= 0 && count < 64;
const unsigned = (value: number): number => (value < 0 ? value + TWO_64 : value);
const low = (value: number): number => value - Math.floor(value / TWO_32) * TWO_32;
const high = (value: number): number => Math.floor(value / TWO_32);
const joined = (highWord: number, lowWord: number): number => (highWord | 0) * TWO_32 + (lowWord >>> 0);

/** Into the range of a signed 64-bit number, as the machine's own arithmetic would. */
function wrapped(value: number): number {
  if (value >= -TWO_63 && value < TWO_63) return value;
  const rest = value % TWO_64;
  if (rest >= TWO_63) return rest - TWO_64;
  return rest < -TWO_63 ? rest + TWO_64 : rest;
}
