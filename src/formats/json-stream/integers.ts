import type { JsonWindow } from './window.ts';

const COMMA = 44;
const MINUS = 45;
const ZERO = 48;

/**
 * Reads whole numbers of up to nine digits with nothing but a comma behind each, as far as there are such and the
 * target has room, and moves the window behind them. Samples are millions of these.
 * @returns how many
 */
export function readIntegers(window: JsonWindow, target: Int32Array | Float64Array): number {
  const { bytes } = window;
  // As far as a number and its comma are there for sure
  const safe = window.end - 11;
  const room = target.length;
  let { pos } = window;
  let count = 0;
  while (pos < safe && count < room) {
    let at = pos;
    let digit = bytes[at]! - ZERO;
    const negative = digit === MINUS - ZERO;
    if (negative) digit = bytes[++at]! - ZERO;
    const first = at;
    // 01 is no number, -0 no integer
    if (digit === 0 && (negative || bytes[at + 1] !== COMMA)) break;
    let value = 0;
    while (digit >= 0 && digit <= 9) {
      value = (Math.imul(value, 10) + digit) | 0;
      digit = bytes[++at]! - ZERO;
    }
    const digits = at - first;
    if (digit !== COMMA - ZERO || digits === 0 || digits > 9) break;
    target[count++] = negative ? -value : value;
    pos = at + 1;
  }
  window.pos = pos;
  return count;
}
