// Stacks as numbers of frames, root first, of locations that stand leaf first. Where numbers fit into 16 bits they take as
// many (`Frame`): less of them than of the processor's caches is what counts here.
import { alloc, take } from './memory';
import { longest, placeOf } from './samples';
import { inlined, locationIdsEnd, locationOf, mostInlined } from './tables';

/** Deeper stacks are for others to read. */
const MOST_DEPTH: i64 = 1 << 22;

/** The stack that was read last, and behind it. */
export let stack: usize = 0;
export let stackEnd: usize = 0;
/** Frames of the deepest one. */
export let deepest: i32 = 0;

/** By id: a location's only frame + 1 in 16 bits, 0 = what it is stands in `locationOf`. */
let narrowOf: usize = 0;
const MOST_NARROW: i32 = 0xffff;

/** Whether numbers of frames fit into 16 bits. */
export function isNarrow(frames: i32): bool {
  return frames <= MOST_NARROW;
}

/** Takes memory for a stack. @returns whether there is as much */
export function expectStacks<Frame>(): bool {
  const most = <i64>longest * mostInlined;
  if (most > MOST_DEPTH) return false;
  deepest = <i32>most;
  stack = take(<u64>deepest * 4 + 64);
  return stack !== 0 && (sizeof<Frame>() > 2 || expectNarrow());
}

function expectNarrow(): bool {
  const ids = <usize>locationIdsEnd;
  narrowOf = alloc(<u64>ids * 2 + 2);
  if (narrowOf === 0) return false;
  for (let id: usize = 0; id < ids; id++) {
    const what = load<u32>(locationOf + (id << 2));
    if ((what & 1) === 0) store<u16>(narrowOf + (id << 1), <u16>(what >> 1));
  }
  return true;
}

/**
 * Reads the stack of a sample from its end on, where its root stands.
 * @param most no more of its frames are wanted
 * @returns whether its locations exist
 */
export function readStack<Frame>(row: i32, most: i32): bool {
  const place = placeOf(row);
  const from = <usize>load<u32>(place);
  let p = <usize>load<u32>(place, 4);
  const table = locationOf;
  const narrow = narrowOf;
  const ids = <u32>locationIdsEnd;
  let out = stack;
  const full = out + <usize>most * sizeof<Frame>();
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
    if (sizeof<Frame>() === 2) {
      const frame = load<u16>(narrow + (<usize>id << 1));
      if (frame !== 0) {
        store<u16>(out, frame - 1);
        out += 2;
        continue;
      }
    }
    const what = load<i32>(table + (<usize>id << 2));
    if ((what & 1) === 0) {
      if (what === 0) return false;
      store<Frame>(out, <Frame>((what >> 1) - 1));
      out += sizeof<Frame>();
    } else {
      const list = inlined + <usize>((what >> 1) - 1) * 4;
      for (let i = load<i32>(list); i > 0; i--) {
        store<Frame>(out, <Frame>load<i32>(list + (i << 2)));
        out += sizeof<Frame>();
      }
    }
  }
  stackEnd = min(out, full);
  return true;
}
