/**
 * The hot loop of reading `perf script` text, on bytes: no line becomes a string that was seen before. Compiled twice
 * from this one source: by AssemblyScript to WebAssembly, by esbuild to JavaScript. So it holds nothing but 32-bit
 * integers, addresses (i32) of bytes, and functions of memory.ts.
 *
 * A *block* is a header line, its frame lines and a blank line. What is not exactly of that shape is left to the
 * reader by lines (ODD). Tables, all append-only with open addressing:
 *     line     bytes of a frame line -> symbol: the same address in the same function is one lookup
 *     symbol   name and module without address and offset -> a number; the caller says once what it means
 *     subject  `comm pid/tid [cpu]` of a header -> a number of the caller's (a thread); event likewise
 *     stack    (the stack below, 16 symbols) -> a number: one lookup for 16 frames, prefixes shared at that grain
 */
import {
  alloc,
  copyBytes,
  hashBytes,
  i32At,
  sameBytes,
  setF64,
  setI32,
  setU8,
  splitLines,
  toF64,
  u8At,
} from './memory.ts';

/** What `run` stopped for. The window holds no whole block any more: move the rest to the front and add to it. */
export const MORE: i32 = 0;
/** The samples' columns are full: take them. */
export const FULL: i32 = 1;
/** A new symbol, event or subject: call `define`, or `skipBlock` where it is none. */
export const NEW_SYMBOL: i32 = 2;
export const NEW_SUBJECT: i32 = 3;
export const NEW_EVENT: i32 = 4;
/** The block at `blockStart` to `blockEnd` is of another shape: it is for the reader by lines. */
export const ODD: i32 = 5;
/** There is no memory left. */
export const NO_MEMORY: i32 = 6;

/** Frames that one row of the stack table holds. */
export const GRAIN: i32 = 16;
const STACK_BYTES: i32 = (GRAIN + 1) * 4;
const STACKS_A_CHUNK: i32 = 8192;
const CHUNKS: i32 = 16384;
export const SAMPLES: i32 = 8192;
const LINES: i32 = 65536;
const LONGEST_HEADER: i32 = 512;
const ARENA: i32 = 1048576;

let windowStart: i32 = 0;
let lineEnds: i32 = 0;
let samples: i32 = 0;
let sampleCount: i32 = 0;
let linesRead: i32 = 0;
let withAddresses: i32 = 0;

let at: i32 = 0;
let blockLines: i32 = 0;
let end: i32 = 0;

let arenaAt: i32 = 0;
let arenaEnd: i32 = 0;
let failed: i32 = 0;

// Of each table: its slots (hash, record), the mask over them, the number of records.
let lineSlots: i32 = 0;
let lineMask: i32 = 0;
let lineCount: i32 = 0;
let keySlots: i32 = 0;
let keyMask: i32 = 0;
let keyCount: i32 = 0;
let stackSlots: i32 = 0;
let stackMask: i32 = 0;
let stackTotal: i32 = 0;
let stackChunks: i32 = 0;
let newStack: i32 = 0;

// What `define` is about: the bytes of the key, in one or two pieces.
let keyKind: i32 = 0;
let keyAt: i32 = 0;
let keyLength: i32 = 0;
let keyHash: i32 = 0;
let textAt: i32 = 0;
let textEnd: i32 = 0;
let scratch: i32 = 0;
let scratchBytes: i32 = 0;

let lastSubject: i32 = 0;
let headerThread: i32 = 0;
let headerEvent: i32 = 0;
let headerPeriod: f64 = 0;
let headerTime: f64 = 0;
const NONE: i32 = -1;

/**
 * Lays out the memory.
 * @param windowBytes how much text the window holds
 * @param addresses 1 = an `[unknown]` symbol is another one at each address
 * @returns where the window starts; 0 where there is not enough memory
 */
