/** Writes up to 15 bytes behind it, too. */
// @ts-ignore: decorator
@inline export function copyMatch(into: usize, distance: usize, length: usize): void {
  const end = into + length;
  let from = into - distance;
  let to = into;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (to < end);
  } else if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(from));
      to += 8;
      from += 8;
    } while (to < end);
  } else if (distance === 1) {
    const same = v128.splat<u8>(load<u8>(from));
    do {
      v128.store(to, same);
      to += 16;
    } while (to < end);
  } else {
    do store<u8>(to++, load<u8>(from++));
    while (to < end);
  }
}
