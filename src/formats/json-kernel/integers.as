import { digitsAt, integerBetween, NONE, numberOf, othersIn } from './decimal';
import { NUMBERS, TEXT } from './memory';
import { take } from './taken';

const COMMAS: v128 = i8x16.splat(44);
const ZERO: u32 = 48;

/**
 * Takes whole numbers of up to nine digits with nothing but a comma behind each, as json-stream/integers.ts does. Commas are
 * found first, those of 64 bytes at once, so that one number need not wait for where the one before it ended.
 * @param from where the first number starts in the text
 * @param length of the text
 * @param room for how many there is
 * @returns how many were taken; they are in NUMBERS
 */
export function integers(from: i32, length: i32, room: i32): i32 {
  const end = <usize>(TEXT + length);
  const full = <usize>(NUMBERS + (room << 2));
  let out = <usize>NUMBERS;
  let start = <usize>(TEXT + from);
  for (let base = start; base < end; base += 64) {
    let commas = commasAt(base) | (commasAt(base + 16) << 16) | (commasAt(base + 32) << 32) | (commasAt(base + 48) << 48);
    // What is behind the end is of another text
    if (end - base < 64) commas &= (<u64>1 << <u64>(end - base)) - 1;
    const first = start;
    const behind = out + <usize>(popcnt(commas) << 2);
    // Not looked at before all are read: nearly always they are as V8 writes them
    let odd: u64 = 0;
    if (behind <= full) {
      for (let left = commas; out < behind; left &= left - 1) {
        const comma = base + <usize>ctz(left);
        const count = <u64>(comma - start);
        // Read up to the last digit; what stands in front of the first one becomes zeros
        const shift = 64 - (count << 3);
        const digits = (digitsAt(comma - 8) >> shift) << shift;
        odd |= othersIn(digits);
        odd |= <u64>(count - 1 > 7) | (<u64>(<u32>load<u8>(start) === ZERO) & <u64>(count > 1));
        store<i32>(out, numberOf(digits));
        out += 4;
        start = comma + 1;
      }
      if (odd === 0) continue;
      out = behind - <usize>(popcnt(commas) << 2);
      start = first;
    }
    // One by one, up to what is something else
    for (; commas !== 0; commas &= commas - 1) {
      const comma = base + <usize>ctz(commas);
      const value = integerBetween(start, comma);
      if (value === NONE || out === full) break;
      store<i32>(out, value);
      out += 4;
      start = comma + 1;
    }
    if (commas !== 0) break;
  }
  take(start - <usize>TEXT);
  return <i32>((out - <usize>NUMBERS) >> 2);
}

@inline
function commasAt(at: usize): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at), COMMAS)));
}