export function start(windowBytes: i32, addresses: i32): i32 {
  withAddresses = addresses;
  windowStart = alloc(windowBytes + 64);
  lineEnds = alloc(LINES * 4);
  samples = alloc(SAMPLES * 32);
  lineMask = 16383;
  lineSlots = alloc((lineMask + 1) * 8);
  keyMask = 4095;
  keySlots = alloc((keyMask + 1) * 8);
  stackMask = 16383;
  stackSlots = alloc((stackMask + 1) * 8);
  stackChunks = alloc(CHUNKS * 4);
  newStack = alloc(STACK_BYTES);
  scratchBytes = LONGEST_HEADER * 8;
  scratch = alloc(scratchBytes);
  sampleCount = 0;
  lineCount = 0;
  keyCount = 0;
  stackTotal = 0;
  arenaAt = 0;
  arenaEnd = 0;
  failed = 0;
  lastSubject = 0;
  linesRead = 0;
  at = windowStart;
  return scratch === 0 ? 0 : windowStart;
}

/** Where the next block starts, once `run` said MORE: all before it is done with. */
export function position(): i32 {
  return at;
}

/** The window was filled anew from its start on. */
export function rewind(): void {
  at = windowStart;
}

/** The block that `run` stopped at, its blank line included; for `define`, the text it is about. */
export function blockStart(): i32 {
  return at;
}

export function blockEnd(): i32 {
  return end;
}

export function textStart(): i32 {
  return textAt;
}

export function textLength(): i32 {
  return textEnd - textAt;
}

/** Goes on behind the block that `run` stopped at; its lines are not counted. */
export function skipBlock(): void {
  at = end;
}

/** Lines of the blocks read since the last call. */
export function takeLines(): i32 {
  const lines = linesRead;
  linesRead = 0;
  return lines;
}

/** Samples since the last call: rows of stack, thread, event and nothing (i32), period and time (f64). */
export function takeSamples(): i32 {
  const count = sampleCount;
  sampleCount = 0;
  return count;
}

export function samplesStart(): i32 {
  return samples;
}

export function stackCount(): i32 {
  return stackTotal;
}

/** Address of a row of the stack table: the stack below (-1 for none), then 16 symbols, root first, -1 behind the last. */
export function stackRow(stack: i32): i32 {
  const chunk = i32At(stackChunks + ((stack / STACKS_A_CHUNK) | 0) * 4);
  return chunk + (stack % STACKS_A_CHUNK) * STACK_BYTES;
}

/** Where `internStack` reads its symbols: room for 65,536. */
export function symbolsStart(): i32 {
  return lineEnds;
}

/**
 * The stack of symbols that stand at `symbolsStart`, root first.
 * @returns its number; -1 for no symbols; -2 where there is no memory left
 */
export function internStack(below: i32, count: i32): i32 {
  let stack = below;
  for (let i = 0; i < count; i += GRAIN) {
    setI32(newStack, stack);
    for (let j = 0; j < GRAIN; j++) {
      setI32(newStack + 4 + j * 4, i + j < count ? i32At(lineEnds + (i + j) * 4) : NONE);
    }
    stack = internRow();
    if (stack < 0) return -2;
  }
  return stack;
}

/**
 * Reads blocks until something is to be done by the caller.
 * @param limit address behind the last byte of the window
 * @param odd 1 = give the next block out as ODD
 */
export function run(limit: i32, odd: i32): i32 {
  while (true) {
    while (at < limit && u8At(at) === 10) {
      at++;
      linesRead++;
    }
    blockLines = splitLines(at, limit, lineEnds, LINES);
    if (blockLines < 0) return MORE;
    end = i32At(lineEnds + (blockLines - 1) * 4) + 2;
    if (odd === 1 || blockLines < 2) return ODD;
    if (sampleCount === SAMPLES) return FULL;
    const status = block();
    if (status !== MORE) return failed === 1 ? NO_MEMORY : status;
  }
}

