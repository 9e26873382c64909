const PAGE: u64 = 65536;
/** Addresses are 32 bit integers on the other side. */
const MOST: u64 = 0x7fff0000;

// Nothing lies at 0, which stands for "no room".
let top: u64 = <u64>((__heap_base + 63) & ~63);

/**
 * Room that is never given back, at a multiple of 64, filled with zeros as long as nobody has used scratch memory. Until it
 * is touched it costs nothing. 0 = there is none.
 */
export function alloc(bytes: u64): usize {
  const start = top;
  if (bytes > MOST || !grow(start + bytes)) return 0;
  top = (start + bytes + 63) & ~63;
  return <usize>start;
}

/** {@link alloc} for the other side. */
export function room(bytes: i32): i32 {
  return <i32>alloc(<u64>bytes);
}

/** Where the memory behind all that was taken starts: room for what is not known beforehand. */
export function scratchStart(): usize {
  return <usize>top;
}

/** Has the memory reach to `end` at least. */
export function grow(end: u64): bool {
  if (end > MOST) return false;
  const missing = <i64>((end + PAGE - 1) / PAGE) - <i64>memory.size();
  return missing <= 0 || memory.grow(<i32>missing) >= 0;
}
