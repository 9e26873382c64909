import { digitsAt, integerBetween, NONE, numberOf, othersIn } from './decimal';
import { NUMBERS, TEXT } from './memory';
import { take } from './taken';

const COMMAS: v128 = i8x16.splat(44);

/**
 * Takes whole numbers of up to nine digits with nothing but a comma behind each, as json-integers.ts does. Commas are
 * found first, so that one number need not wait for where the one before it ended.
 * @param length of the text
 * @param room for how many there is
 * @returns how many were taken; they are in NUMBERS
 */
export function integers(length: i32, room: i32): i32 {
  const end = <usize>(TEXT + length);
  const full = <usize>(NUMBERS + (room << 2));
  let out = <usize>NUMBERS;
  let start = <usize>TEXT;
  let stopped = false;
  for (let base = start; base < end && !stopped; base += 32) {
    let commas = <u32>i8x16.bitmask(i8x16.eq(v128.load(base), COMMAS));
    commas |= (<u32>i8x16.bitmask(i8x16.eq(v128.load(base, 16), COMMAS))) << 16;
    // What is behind the end is of another text
    if (end - base < 32) commas &= (<u32>1 << <u32>(end - base)) - 1;
    for (; commas !== 0; commas &= commas - 1) {
      const comma = base + <usize>ctz(commas);
      const value = numberBetween(start, comma);
      if (value === NONE || out === full) {
        stopped = true;
        break;
      }
      store<i32>(out, value);
      out += 4;
      start = comma + 1;
    }
  }
  take(start - <usize>TEXT);
  return <i32>((out - <usize>NUMBERS) >> 2);
}

@inline
function numberBetween(start: usize, end: usize): i32 {
  const count = end - start;
  if (<u32>load<u8>(start) - 49 > 8 || count > 8) return integerBetween(start, end);
  // Read up to the last digit; what stands in front of the first one becomes zeros
  const shift = <u64>(64 - (count << 3));
  const digits = (digitsAt(end - 8) >> shift) << shift;
  return othersIn(digits) === 0 ? numberOf(digits) : NONE;
}