/** One block; MORE = done. */
function block(): i32 {
  const firstEnd = i32At(lineEnds);
  const status = header(at, firstEnd);
  if (status !== MORE) return status;
  let lineStart = firstEnd + 1;
  // The symbols take the place of the line ends they are found by
  for (let i = 1; i < blockLines; i++) {
    const lineEnd = i32At(lineEnds + i * 4);
    const symbol = lineSymbol(lineStart, lineEnd);
    if (symbol < 0) return symbol === -1 ? ODD : symbol === -3 ? NO_MEMORY : NEW_SYMBOL;
    setI32(lineEnds + i * 4, symbol);
    lineStart = lineEnd + 1;
  }
  let stack: i32 = NONE;
  let i = blockLines - 1;
  while (i > 0) {
    setI32(newStack, stack);
    for (let j = 0; j < GRAIN; j++) {
      setI32(newStack + 4 + j * 4, i > 0 ? i32At(lineEnds + i * 4) : NONE);
      if (i > 0) i--;
    }
    stack = internRow();
    if (stack < 0) return NO_MEMORY;
  }
  const row = samples + sampleCount * 32;
  setI32(row, stack);
  setI32(row + 4, headerThread);
  setI32(row + 8, headerEvent);
  setF64(row + 16, headerPeriod);
  setF64(row + 24, headerTime);
  sampleCount++;
  linesRead += blockLines + 1;
  at = end;
  return MORE;
}

/** `comm pid/tid [cpu] seconds.fraction: period event: rest`; the parts in front of the time are the subject. */
function header(from: i32, to: i32): i32 {
  if (to - from > LONGEST_HEADER || u8At(from) === 35 || u8At(from) === 9) return ODD;
  let colon = from;
  let fraction: i32 = 0;
  let time: i32 = 0;
  for (; colon < to; colon++) {
    const c = u8At(colon);
    if (c >= 128 || (c < 32 && c !== 9)) return ODD;
    if (c !== 58 || (colon + 1 < to && !isBlank(u8At(colon + 1)))) continue;
    fraction = colon;
    while (fraction > from && isDigit(u8At(fraction - 1))) fraction--;
    if (fraction === colon || colon - fraction > 9 || fraction === from || u8At(fraction - 1) !== 46) continue;
    time = fraction - 1;
    while (time > from && isDigit(u8At(time - 1))) time--;
    if (time === fraction - 1 || (time > from && !isBlank(u8At(time - 1)))) continue;
    break;
  }
  if (colon >= to || fraction - time > 13) return ODD;
  for (let i = colon; i < to; i++) if (u8At(i) >= 128 || (u8At(i) < 32 && u8At(i) !== 9)) return ODD;

  let seconds: f64 = 0;
  for (let i = time; i < fraction - 1; i++) seconds = seconds * 10 + toF64(u8At(i) - 48);
  let nanoseconds: f64 = 0;
  for (let i = 0; i < 9; i++) {
    nanoseconds = nanoseconds * 10 + (fraction + i < colon ? toF64(u8At(fraction + i) - 48) : 0);
  }
  headerTime = seconds * 1000000000 + nanoseconds;

  if (lastSubject !== 0 && i32At(lastSubject) === time - from && sameBytes(lastSubject + 16, from, time - from)) {
    headerThread = i32At(lastSubject + 4);
  } else {
    const record = findKey(NEW_SUBJECT, from, time - from);
    if (record === 0) return wanted(NEW_SUBJECT, from, time);
    lastSubject = record;
    headerThread = i32At(record + 4);
  }
  return measure(colon + 1, to);
}

/** `period event: rest`: the period may be missing, the event too where nothing follows it. */
function measure(from: i32, to: i32): i32 {
  let word = skipBlanks(from, to);
  headerPeriod = 0;
  let digits = word;
  while (digits < to && isDigit(u8At(digits))) {
    headerPeriod = headerPeriod * 10 + toF64(u8At(digits) - 48);
    digits++;
  }
  if (digits > word) {
    if (digits - word > 15 || digits === to || !isBlank(u8At(digits))) return ODD;
    word = skipBlanks(digits, to);
    if (word === to || isDigit(u8At(word))) return ODD;
  }
  let wordEnd = word;
  while (wordEnd < to && !isBlank(u8At(wordEnd))) wordEnd++;
  if (word < to && (wordEnd - word < 2 || u8At(wordEnd - 1) !== 58)) return ODD;
  let last = to;
  while (last > wordEnd && isBlank(u8At(last - 1))) last--;
  // The only frame of a sample without a call chain stands there
  if (last > wordEnd && u8At(last - 1) === 41) return ODD;
  const length = word < to ? wordEnd - 1 - word : 0;
  const record = findKey(NEW_EVENT, word, length);
  if (record === 0) return wanted(NEW_EVENT, word, word + length);
  headerEvent = i32At(record + 4);
  return headerEvent < 0 ? ODD : MORE;
}

