import { KEYS, KEYS_END, SLOT_COUNT, SLOTS } from './memory';

/** Who meets more than this many others on the way to a text has a file that was made for it: others read it. */
const MOST_PROBES: u32 = 64;

/** Behind each text, so that texts one after the other are elements of JSON. */
const CLOSE_AND_COMMA: u16 = 0x2c7d;

let keysEnd: usize = <usize>KEYS;
let known: i32 = 0;

/** Forgets all texts. */
export function forget(): void {
  if (known > 0) memory.fill(<usize>SLOTS, 0, <usize>(SLOT_COUNT << 4));
  keysEnd = <usize>KEYS;
  known = 0;
}

/** The number of a text of at least sixteen bytes; -1 where none is known. */
export function find(hash: u32, start: usize, end: usize): i32 {
  for (let probe: u32 = 0; probe < MOST_PROBES; probe++) {
    const slot = slotOf(hash + probe);
    const length = load<u32>(slot, 8);
    if (length === 0) return -1;
    if (load<u32>(slot) === hash && length === <u32>(end - start) && equals(load<u32>(slot, 4), start, end)) {
      return load<i32>(slot, 12);
    }
  }
  return -1;
}

/** How many texts are known. */
export function texts(): i32 {
  return known;
}

/** Where the next text goes; each is followed by `},`. */
export function textsEnd(): i32 {
  return <i32>keysEnd;
}

/** Makes a text known. @returns its number, one after the other; -1 = there was no room */
export function learnText(hash: u32, start: usize, end: usize): i32 {
  const length = end - start;
  if (keysEnd + length + 2 > <usize>KEYS_END || known << 1 >= SLOT_COUNT) return -1;
  for (let probe: u32 = 0; probe < MOST_PROBES; probe++) {
    const slot = slotOf(hash + probe);
    if (load<u32>(slot, 8) !== 0) continue;
    memory.copy(keysEnd, start, length);
    store<u32>(slot, hash);
    store<u32>(slot, <u32>keysEnd, 4);
    store<u32>(slot, <u32>length, 8);
    store<i32>(slot, known, 12);
    keysEnd += length;
    store<u16>(keysEnd, CLOSE_AND_COMMA);
    keysEnd += 2;
    return known++;
  }
  return -1;
}

@inline
function slotOf(place: u32): usize {
  return <usize>(SLOTS + ((place & (SLOT_COUNT - 1)) << 4));
}

/** Sixteen bytes at a time, the last ones once more where they do not fill sixteen. */
@inline
function equals(key: usize, start: usize, end: usize): bool {
  const last = end - 16;
  let at = start;
  for (; at < last; at += 16) {
    if (!v128.all_true<i8>(v128.eq<i8>(v128.load(at), v128.load(key + (at - start))))) return false;
  }
  return v128.all_true<i8>(v128.eq<i8>(v128.load(last), v128.load(key + (last - start))));
}
