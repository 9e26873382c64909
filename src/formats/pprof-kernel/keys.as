// The first frames of each stack as one number: stacks in the order of these are nearly in their own.
import { alloc, take } from './memory';
import { count } from './samples';
import { readStack, stack, stackEnd } from './stacks';

/** Frames of a stack that its key may hold, and the marks for them, one for each frame at each depth. */
const MOST_DEPTHS: i32 = 40;
const MOST_MARKS: i64 = 1 << 22;
/** About so many stacks tell which frames occur at which depth, and how keys are spread; digits have 16 bits. */
const LOOKED_AT: i32 = 1 << 14;
const MOST_KEY: f64 = 9.0e18;

let frameCount: i32 = 0;
let depths: i32 = 0;
/** Of each frame at each depth its digit: odd = this frame; even = one between two of those, or none. */
let digits: usize = 0;
/** What a digit at each depth is worth. */
let worth: usize = 0;

/** Finds out what the digits of keys are. @returns whether there is memory for them, and the locations exist */
export function expectKeys<Frame>(frames: i32): bool {
  frameCount = frames;
  const most = frames === 0 ? 0 : <i32>min(<i64>MOST_DEPTHS, MOST_MARKS / frames);
  digits = alloc(<u64>most * frames * 2 + 64);
  worth = take(<u64>MOST_DEPTHS * 8);
  if (digits === 0 || worth === 0) return false;
  for (let row = 0; row < count; row += keyStep()) {
    if (!readStack<Frame>(row, most)) return false;
    let column = digits;
    for (let at = stack; at < stackEnd; at += sizeof<Frame>(), column += <usize>frames << 1) {
      store<u16>(column + (<usize>load<Frame>(at) << 1), 1);
    }
  }
  let product: f64 = 1;
  for (; depths < most; depths++) {
    const bases = makeDigits(digits + (<usize>(depths * frames) << 1));
    product *= <f64>bases;
    if (bases === 1 || product > MOST_KEY) break;
    store<u64>(worth + (depths << 3), <u64>bases);
  }
  let above: u64 = 1;
  for (let depth = depths - 1; depth >= 0; depth--) {
    const bases = load<u64>(worth + (depth << 3));
    store<u64>(worth + (depth << 3), above);
    above *= bases;
  }
  return true;
}

/** Of the samples every so-maniest is looked at beforehand. */
export function keyStep(): i32 {
  return max(1, count / LOOKED_AT);
}

/** Makes digits of the marks at one depth. @returns how many there are */
function makeDigits(column: usize): i32 {
  let digit = 0;
  for (let i = 0; i < frameCount; i++) {
    const place = column + (i << 1);
    // Between this one and the one before are those that nobody has seen
    if (load<u16>(place) !== 0) {
      store<u16>(place, <u16>(digit + 1));
      digit += 2;
    } else store<u16>(place, <u16>digit);
  }
  return digit + 1;
}

/** The key of the stack that was read last. */
// @ts-ignore: decorator
@inline export function keyOfStack<Frame>(): u64 {
  let key: u64 = 0;
  let column = digits;
  let weight = worth;
  const end = min(stackEnd, stack + <usize>depths * sizeof<Frame>());
  for (let at = stack; at < end; at += sizeof<Frame>(), column += <usize>frameCount << 1, weight += 8) {
    const digit = <u64>load<u16>(column + (<usize>load<Frame>(at) << 1));
    key += digit * load<u64>(weight);
    // What follows cannot be compared with what follows another one
    if ((digit & 1) === 0) break;
  }
  return key;
}

/** How many frames keys hold. */
export function keyDepths(): i32 {
  return depths;
}
