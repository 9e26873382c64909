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
    // Its last byte, and the three before it: before the first location too stands the last byte of something
    const bytes = load<u32>(p - 4);
    let id = bytes >> 24;
    if ((bytes & 0x00800000) === 0) p -= 1;
    else if ((bytes & 0x8000) === 0) {
      id = (id << 7) | ((bytes >> 16) & 0x7f);
      p -= 2;
    } else if ((bytes & 0x80) === 0) {
      id = (id << 14) | ((bytes >> 9) & 0x3f80) | ((bytes >> 8) & 0x7f);
      p -= 3;
    } else if (load<u8>(p - 5) < 0x80) {
      id = (id << 21) | ((bytes >> 2) & 0x1fc000) | ((bytes >> 1) & 0x3f80) | (bytes & 0x7f);
      p -= 4;
    } else return false;
    if (id >= ids) return false;
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
