const PAGE: u64 = 65536;
/** Pages at once, 64 MiB. What is likely to be needed is there from the start, as growing has V8 look for garbage. */
const STEP: i64 = 1024;
/** Addresses are 32 bit integers on the other side. */
const MOST: u64 = 0x7fff0000;

// Nothing lies at 0, which stands for "no room".
let top: u64 = <u64>((__heap_base + 63) & ~63);
/** From here on nothing was ever written. */
let untouched: u64 = 0;

/** Room filled with zeros, at a multiple of 64. Until it is touched it costs nothing. 0 = there is none. */
export function alloc(bytes: u64): usize {
  const start = take(bytes);
  if (start !== 0 && <u64>start < untouched) memory.fill(start, 0, <usize>min(bytes, untouched - start));
  return start;
}

/** {@link alloc} for what is written before it is read: anything may stand there. */
export function take(bytes: u64): usize {
  if (bytes > MOST) return 0;
  const start = top;
  const end = (start + bytes + 63) & ~63;
  const missing = <i64>((end + PAGE - 1) / PAGE) - <i64>memory.size();
  if (end > MOST) return 0;
  if (missing > 0 && memory.grow(<i32>max(missing, STEP)) < 0 && memory.grow(<i32>missing) < 0) return 0;
  top = end;
  return <usize>start;
}

/** Where the next room will be. */
export function mark(): usize {
  return <usize>top;
}

/** Gives back all room since that {@link mark}: what was touched once costs less than what never was. */
export function giveBack(since: usize): void {
  untouched = max(untouched, top);
  top = <u64>since;
}

/** {@link alloc} for the other side. */
export function room(bytes: i32): i32 {
  return <i32>alloc(<u64>bytes);
}

/** Leaves what stands below this place to others. */
export function keepBelow(end: usize): void {
  top = max(top, <u64>((end + 63) & ~63));
}
