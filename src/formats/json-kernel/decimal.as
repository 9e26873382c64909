const ZEROS: u64 = 0x3030303030303030;
const HIGH_BITS: u64 = 0x8080808080808080;
/** A digit and this stay below 128, all else does not. */
const TO_128: u64 = 0x7676767676767676;

const MINUS: u32 = 45;
/** So many digits always fit into 32 bits. */
const MOST_DIGITS: usize = 9;

/** What no number is here. */
export const NONE: i32 = -0x80000000;

/** Eight characters as digits: 0 to 9 where they are some. */
@inline
export function digitsAt(at: usize): u64 {
  return load<u64>(at) ^ ZEROS;
}

/** Which of eight are no digits, by the highest bits: right up to the first one, as what is carried goes up. */
@inline
export function othersIn(digits: u64): u64 {
  return ((digits + TO_128) | digits) & HIGH_BITS;
}

/** The number of eight digits, the first one in the lowest byte. */
@inline
export function numberOf(digits: u64): i32 {
  // Pairs, pairs of pairs and all of them are put together
  const pairs = digits * 10 + (digits >> 8);
  return <i32>(
    (((pairs & 0x000000ff000000ff) * 0x000f424000000064 +
      ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >>
      32)
  );
}

/**
 * A whole number of up to nine digits that fills its place: no 01, and no -0, which is no integer.
 * @returns NONE where it is something else
 */
export function integerBetween(start: usize, end: usize): i32 {
  const negative = <u32>load<u8>(start) === MINUS;
  const first = start + <usize>negative;
  if (end <= first || end - first > MOST_DIGITS) return NONE;
  if (load<u8>(first) === 48 && (negative || end - first > 1)) return NONE;
  let value: i32 = 0;
  for (let at = first; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return NONE;
    value = value * 10 + <i32>digit;
  }
  return negative ? -value : value;
}
