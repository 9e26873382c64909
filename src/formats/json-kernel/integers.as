import { integerBetween, NONE } from './decimal';
import { commasIn, kindsAt, readLong, readShort, zerosIn } from './four-integers';
import { NUMBERS, TEXT } from './memory';
import { take } from './taken';

const COMMA: u32 = 44;
const ZERO: u32 = 48;
const BLOCK: usize = 64;

/**
 * Takes whole numbers of up to nine digits with nothing but a comma behind each, as json-stream/integers.ts does. Commas are
 * found first, those of 64 bytes at once, and then four numbers are read side by side.
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
  let wasPlain = false;
  for (let base = start; base < end; base += BLOCK) {
    const a = kindsAt(base);
    const b = kindsAt(base + 16);
    const c = kindsAt(base + 32);
    const d = kindsAt(base + 48);
    let commas = commasIn(a) | (commasIn(b) << 16) | (commasIn(c) << 32) | (commasIn(d) << 48);
    const behind = out + <usize>(popcnt(commas) << 2);
    // The first number may start in the block before
    const isWhole = wasPlain || start === base;
    wasPlain = v128.all_true<u8>(v128.min<u8>(v128.min<u8>(a, b), v128.min<u8>(c, d)));
    const isPlain = isWhole && wasPlain && <u32>load<u8>(start - 1) === COMMA;
    // Up to three that are none are written behind the last one
    if (isPlain && commas !== 0 && end - base >= BLOCK && behind + 12 <= full) {
      const zeros = zerosIn(a) | (zerosIn(b) << 16) | (zerosIn(c) << 32) | (zerosIn(d) << 48);
      const digits = base + <usize>ctz(commas) - start;
      // Nothing between two commas, 01, or a 0 of which the next byte is in the next block
      let odd = (commas << 1) & (commas | (zeros & ~(commas >> 1)));
      odd |= <u64>(digits === 0) | (<u64>(digits > 1) & <u64>(<u32>load<u8>(start) === ZERO));
      // Bits where as many digits stand side by side
      const one = ~commas;
      const two = one & (one >> 1);
      const four = two & (two >> 2);
      const last = base + BLOCK - <usize>clz(commas);
      if (odd === 0 && digits <= 4 && (four & (one >> 4)) === 0) {
        readShort(base, commas, out);
        out = behind;
        start = last;
        continue;
      }
      if (odd === 0 && digits <= 8 && (four & (four >> 4) & (one >> 8)) === 0) {
        readLong(base, commas, out);
        out = behind;
        start = last;
        continue;
      }
    }
    // What is behind the end is of another text
    if (end - base < BLOCK) commas &= (<u64>1 << <u64>(end - base)) - 1;
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
