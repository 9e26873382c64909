// Stacks as numbers of frames, root first, of locations that stand leaf first.
import { grow } from './memory';
import { inlined, locationIds, locationOf } from './tables';

/** Behind the stack that was read last. */
export let stackEnd: usize = 0;

/**
 * Reads a stack from its end on, where its root stands.
 * @param into where its numbers go; behind them memory may be missing
 * @param most no more of its frames are wanted
 * @returns whether its locations exist and there was memory
 */
export function readStack(from: usize, to: usize, into: usize, most: i32): bool {
  const full = into + (<usize>most << 2);
  const table = locationOf;
  const ids = <u32>locationIds;
  if (!grow(<u64>into + (<u64>(to - from) << 2))) return false;
  let out = into;
  let p = to;
  while (p > from && out < full) {
    let id: u32 = load<u8>(--p);
    // Its other bytes stand before it
    let bytes = 1;
    while (p > from) {
      const byte: u32 = load<u8>(p - 1);
      if (byte < 0x80) break;
      id = (id << 7) | (byte & 0x7f);
      p--;
      bytes++;
    }
    if (bytes > 4 || id >= ids) return false;
    const what = load<i32>(table + (<usize>id << 2));
    if ((what & 1) === 0) {
      if (what === 0) return false;
      store<i32>(out, (what >> 1) - 1);
      out += 4;
    } else {
      const list = inlined + <usize>((what >> 1) - 1) * 4;
      const count = load<i32>(list);
      if (!grow(<u64>out + (<u64>count << 2) + (<u64>(p - from) << 2))) return false;
      for (let i = count; i > 0; i--) {
        store<i32>(out, load<i32>(list + (i << 2)));
        out += 4;
      }
    }
  }
  stackEnd = min(out, full);
  return true;
}
