// Inflates block after block, a piece of the output a call: the engine compiles for speed what is called often.
import { DISTANCES, END, LENGTHS, LITERAL, makeTable, OTHER, STOP, SYMBOLS } from './code-table';
import { copyMatch } from './copy-match';

const SYMBOL_BITS: i32 = 11;
const DISTANCE_BITS: i32 = 8;
/** All that a code can take, tables of long codes included. */
const symbolTable = memory.data(4096 * 4);
const distanceTable = memory.data(1024 * 4);
const lengthTable = memory.data(128 * 4);
/** Lengths of codes, those of symbols first. */
const lengths = memory.data(320);
/** Of the lengths' own code, in the order in which they stand in a file. */
const lengthLengths = memory.data(32);
const LENGTH_ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** Bytes that are made in a call, and a match more. */
const PIECE: usize = 1 << 17;

/** Next byte of what is read, and behind the last one: 32 more may be looked at, whatever they are. */
let source: usize = 0;
let sourceEnd: usize = 0;
/** Of eight bytes that are read at once, one at least is beyond the last one where so many are. */
const AHEAD: usize = 8;
/** Bits that were taken from there and not used: the lowest is the next. */
let bits: u64 = 0;
let bitCount: u32 = 0;
/** Next byte that is made, the first one, and behind the last one: some hundred bytes there may be overwritten. */
let target: usize = 0;
let targetStart: usize = 0;
let targetEnd: usize = 0;
let inBlock: bool = false;
let lastBlock: bool = false;

/** What calls of {@link inflate} say: some more may be made, all of it is, something is odd. */
const MORE: i32 = 1;
const DONE: i32 = 0;
const ODD: i32 = -1;

/** What is read stands between `from` and `to`; `size` bytes are to be made at `into`. */
export function begin(from: usize, to: usize, into: usize, size: usize): void {
  source = from;
  sourceEnd = to;
  bits = 0;
  bitCount = 0;
  target = into;
  targetStart = into;
  targetEnd = into + size;
  inBlock = false;
  lastBlock = false;
}

/** Behind what was read. */
export function sourceAt(): usize {
  return source - <usize>(bitCount >> 3);
}

/** Behind what was made. */
export function targetAt(): usize {
  return target;
}

/** Makes some more. @returns MORE, DONE or ODD */
export function inflate(): i32 {
  const limit = min(targetEnd, target + PIECE);
  while (inBlock || !lastBlock) {
    if (!inBlock && !beginBlock()) return ODD;
    if (!inBlock) continue;
    const found = symbols(limit);
    if (found !== DONE) return found;
    inBlock = false;
  }
  return target === targetEnd && sourceAt() <= sourceEnd ? DONE : ODD;
}

// @ts-ignore: decorator
@inline function refill(): void {
  bits |= load<u64>(source) << bitCount;
  source += <usize>((63 - bitCount) >> 3);
  bitCount |= 56;
}

/** No more than 32 bits; there must be as many. */
// @ts-ignore: decorator
@inline function take(count: u32): u32 {
  const value = <u32>bits & ((1 << count) - 1);
  bits >>= count;
  bitCount -= count;
  return value;
}

/** Reads the head of a block, and all of one that is stored. @returns whether it is as it should be */
function beginBlock(): bool {
  if (source > sourceEnd + AHEAD) return false;
  refill();
  lastBlock = take(1) !== 0;
  const type = take(2);
  if (type === 0) return copyStored();
  if (type === 3 || !(type === 1 ? fixedTables() : ownTables())) return false;
  inBlock = true;
  return true;
}

function copyStored(): bool {
  take(bitCount & 7);
  source -= <usize>(bitCount >> 3);
  bits = 0;
  bitCount = 0;
  if (source + 4 > sourceEnd) return false;
  const size = <usize>load<u16>(source);
  if (size !== <usize>(~load<u16>(source, 2) & 0xffff)) return false;
  source += 4;
  if (source + size > sourceEnd || target + size > targetEnd) return false;
  memory.copy(target, source, size);
  source += size;
  target += size;
  return true;
}

function fixedTables(): bool {
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  memory.fill(lengths + 288, 5, 32);
  return tables(288, 32);
}

function tables(symbolCount: i32, distanceCount: i32): bool {
  return (
    makeTable(SYMBOLS, lengths, symbolCount, symbolTable, SYMBOL_BITS) &&
    makeTable(DISTANCES, lengths + symbolCount, distanceCount, distanceTable, DISTANCE_BITS)
  );
}

function ownTables(): bool {
  const symbolCount = <i32>take(5) + 257;
  const distanceCount = <i32>take(5) + 1;
  const lengthCount = <i32>take(4) + 4;
  if (symbolCount > 286 || distanceCount > 30) return false;
  memory.fill(lengthLengths, 0, 19);
  for (let i = 0; i < lengthCount; i++) {
    refill();
    store<u8>(lengthLengths + <usize>load<u8>(LENGTH_ORDER + i), <u8>take(3));
  }
  if (!makeTable(LENGTHS, lengthLengths, 19, lengthTable, 7)) return false;
  const all = symbolCount + distanceCount;
  let before: u8 = 0;
  for (let i = 0; i < all; ) {
    if (source > sourceEnd + AHEAD) return false;
    refill();
    const entry = load<u32>(lengthTable + <usize>(<u32>bits & 127) * 4);
    take(entry & 15);
    const what = entry >> 16;
    if (what < 16) {
      before = <u8>what;
      store<u8>(lengths + i++, before);
      continue;
    }
    if (what === 16 && i === 0) return false;
    if (what !== 16) before = 0;
    const times = <i32>(what === 16 ? 3 + take(2) : what === 17 ? 3 + take(3) : 11 + take(7));
    if (i + times > all) return false;
    memory.fill(lengths + i, before, times);
    i += times;
  }
  return load<u8>(lengths + 256) !== 0 && tables(symbolCount, distanceCount);
}

