// Stacks as numbers of frames, root first, of locations that stand leaf first.
import { alloc } from './memory';
import { longest, placeOf } from './samples';
import { inlined, locationIds, locationOf, mostInlined } from './tables';

/** Deeper stacks are for others to read. */
const MOST_DEPTH: i64 = 1 << 22;

/** The stack that was read last, and behind it. */
export let stack: usize = 0;
export let stackEnd: usize = 0;
/** Frames of the deepest one. */
export let deepest: i32 = 0;

/** Takes memory for a stack. @returns whether there is as much */
export function expectStacks(): bool {
  const most = <i64>longest * mostInlined;
  if (most > MOST_DEPTH) return false;
  deepest = <i32>most;
  stack = alloc(<u64>deepest * 4 + 64);
  return stack !== 0;
}

/**
 * Reads the stack of a sample from its end on, where its root stands.
 * @param most no more of its frames are wanted
 * @returns whether its locations exist
 */
export function readStack(row: i32, most: i32): bool {
  const place = placeOf(row);
  const from = <usize>load<u32>(place);
  let p = <usize>load<u32>(place, 4);
  const table = locationOf;
  const ids = <u32>locationIds;
  let out = stack;
  const full = out + (<usize>most << 2);
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
      for (let i = load<i32>(list); i > 0; i--) {
        store<i32>(out, load<i32>(list + (i << 2)));
        out += 4;
      }
    }
  }
  stackEnd = min(out, full);
  return true;
}