/** The symbol of a frame line; -1 = it may be none, -2 = a new one, -3 = no memory. */
function lineSymbol(from: i32, to: i32): i32 {
  const length = to - from;
  if (length < 4 || u8At(from) !== 9 || u8At(to - 1) === 13) return -1;
  const hash = hashBytes(from, length);
  let slot = hash & lineMask;
  while (true) {
    const record = i32At(lineSlots + slot * 8 + 4);
    if (record === 0) break;
    if (i32At(lineSlots + slot * 8) === hash && i32At(record) === length && sameBytes(record + 16, from, length)) {
      return i32At(record + 4);
    }
    slot = (slot + 1) & lineMask;
  }
  const symbol = newLine(from, to);
  if (symbol < 0) return symbol;
  const record = newRecord(length, symbol, from);
  if (record === 0) return -3;
  setI32(lineSlots + slot * 8, hash);
  setI32(lineSlots + slot * 8 + 4, record);
  lineCount++;
  if (lineCount * 2 > lineMask) {
    lineSlots = grown(lineSlots, lineMask);
    lineMask = lineMask * 2 + 1;
    if (lineSlots === 0) return -3;
  }
  return symbol;
}

/** The symbol of a line not seen before: `address name+0xoffset (module)` without the numbers is its key. */
function newLine(from: i32, to: i32): i32 {
  let text = from;
  while (text < to && isBlank(u8At(text))) text++;
  const address = text;
  while (text < to && isHex(u8At(text))) text++;
  if (text === address || text + 1 >= to || u8At(text) !== 32) return symbolOf(from, to, to, to);
  text++;
  let nameEnd = to;
  let module = to;
  if (u8At(to - 1) === 41) {
    module = to - 2;
    while (module > text && u8At(module) !== 40 && u8At(module) !== 41) module--;
    if (module - 1 <= text || u8At(module) !== 40 || u8At(module - 1) !== 32) return symbolOf(from, to, to, to);
    nameEnd = module - 1;
  }
  const last = u8At(nameEnd - 1);
  if (last <= 32 || u8At(text) <= 32) return symbolOf(from, to, to, to);
  if (withAddresses === 1 && last === 93) return symbolOf(from, to, to, to);
  let hex = nameEnd;
  while (hex > text && isHex(u8At(hex - 1))) hex--;
  if (
    hex < nameEnd &&
    nameEnd - hex <= 16 &&
    hex - 3 >= text &&
    u8At(hex - 1) === 120 &&
    u8At(hex - 2) === 48 &&
    u8At(hex - 3) === 43
  ) {
    nameEnd = hex - 3;
  }
  return symbolOf(text, nameEnd, module, to);
}

/** The symbol with the key `[from, to)` and, apart from it, `[module, moduleEnd)`. */
function symbolOf(from: i32, to: i32, module: i32, moduleEnd: i32): i32 {
  const first = to - from;
  const length = first + 1 + moduleEnd - module;
  if (length > scratchBytes) {
    scratchBytes = length * 2;
    scratch = alloc(scratchBytes);
    if (scratch === 0) return -3;
  }
  copyBytes(scratch, from, first);
  // A line end parts the two: neither holds one
  setU8(scratch + first, 10);
  copyBytes(scratch + first + 1, module, moduleEnd - module);
  const record = findKey(NEW_SYMBOL, scratch, length);
  if (record === 0) {
    wanted(NEW_SYMBOL, from, moduleEnd);
    return -2;
  }
  return i32At(record + 4);
}

/** Says that the key which was asked for stands for `value`. For an event -1: the block is of another shape. */
export function define(value: i32): void {
  const record = newRecord(keyLength, value, keyAt);
  if (record === 0) {
    failed = 1;
    return;
  }
  setI32(record + 8, keyKind);
  let slot = keyHash & keyMask;
  while (i32At(keySlots + slot * 8 + 4) !== 0) slot = (slot + 1) & keyMask;
  setI32(keySlots + slot * 8, keyHash);
  setI32(keySlots + slot * 8 + 4, record);
  keyCount++;
  if (keyCount * 2 <= keyMask) return;
  keySlots = grown(keySlots, keyMask);
  keyMask = keyMask * 2 + 1;
  if (keySlots === 0) failed = 1;
}

