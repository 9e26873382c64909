/** Behind the varint that {@link readLong} has read; 0 where it was none. */
export let next: usize = 0;

const MOST_BYTES: i32 = 10;

/** A varint of any length. Bits beyond the 64th are lost. */
export function readLong(from: usize): u64 {
  let value: u64 = 0;
  for (let i = 0; i < MOST_BYTES; i++) {
    const byte = load<u8>(from + i);
    value |= <u64>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      next = from + i + 1;
      return value;
    }
  }
  next = 0;
  return 0;
}

/** A varint; most are short. */
// @ts-ignore: decorator
@inline export function read(from: usize): u64 {
  const first = load<u8>(from);
  if (first < 0x80) {
    next = from + 1;
    return first;
  }
  return readLong(from);
}

/** Where a block ends whose length stands here, which {@link next} is behind then; 0 where that is beyond `end`. */
// @ts-ignore: decorator
@inline export function readEnd(from: usize, end: usize): usize {
  const length = read(from);
  return next === 0 || next > end || length > <u64>(end - next) ? 0 : next + <usize>length;
}
