// AssemblyScript: takes numbers from JSON text as take-numbers.ts does, eight bytes at a time. Memory, from the bottom: nothing;
// NUMBERS, room for the numbers (u32); TEXT, room for the text, and eight bytes that may be looked at behind it.

export const NUMBERS: i32 = 1024;
export const MOST_NUMBERS: i32 = 1 << 15;
export const TEXT: i32 = NUMBERS + (MOST_NUMBERS << 2);
export const MOST_TEXT: i32 = 1 << 16;

const COMMA: u32 = 44;
const NEWLINE: u32 = 10;
const ZEROS: u64 = 0x3030303030303030;
const HIGH_BITS: u64 = 0x8080808080808080;
/** A digit and this stay below 128, all else does not. */
const TO_128: u64 = 0x7676767676767676;
/** As far as a number, a line end and a comma are there for sure. */
const LONGEST: i32 = 12;

let place: i32 = 0;

/** How many bytes of the text were taken, commas included. */
export function taken(): i32 {
  return place;
}

/**
 * @param length of the text
 * @param from the first number to be filled
 * @param room where numbers must end
 * @returns how many were filled
 */
export function take(length: i32, from: i32, room: i32): i32 {
  const safe = <usize>(TEXT + length - LONGEST);
  const end = <usize>(NUMBERS + (room << 2));
  const start = <usize>(NUMBERS + (from << 2));
  let out = start;
  let pos = <usize>TEXT;
  while (pos < safe && out < end) {
    const text = load<u64>(pos);
    let digits = text ^ ZEROS;
    // The lowest byte that is no digit is found right: what is carried goes up
    const others = ((digits + TO_128) | digits) & HIGH_BITS;
    let at = pos;
    let value: u32 = 0;
    let next: u32 = 0;
    if (others !== 0) {
      const count = ctz(others) >> 3;
      // 01 is no number
      if (count === 0 || (count > 1 && (digits & 255) === 0)) break;
      next = <u32>(text >> (count << 3)) & 255;
      // Digits go to the top, so that those in front are zeros; then pairs, pairs of pairs and all of them are put together
      digits <<= 64 - (count << 3);
      digits = digits * 10 + (digits >> 8);
      value = <u32>(
        (((digits & 0x000000ff000000ff) * 0x000f424000000064 +
          ((digits >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >>
          32)
      );
      at += <usize>count;
    } else {
      // Eight digits or nine, which still fit into 32 bits
      if ((digits & 255) === 0) break;
      while (at < pos + 9) {
        const digit = <u32>load<u8>(at) - 48;
        if (digit > 9) break;
        value = value * 10 + digit;
        at++;
      }
      next = load<u8>(at);
    }
    if (next === NEWLINE) next = load<u8>(++at);
    if (next !== COMMA) break;
    store<u32>(out, value);
    out += 4;
    pos = at + 1;
  }
  place = <i32>pos - TEXT;
  return <i32>((out - start) >> 2);
}
