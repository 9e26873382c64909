// AssemblyScript: a checksum of bytes in memory that it is given, eight at a time in four lanes. No step loses anything, so bytes of
// which any one word is another have another sum.

const ODD: u64 = 0x9e3779b97f4a7c15;

// @ts-ignore: decorator
@inline function mixed(lane: u64, word: u64): u64 {
  const both = lane ^ word;
  // Else what differs in the highest bits would differ in few of the next step
  return rotl((both ^ (both >> 32)) * ODD, 29);
}

/**
 * @param start of the bytes
 * @param end behind them; what is looked at behind it, less than 32 bytes, is 0
 */
export function sum(start: usize, end: usize): u64 {
  let a: u64 = 1;
  let b: u64 = 2;
  let c: u64 = 3;
  let d: u64 = 4;
  for (let at = start; at < end; at += 32) {
    a = mixed(a, load<u64>(at));
    b = mixed(b, load<u64>(at, 8));
    c = mixed(c, load<u64>(at, 16));
    d = mixed(d, load<u64>(at, 24));
  }
  return mixed(mixed(mixed(mixed(mixed(a, end - start), b), c), d), 0);
}
