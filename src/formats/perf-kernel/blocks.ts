/**
 * The hot loop of reading `perf script` text, on bytes: no line becomes a string that was seen before.
 *
 * A *block* is a header line, its frame lines and a blank line. What is not exactly of that shape is left to the
 * reader by lines (ODD). Tables, all append-only:
 *     line     bytes of a frame line -> symbol: the same address in the same function is one lookup
 *     symbol   name and module without address and offset -> a number; the caller says once what it means
 *     subject  `comm pid/tid [cpu]` of a header -> a number of the caller's (a thread); event likewise
 *     stack    (the stack below, 16 symbols) -> a number
 *     sample   stack, thread, event, period, time; in the end the stacks become a tree (tree.ts)
 */
import { startChains } from './chains.ts';
import { isBlank, isHex } from './characters.ts';
import { allocSlots, growSlots, slotOf, takeSlot } from './hash-slots.ts';
import { forgetHeader, header, headerEvent, headerPeriod, headerThread, headerTime } from './header.ts';
import { startKeys, symbolOf } from './keys.ts';
import {
  alloc,
  commonTail,
  expectMuch,
  hashBytes,
  hashHigh,
  i32At,
  seedHash,
  setI32,
  splitLines,
  u8At,
} from './memory.ts';
import { startLabels } from './plain-labels.ts';
import { addSample, startSamples } from './samples.ts';
import { nextStack, stackOf, startStacks } from './stack-table.ts';
import { startWalks } from './stack-walk.ts';
import { MORE, NEW_MODULE, NEW_SYMBOL, NO_MEMORY, ODD } from './status.ts';

/** Lines a block may have. */
const LINES: i32 = 65536;
/** At most 70 % full; more come when they are needed. */
const FIRST_SLOTS: i32 = 4096;

let windowStart: i32 = 0;
let at: i32 = 0;
let end: i32 = 0;
let blockLines: i32 = 0;
let linesRead: i32 = 0;
let stackless: i32 = 0;
let withAddresses: i32 = 0;
/** Of each line of a block: where it ends; its hash (two words). */
let lineEnds: i32 = 0;
let lineHashes: i32 = 0;
/** The symbols of the block that was read last, root first, and how many of them are still its own. */
let symbols: i32 = 0;
let ownSymbols: i32 = 0;
/** Behind the last frame of that block, while it is in the window; else 0. */
let framesEnd: i32 = 0;
let slots: i32 = 0;
let mask: i32 = 0;
let lineCount: i32 = 0;

/**
 * Lays out the memory.
 * @param windowBytes how much text the window holds; 0 = there is none, samples come as numbers
 * @param addresses 1 = an `[unknown]` symbol is another one at each address
 * @param sums 1 = samples are summed by stack, thread and event, and not kept; labels of plain symbols are
 * @param seed for the hashes
 * @returns where the window starts; 0 where there is not enough memory
 */
export function start(windowBytes: i32, addresses: i32, sums: i32, seed: i32, seedUpper: i32): i32 {
  seedHash(seed, seedUpper);
  expectMuch(windowBytes > 0);
  withAddresses = addresses;
  windowStart = alloc(windowBytes + 64);
  lineEnds = alloc(LINES * 4);
  lineHashes = alloc(LINES * 8);
  symbols = alloc(LINES * 4);
  framesEnd = 0;
  forgetHeader();
  mask = FIRST_SLOTS - 1;
  slots = allocSlots(mask + 1);
  lineCount = 0;
  linesRead = 0;
  stackless = 0;
  at = windowStart;
  startLabels(sums === 1);
  startChains();
  startWalks();
  return slots !== 0 && startKeys() && startStacks() && startSamples(sums) ? windowStart : 0;
}

/** Where the next block starts, once `run` said MORE: all before it is done with. */
export function position(): i32 {
  return at;
}

/** The window was filled anew from its start on. */
export function rewind(): void {
  at = windowStart;
  framesEnd = 0;
  forgetHeader();
}

/** The block that `run` stopped at, its blank line included. */
export function blockStart(): i32 {
  return at;
}

export function blockEnd(): i32 {
  return end;
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

/** Samples without a stack among those blocks. */
export function takeStackless(): i32 {
  const samples = stackless;
  stackless = 0;
  return samples;
}

/** Where `internStack` reads its symbols: room for 65,536. */
export function symbolsStart(): i32 {
  return lineEnds;
}

/** @returns the number of the stack of symbols at `symbolsStart`, root first, on another; -2 = no memory */
export function internStack(below: i32, count: i32): i32 {
  return stackOf(below, lineEnds, count, 4);
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
    if (odd === 1) return ODD;
    const status = blockLines < 2 ? lone(limit) : block();
    if (status === WAIT) return MORE;
    if (status !== MORE) return status;
  }
}