/** The record of a key, 0 where there is none; then `define` can make it. */
function findKey(kind: i32, from: i32, length: i32): i32 {
  const hash = hashBytes(from, length) ^ (kind << 20);
  let slot = hash & keyMask;
  while (true) {
    const record = i32At(keySlots + slot * 8 + 4);
    if (record === 0) break;
    if (
      i32At(keySlots + slot * 8) === hash &&
      i32At(record) === length &&
      i32At(record + 8) === kind &&
      sameBytes(record + 16, from, length)
    ) {
      return record;
    }
    slot = (slot + 1) & keyMask;
  }
  keyKind = kind;
  keyAt = from;
  keyLength = length;
  keyHash = hash;
  return 0;
}

/** Shows the caller the text that a key stands for. */
function wanted(kind: i32, from: i32, to: i32): i32 {
  textAt = from;
  textEnd = to;
  return kind;
}

/** Keeps bytes: their length, a value, a kind, nothing, then the bytes. 0 where there is no memory left. */
function newRecord(length: i32, value: i32, from: i32): i32 {
  const size = (length + 31) & ~15;
  let record = arenaAt;
  if (arenaAt + size > arenaEnd) {
    const room = size > ARENA ? size : ARENA;
    record = alloc(room);
    if (record === 0) return 0;
    arenaEnd = record + room;
  }
  arenaAt = record + size;
  setI32(record, length);
  setI32(record + 4, value);
  copyBytes(record + 16, from, length);
  return record;
}

/** Twice the slots, refilled. 0 where there is no memory left. */
function grown(slots: i32, mask: i32): i32 {
  const newMask = mask * 2 + 1;
  const into = alloc((newMask + 1) * 8);
  if (into === 0) return 0;
  for (let i = 0; i <= mask; i++) {
    const record = i32At(slots + i * 8 + 4);
    if (record === 0) continue;
    const hash = i32At(slots + i * 8);
    let slot = hash & newMask;
    while (i32At(into + slot * 8 + 4) !== 0) slot = (slot + 1) & newMask;
    setI32(into + slot * 8, hash);
    setI32(into + slot * 8 + 4, record);
  }
  return into;
}

/** The row of the stack table that equals `newStack`, added where it is new; -1 where there is no memory left. */
function internRow(): i32 {
  const hash = hashBytes(newStack, STACK_BYTES);
  let slot = hash & stackMask;
  while (true) {
    // Rows are numbered from 1 here: 0 is a free slot
    const found = i32At(stackSlots + slot * 8 + 4);
    if (found === 0) break;
    if (i32At(stackSlots + slot * 8) === hash && sameBytes(stackRow(found - 1), newStack, STACK_BYTES)) {
      return found - 1;
    }
    slot = (slot + 1) & stackMask;
  }
  const stack = stackTotal;
  if (stack % STACKS_A_CHUNK === 0) {
    const chunk = alloc(STACKS_A_CHUNK * STACK_BYTES);
    if (chunk === 0 || stack === STACKS_A_CHUNK * CHUNKS) return -1;
    setI32(stackChunks + (stack / STACKS_A_CHUNK) * 4, chunk);
  }
  copyBytes(stackRow(stack), newStack, STACK_BYTES);
  setI32(stackSlots + slot * 8, hash);
  setI32(stackSlots + slot * 8 + 4, stack + 1);
  stackTotal++;
  if (stackTotal * 2 > stackMask) {
    stackSlots = grown(stackSlots, stackMask);
    stackMask = stackMask * 2 + 1;
    if (stackSlots === 0) return -1;
  }
  return stack;
}

function skipBlanks(from: i32, to: i32): i32 {
  let i = from;
  while (i < to && isBlank(u8At(i))) i++;
  return i;
}

function isBlank(c: i32): bool {
  return c === 32 || c === 9;
}

function isDigit(c: i32): bool {
  return c >= 48 && c <= 57;
}

function isHex(c: i32): bool {
  return isDigit(c) || (c >= 97 && c <= 102);
}