/** Makes what symbols of the block say, up to `limit`. @returns MORE, DONE where the block ends, ODD */
function symbols(limit: usize): i32 {
  // Globals would be read and written at each step
  let from = source;
  let held = bits;
  let count = bitCount;
  let out = target;
  const lastFrom = sourceEnd + AHEAD;
  const first = targetStart;
  let found = MORE;
  while (out < limit) {
    if (from > lastFrom) {
      found = ODD;
      break;
    }
    held |= load<u64>(from) << count;
    from += <usize>((63 - count) >> 3);
    count |= 56;
    let entry = load<u32>(symbolTable + <usize>(<u32>held & ((1 << SYMBOL_BITS) - 1)) * 4);
    if (entry >= LITERAL) {
      held >>= <u64>entry;
      count -= entry & 63;
      store<u8>(out++, <u8>(entry >> 16));
      entry = load<u32>(symbolTable + <usize>(<u32>held & ((1 << SYMBOL_BITS) - 1)) * 4);
      if (entry >= LITERAL) {
        held >>= <u64>entry;
        count -= entry & 63;
        store<u8>(out++, <u8>(entry >> 16));
        entry = load<u32>(symbolTable + <usize>(<u32>held & ((1 << SYMBOL_BITS) - 1)) * 4);
        if (entry >= LITERAL) {
          held >>= <u64>entry;
          count -= entry & 63;
          store<u8>(out++, <u8>(entry >> 16));
          continue;
        }
      }
    }
    if ((entry & OTHER) !== 0) {
      if ((entry & STOP) === 0) {
        held >>= <u64>entry;
        count -= entry & 63;
        const below = <u32>held & ((1 << ((entry >> 8) & 15)) - 1);
        entry = load<u32>(symbolTable + <usize>(((entry >> 16) & 0x7fff) + below) * 4);
        if (entry >= LITERAL) {
          held >>= <u64>entry;
          count -= entry & 63;
          store<u8>(out++, <u8>(entry >> 16));
          continue;
        }
      }
      if ((entry & STOP) !== 0) {
        if (entry >> 16 !== END) found = ODD;
        else {
          held >>= <u64>entry & 31;
          count -= entry & 31;
          found = DONE;
        }
        break;
      }
    }
    // A length takes 20 bits at most, after literals of 22: there are as many
    let extra = <u32>held & ((1 << (entry & 63)) - 1);
    const length = <usize>((entry >> 16) + (extra >> ((entry >> 8) & 15)));
    held >>= <u64>entry;
    count -= entry & 63;
    held |= load<u64>(from) << count;
    from += <usize>((63 - count) >> 3);
    count |= 56;
    entry = load<u32>(distanceTable + <usize>(<u32>held & ((1 << DISTANCE_BITS) - 1)) * 4);
    if ((entry & OTHER) !== 0) {
      if ((entry & STOP) === 0) {
        held >>= <u64>entry;
        count -= entry & 63;
        const below = <u32>held & ((1 << ((entry >> 8) & 15)) - 1);
        entry = load<u32>(distanceTable + <usize>((entry >> 16) + below) * 4);
      }
      if ((entry & STOP) !== 0) {
        found = ODD;
        break;
      }
    }
    extra = <u32>held & ((1 << (entry & 63)) - 1);
    const distance = <usize>((entry >> 16) + (extra >> ((entry >> 8) & 15)));
    held >>= <u64>entry;
    count -= entry & 63;
    if (distance > out - first) {
      found = ODD;
      break;
    }
    copyMatch(out, distance, length);
    out += length;
  }
  source = from;
  bits = held;
  bitCount = count;
  target = out;
  // All is made: only the end of the last block may follow
  if (found === MORE && out >= targetEnd) found = endOfBlock();
  return found;
}

/** Whether the next symbol ends the block. */
function endOfBlock(): i32 {
  if (target !== targetEnd || source > sourceEnd + AHEAD) return ODD;
  refill();
  let entry = load<u32>(symbolTable + <usize>(<u32>bits & ((1 << SYMBOL_BITS) - 1)) * 4);
  if (entry < LITERAL && (entry & (OTHER | STOP)) === OTHER) {
    take(entry & 31);
    const below = <u32>bits & ((1 << ((entry >> 8) & 15)) - 1);
    entry = load<u32>(symbolTable + <usize>((entry >> 16) + below) * 4);
  }
  if (entry >= LITERAL || (entry & STOP) === 0 || entry >> 16 !== END) return ODD;
  take(entry & 31);
  return DONE;
}
