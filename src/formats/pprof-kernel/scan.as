// Where messages stand that follow each other with the same tag: most of a file are such.
import { next, readEnd } from './varints';

/** Messages at a time. */
const MOST_MESSAGES: i32 = 1 << 12;
/** Start and end of each one's content. */
const places = memory.data(MOST_MESSAGES * 8);
let scannedTo: usize = 0;

/**
 * Steps over messages.
 * @param at of the first one's tag, which takes one byte
 * @param end of what may be read
 * @param base is taken off places
 * @returns how many have that tag and are whole, MOST_MESSAGES at most
 */
export function scan(from: usize, end: usize, tag: u32, base: usize): i32 {
  let at = from;
  let count = 0;
  while (count < MOST_MESSAGES && at < end && load<u8>(at) === tag) {
    const to = readEnd(at + 1, end);
    if (to === 0) break;
    const place = places + (count << 3);
    store<u32>(place, <u32>(next - base));
    store<u32>(place, <u32>(to - base), 4);
    at = to;
    count++;
  }
  scannedTo = at;
  return count;
}

/** Behind what was stepped over. */
export function scanned(): usize {
  return scannedTo;
}

export function scannedPlaces(): usize {
  return places;
}
