const COMMA: i8 = 44;
/** By how far a byte is behind a comma: a comma by its highest bit, a zero by the next one, all digits by the lowest one. */
const KINDS: v128 = i8x16(-0x80, 0, 0, 0, 0x41, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0);
const COMMAS: v128 = i8x16.splat(COMMA);
const LOW_BITS: v128 = i8x16.splat(15);
const LOW_BYTES: v128 = i16x8.splat(255);
const TENS: v128 = i16x8.splat(10);
const HUNDREDS: v128 = i16x8(100, 1, 100, 1, 100, 1, 100, 1);
const TEN_THOUSANDS: v128 = i16x8(10000, 1, 10000, 1, 10000, 1, 10000, 1);

/** What each of sixteen bytes is; 0 = neither digit nor comma. */
@inline
export function kindsAt(at: usize): v128 {
  return v128.swizzle(KINDS, v128.sub<i8>(v128.load(at), COMMAS));
}

@inline
export function commasIn(kinds: v128): u64 {
  return <u64>(<u32>v128.bitmask<i8>(kinds));
}

@inline
export function zerosIn(kinds: v128): u64 {
  return <u64>(<u32>v128.bitmask<i8>(v128.shl<i64>(kinds, 1)));
}

/**
 * Reads numbers of up to four digits, four at a time.
 * @param commas behind each of them, counted from `base`: bytes before it are digits, or stand before another comma
 * @param out where they go; up to three that are none are written behind them
 */
@inline
export function readShort(base: usize, commas: u64, out: usize): void {
  let left = commas;
  let to = out;
  do {
    let text = v128.load32_zero(base + <usize>ctz(left) - 4);
    left &= left - 1;
    text = v128.load_lane<u32>(base + <usize>ctz(left) - 4, text, 1);
    left &= left - 1;
    text = v128.load_lane<u32>(base + <usize>ctz(left) - 4, text, 2);
    left &= left - 1;
    text = v128.load_lane<u32>(base + <usize>ctz(left) - 4, text, 3);
    left &= left - 1;
    // The comma before a number, and what is before that
    let before = v128.eq<i8>(text, COMMAS);
    before = v128.or(before, v128.shr<u32>(before, 8));
    before = v128.or(before, v128.shr<u32>(before, 16));
    v128.store(to, fours(text, before));
    to += 16;
  } while (left !== 0);
}

/** {@link readShort}, of numbers of up to eight digits. */
@inline
export function readLong(base: usize, commas: u64, out: usize): void {
  let left = commas;
  let to = out;
  do {
    const first = base + <usize>ctz(left);
    left &= left - 1;
    const second = base + <usize>ctz(left);
    left &= left - 1;
    const third = base + <usize>ctz(left);
    left &= left - 1;
    const fourth = base + <usize>ctz(left);
    left &= left - 1;
    // 10^4 and the rest of four numbers
    const parts = v128.narrow<u32>(eights(first, second), eights(third, fourth));
    v128.store(to, i32x4.dot_i16x8_s(parts, TEN_THOUSANDS));
    to += 16;
  } while (left !== 0);
}

/** The first and the last four digits of two numbers, by their commas. */
@inline
function eights(first: usize, second: usize): v128 {
  const text = v128.load_lane<u64>(second - 8, v128.load64_zero(first - 8), 1);
  let before = v128.eq<i8>(text, COMMAS);
  before = v128.or(before, v128.shr<u64>(before, 8));
  before = v128.or(before, v128.shr<u64>(before, 16));
  before = v128.or(before, v128.shr<u64>(before, 32));
  return fours(text, before);
}

/** Four numbers of four digits each, without the bytes of which all bits are set in `before`. */
@inline
function fours(text: v128, before: v128): v128 {
  const digits = v128.andnot(v128.and(text, LOW_BITS), before);
  const pairs = v128.and(v128.add<i16>(v128.mul<i16>(digits, TENS), v128.shr<u16>(digits, 8)), LOW_BYTES);
  return i32x4.dot_i16x8_s(pairs, HUNDREDS);
}
