// Huffman codes as tables that are looked into by the next bits; codes longer than that go on in a table of their own.

/** Longest code. */
const MOST_BITS: i32 = 15;

/** Kinds of alphabets. */
export const LENGTHS: i32 = 0;
export const SYMBOLS: i32 = 1;
export const DISTANCES: i32 = 2;

// An entry: bits 0-5 how many bits it takes, those that follow a code included; 6 nothing stands here, or the block ends;
// 7 something else than a length or distance; 8-15 bits of the code alone; 16-30 the literal, the least length or distance;
// 31 a literal.
export const LITERAL: u32 = 0x80000000;
export const OTHER: u32 = 0x80;
export const STOP: u32 = 0x40;
/** Value of a {@link STOP} with which a block ends. */
export const END: u32 = 1;
const WRONG: u32 = STOP | OTHER;

const FIRST_LENGTH: i32 = 257;
const LENGTH_SYMBOLS: i32 = 29;
const DISTANCE_SYMBOLS: i32 = 30;
const LONGEST_MATCH: u32 = 258;

/** Of each length how many codes have it, and where the next symbol of it goes. */
const counts = memory.data(64);
const places = memory.data(64);
const sorted = memory.data(320 * 2);

/**
 * Makes the table of a canonical code.
 * @param lengths a byte for each symbol, 0 = it does not occur
 * @param bits that a code is looked up by at first
 * @returns whether it is one that encoders make
 */
export function makeTable(kind: i32, lengths: usize, symbols: i32, table: usize, bits: i32): bool {
  memory.fill(counts, 0, 64);
  for (let i = 0; i < symbols; i++) addTo(counts, load<u8>(lengths + i), 1);
  const used = symbols - load<i32>(counts);
  store<i32>(counts, 0);
  let left = 1;
  let longest = 0;
  let place = 0;
  for (let length = 1; length <= MOST_BITS; length++) {
    const count = load<i32>(counts + (length << 2));
    left = (left << 1) - count;
    if (left < 0) return false;
    if (count > 0) longest = length;
    store<i32>(places + (length << 2), place);
    place += count;
  }
  if (left > 0) {
    // There may be no distance, or a single one
    if (kind !== DISTANCES || longest > 1) return false;
    for (let i = 0; i < 1 << bits; i++) store<u32>(table + (i << 2), WRONG);
  }
  for (let i = 0; i < symbols; i++) {
    const length = <i32>load<u8>(lengths + i);
    if (length > 0) store<u16>(sorted + (addTo(places, length, 1) << 1), <u16>i);
  }
  fill(kind, lengths, used, longest, table, bits);
  return true;
}

/** @returns what was there */
// @ts-ignore: decorator
@inline function addTo(column: usize, row: i32, more: i32): i32 {
  const place = column + (row << 2);
  const before = load<i32>(place);
  store<i32>(place, before + more);
  return before;
}

function fill(kind: i32, lengths: usize, used: i32, longest: i32, table: usize, bits: i32): void {
  const size = 1 << bits;
  // Codes stand with their first bit lowest
  let code = 0;
  let current = -1;
  let sub = table;
  let subBits = 0;
  let free = size;
  for (let i = 0; i < used; i++) {
    const symbol = <i32>load<u16>(sorted + (i << 1));
    const length = <i32>load<u8>(lengths + symbol);
    if (length <= bits) {
      const entry = entryOf(kind, symbol, length);
      for (let at = code; at < size; at += 1 << length) store<u32>(table + (at << 2), entry);
    } else {
      const low = code & (size - 1);
      if (low !== current) {
        current = low;
        subBits = bitsBelow(length, longest, bits);
        sub = table + (free << 2);
        store<u32>(table + (low << 2), (<u32>free << 16) | (<u32>subBits << 8) | OTHER | <u32>bits);
        free += 1 << subBits;
      }
      const rest = length - bits;
      const entry = entryOf(kind, symbol, rest);
      for (let at = code >> bits; at < 1 << subBits; at += 1 << rest) store<u32>(sub + (at << 2), entry);
    }
    addTo(counts, length, -1);
    let bit = 1 << (length - 1);
    while ((code & bit) !== 0) bit >>= 1;
    code = bit === 0 ? 0 : (code & (bit - 1)) + bit;
  }
}

/** Bits of a table in which all codes have room that begin as this one does. */
function bitsBelow(length: i32, longest: i32, bits: i32): i32 {
  let below = length - bits;
  let left = 1 << below;
  while (below + bits < longest) {
    left -= load<i32>(counts + ((below + bits) << 2));
    if (left <= 0) break;
    below++;
    left <<= 1;
  }
  return below;
}

function entryOf(kind: i32, symbol: i32, bits: i32): u32 {
  const code = (<u32>bits << 8) | <u32>bits;
  if (kind === LENGTHS) return (<u32>symbol << 16) | code;
  if (kind === SYMBOLS) {
    if (symbol < FIRST_LENGTH - 1) return LITERAL | (<u32>symbol << 16) | code;
    if (symbol === FIRST_LENGTH - 1) return (END << 16) | WRONG | code;
    return symbol < FIRST_LENGTH + LENGTH_SYMBOLS ? lengthEntry(symbol - FIRST_LENGTH, code) : WRONG;
  }
  return symbol < DISTANCE_SYMBOLS ? distanceEntry(symbol, code) : WRONG;
}

function lengthEntry(symbol: i32, code: u32): u32 {
  if (symbol === LENGTH_SYMBOLS - 1) return (LONGEST_MATCH << 16) | code;
  const extra = symbol < 8 ? 0 : (symbol >> 2) - 1;
  const least = symbol < 8 ? symbol + 3 : ((4 + (symbol & 3)) << extra) + 3;
  return (<u32>least << 16) | (code + <u32>extra);
}

function distanceEntry(symbol: i32, code: u32): u32 {
  const extra = symbol < 4 ? 0 : (symbol >> 1) - 1;
  const least = symbol < 4 ? symbol + 1 : ((2 + (symbol & 1)) << extra) + 1;
  return (<u32>least << 16) | (code + <u32>extra);
}