/** The block does not show what it is before there is more text. */
const WAIT: i32 = -1;

/**
 * A header without frames: a sample without a stack, where another header follows (some perfs print a blank line between
 * a header and its frames). MORE = done.
 */
function lone(limit: i32): i32 {
  const status = header(at, i32At(lineEnds));
  if (status !== MORE) return status;
  const thread = headerThread();
  const event = headerEvent();
  const period = headerPeriod();
  const time = headerTime();
  let next = end;
  while (next < limit && u8At(next) === 10) next++;
  let lineEnd = next;
  while (lineEnd < limit && u8At(lineEnd) !== 10) lineEnd++;
  if (lineEnd >= limit) return WAIT;
  if (header(next, lineEnd) !== MORE) return ODD;
  if (!addSample(-1, thread, event - 1, period, time)) return NO_MEMORY;
  stackless++;
  linesRead += 2;
  at = end;
  return MORE;
}

/** One block; MORE = done. */
function block(): i32 {
  const status = header(at, i32At(lineEnds));
  if (status !== MORE) return status;
  const frames = blockLines - 1;
  const kept = keptFrames(frames);
  ownSymbols = kept;
  // All hashes first: then the lookups do not wait for one another
  let lineStart = i32At(lineEnds) + 1;
  for (let i = 1; i <= frames - kept; i++) {
    const lineEnd = i32At(lineEnds + i * 4);
    setI32(lineHashes + i * 8, hashBytes(lineStart, lineEnd - lineStart));
    setI32(lineHashes + i * 8 + 4, hashHigh());
    lineStart = lineEnd + 1;
  }
  lineStart = i32At(lineEnds) + 1;
  for (let i = 1; i <= frames - kept; i++) {
    const lineEnd = i32At(lineEnds + i * 4);
    const symbol = lineSymbol(lineStart, lineEnd, i32At(lineHashes + i * 8), i32At(lineHashes + i * 8 + 4));
    if (symbol < 0) return unknownSymbol(symbol);
    setI32(symbols + (frames - i) * 4, symbol);
    lineStart = lineEnd + 1;
  }
  const stack = nextStack(symbols, frames, kept);
  if (stack < 0) return NO_MEMORY;
  ownSymbols = frames;
  framesEnd = i32At(lineEnds + frames * 4) + 1;
  if (!addSample(stack, headerThread(), headerEvent() - 1, headerPeriod(), headerTime())) return NO_MEMORY;
  linesRead += blockLines + 1;
  at = end;
  return MORE;
}

/** How many frames from the root on have the very lines of the block before: their symbols are known. */
function keptFrames(frames: i32): i32 {
  if (framesEnd === 0) return 0;
  const end = i32At(lineEnds + frames * 4) + 1;
  const same = commonTail(end, framesEnd, end - i32At(lineEnds));
  const most = frames < ownSymbols ? frames : ownSymbols;
  let kept = 0;
  // A line is the same from the end of the line before it on
  while (kept < most && end - i32At(lineEnds + (frames - kept - 1) * 4) <= same) kept++;
  return kept;
}

function unknownSymbol(reason: i32): i32 {
  if (reason === -1) return ODD;
  return reason === -2 ? NEW_SYMBOL : reason === -4 ? NEW_MODULE : NO_MEMORY;
}

function lineSymbol(from: i32, to: i32, hash: i32, hashUpper: i32): i32 {
  const slot = slotOf(slots, mask, hash, hashUpper, to - from);
  const found = i32At(slot + 12);
  if (found !== 0) return found - 1;
  const symbol = newLine(from, to);
  if (symbol < 0) return symbol;
  takeSlot(slotOf(slots, mask, hash, hashUpper, to - from), symbol + 1);
  lineCount++;
  if (lineCount * 10 > mask * 7) {
    slots = growSlots(slots, mask);
    mask = mask * 2 + 1;
    if (slots === 0) return -3;
  }
  return symbol;
}

/**
 * The symbol of a line not seen before: `address name+0xoffset (module)` without the numbers is its key. -1 = the line
 * may be no frame, -2 = a new symbol, -3 = no memory, -4 = a new module.
 */
function newLine(from: i32, to: i32): i32 {
  if (to - from < 4 || u8At(from) !== 9 || u8At(to - 1) === 13) return -1;
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
