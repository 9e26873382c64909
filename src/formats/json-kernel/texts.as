import { ENTRIES, KEYS, KEYS_END, MOST_SLOTS, MOST_TEXTS, SLOTS } from './memory';

/** Who meets more than this many others on the way to a text has a file that was made for it: others read it. */
const MOST_PROBES: u32 = 64;

/** Behind each text, so that texts one after the other are elements of JSON. */
const CLOSE_AND_COMMA: u16 = 0x2c7d;

/** Few slots stay in the processor's cache, which most files never leave. */
const LEAST_SLOTS: i32 = 1 << 11;

let keysEnd: usize = <usize>KEYS;
let known: i32 = 0;
let slots: i32 = LEAST_SLOTS;

/** Forgets all texts. */
export function forget(): void {
  if (known > 0) memory.fill(<usize>SLOTS, 0, <usize>(slots << 1));
  keysEnd = <usize>KEYS;
  known = 0;
  slots = LEAST_SLOTS;
}

/** The number of a text of at least sixteen bytes; -1 where none is known. */
export function find(hash: u32, start: usize, end: usize): i32 {
  for (let probe: u32 = 0; probe < MOST_PROBES; probe++) {
    const number = <i32>load<u16>(slotOf(hash + probe));
    if (number === 0) return -1;
    const entry = entryOf(number);
    if (load<u32>(entry) !== hash || load<u32>(entry, 8) !== <u32>(end - start)) continue;
    if (equals(load<u32>(entry, 4), start, end)) return number - 1;
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
  if (keysEnd + length + 2 > <usize>KEYS_END || known === MOST_TEXTS) return -1;
  if (known << 1 === slots) moreSlots();
  const slot = freeSlot(hash);
  if (slot === 0) return -1;
  memory.copy(keysEnd, start, length);
  const entry = entryOf(known + 1);
  store<u32>(entry, hash);
  store<u32>(entry, <u32>keysEnd, 4);
  store<u32>(entry, <u32>length, 8);
  keysEnd += length;
  store<u16>(keysEnd, CLOSE_AND_COMMA);
  keysEnd += 2;
  store<u16>(slot, <u16>(known + 1));
  return known++;
}

/** Where a text of this hash goes; 0 = too many are in the way. */
function freeSlot(hash: u32): usize {
  for (let probe: u32 = 0; probe < MOST_PROBES; probe++) {
    const slot = slotOf(hash + probe);
    if (load<u16>(slot) === 0) return slot;
  }
  return 0;
}

/** Who finds no slot among more of them, as the file was made for it, is no longer known. */
function moreSlots(): void {
  memory.fill(<usize>SLOTS, 0, <usize>(slots << 1));
  slots <<= 1;
  for (let number = 1; number <= known; number++) {
    const slot = freeSlot(load<u32>(entryOf(number)));
    if (slot !== 0) store<u16>(slot, <u16>number);
  }
}

@inline
function slotOf(place: u32): usize {
  return <usize>(SLOTS + ((<i32>place & (slots - 1)) << 1));
}

@inline
function entryOf(number: i32): usize {
  return <usize>(ENTRIES + ((number - 1) << 4));
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
