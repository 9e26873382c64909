/**
 * Copied stacks of x86-64, walked from callee to caller by what the caller has told of each address before: he is asked
 * for the others one by one. Unwind tables say mostly that the canonical frame address (CFA) is a bit above the stack or
 * the frame pointer, and where below it the return address and the frame pointer were saved: that is done here, as
 * symbols/unwind/unwinder.ts does it. Stacks with a frame that needs more are left to that.
 */
import { chainLength, DEEPEST, lowerChain, raiseChain } from './chains.ts';
import { allocSlots, clearSlots, growSlots, slotFor, takeSlot } from './hash-slots.ts';
import { alloc, copyBytes, floorOf, i32At, setI32, toF64, toI32 } from './memory.ts';

// What a walk stopped for.
export const WALKED: i32 = 0;
/** Nothing is known of `askedAddress`: call `tellFrame`. */
export const ASKS: i32 = 1;
/** Of the stack more is needed than was put: put all of it and call `walkAgain`. */
export const SHORT: i32 = 2;
/** It is for the other reader. */
const INVOLVED: i32 = 3;
const GOES_ON: i32 = 4;

// What the caller of code at an address is found by.
/** No table: the frame pointer points to the caller's, and the return address stands above it. */
export const BY_POINTER: i32 = 0;
/** The CFA is the stack pointer and an offset; */
export const FROM_STACK: i32 = 1;
/** the frame pointer and an offset. */
export const FROM_POINTER: i32 = 2;
/** There is none. */
export const OUTERMOST: i32 = 3;
/** More than that: expressions, other registers. */
export const BY_MORE: i32 = 4;
/** For an offset: the register was not saved. */
export const NOT_SAVED: i32 = 0x7fffffff;

/** What a record can hold. */
const ROOM: i32 = 65536;
/** Symbol, how the caller is found, offsets of CFA, frame pointer and return address. */
const ENTRY: i32 = 20;
const FIRST_SLOTS: i32 = 4096;
/** What is known is forgotten when this is not enough: it may be told again. */
const MOST_SLOTS: i32 = 262144;
const TWO_32: f64 = 4294967296.0;
/** Beyond this floats are not exact. */
const MOST_EXACT: f64 = 9007199254740992.0;
/** No thread's stack is as large: what lies farther from the stack pointer is no place in a stack. */
const LARGEST_STACK: i32 = 268435456;
/** Steps of a chain that do not go up the stack; one that goes on so is a circle. */
const MOST_DESCENTS: i32 = 16;
/** For a place: the register was not saved yet. */
const HELD: i32 = -0x7fffffff;
const NOTHING: f64 = 0.0 / 0.0;

let room: i32 = 0;
let key: i32 = 0;
let slots: i32 = 0;
let mask: i32 = 0;
/** As many as there are slots. */
let entries: i32 = 0;
let used: i32 = 0;
/** The entry of an address that is something else another time. */
let passing: i32 = 0;

let size: i32 = 0;
let copied: i32 = 0;
let space: i32 = 0;
/** Symbols below the walk's. */
let below: i32 = 0;
let firstCode: f64 = 0;
let stackPointer: f64 = 0;
let firstPointer: f64 = 0;

let count: i32 = 0;
let descents: i32 = 0;
let code: f64 = 0;
/** Nothing is called from here: the address is the very one where the program stands. */
let exact: bool = true;
/** CFA of the callee, which is the stack pointer of its caller: they lie higher and higher, else the chain is a circle. */
let frame: f64 = 0;
/** Where in the stack the frame pointer was saved; HELD = it is still that of the first frame. */
let pointerAt: i32 = HELD;
let asked: f64 = 0;
let short: bool = false;
let crooked: bool = false;
let passedEnd: bool = false;

/** Whoever reads no stacks has no memory for them. */
export function startWalks(): void {
  room = 0;
}

/** Where the first bytes of a stack are put; 0 where there is not enough memory. */
export function stackRoom(): i32 {
  if (room === 0) {
    mask = FIRST_SLOTS - 1;
    used = 0;
    slots = allocSlots(FIRST_SLOTS);
    key = alloc(16);
    passing = alloc(ENTRY);
    entries = alloc(FIRST_SLOTS * ENTRY);
    room = slots === 0 || entries === 0 ? 0 : alloc(ROOM);
  }
  return room;
}

/**
 * Walks the stack in the room, and puts the symbols of its code above the chain that was read last.
 * @param ip @param sp @param bp registers
 * @param bytes of the stack, 1 to 65,536
 * @param put so many of them are in the room
 * @param userSpace as for `readChain`
 * @returns one of the constants above
 */
export function walkStack(ip: f64, sp: f64, bp: f64, bytes: i32, put: i32, userSpace: i32): i32 {
  firstCode = ip;
  stackPointer = sp;
  firstPointer = bp;
  size = bytes;
  space = userSpace;
  below = chainLength();
  return walkAgain(put);
}

/** The same walk from its start, with more of the stack in the room. */
export function walkAgain(put: i32): i32 {
  copied = put;
  lowerChain(below);
  count = 0;
  descents = 0;
  code = firstCode;
  exact = true;
  frame = stackPointer;
  pointerAt = HELD;
  short = false;
  crooked = false;
  passedEnd = false;
  return goOn();
}

export function askedAddress(): f64 {
  return asked;
}

/** Whether the walk ended because the copied part of the stack did. */
export function walkWasCut(): bool {
  return passedEnd;
}

/**
 * What is at the address that was asked for.
 * @param lasting 1 = it is that at all times
 * @param way how its caller is found
 * @param frameAddress of the CFA, from the register that `way` names
 * @param savedPointer of the frame pointer, from the CFA; or NOT_SAVED
 * @param savedCode of the return address, from the CFA
 * @returns as `walkStack`
 */
export function tellFrame(
  symbol: i32,
  lasting: i32,
  way: i32,
  frameAddress: i32,
  savedPointer: i32,
  savedCode: i32,
): i32 {
  let entry = passing;
  if (lasting === 1) {
    if (used * 10 > mask * 7) makeRoom();
    setKey(asked);
    takeSlot(slotFor(slots, mask, key, 16), used + 1);
    entry = entries + used * ENTRY;
    used++;
  }
  setI32(entry, symbol);
  setI32(entry + 4, way);
  setI32(entry + 8, frameAddress);
  setI32(entry + 12, savedPointer);
  setI32(entry + 16, savedCode);
  const result = step(entry);
  return result === GOES_ON ? goOn() : result;
}

function goOn(): i32 {
  while (count < DEEPEST && code > 0) {
    const place = exact ? code : code - 1;
    if (place >= MOST_EXACT) return INVOLVED;
    setKey(place);
    const known = i32At(slotFor(slots, mask, key, 16) + 12);
    if (known === 0) {
      asked = place;
      return ASKS;
    }
    const result = step(entries + (known - 1) * ENTRY);
    if (result !== GOES_ON) return result;
  }
  return WALKED;
}

/** From code at an address to its caller. */
function step(entry: i32): i32 {
  raiseChain(i32At(entry));
  count++;
  const way = i32At(entry + 4);
  if (way === BY_MORE) return INVOLVED;
  passedEnd = false;
  const caller = way === BY_POINTER ? byPointer() : way === OUTERMOST ? NOTHING : byRule(entry, way);
  if (crooked) return INVOLVED;
  if (short) return SHORT;
  if (!(caller > frame)) {
    // A leaf may have nothing on the stack; where there is no caller it is equal to nothing
    const mayBe = exact && caller === frame;
    descents++;
    if (!mayBe || descents > MOST_DESCENTS) return WALKED;
  }
  frame = caller;
  exact = false;
  return GOES_ON;
}

/** @returns the CFA */
function byRule(entry: i32, way: i32): f64 {
  const base = way === FROM_STACK ? frame : framePointer();
  const address = base + toF64(i32At(entry + 8));
  if (!(address < 0 || address >= 0)) return NOTHING;
  const at = offsetOf(address);
  const saved = i32At(entry + 12);
  if (saved !== NOT_SAVED) pointerAt = at + saved;
  code = wordAt(at + i32At(entry + 16));
  return address;
}

/** @returns the CFA; nothing where the frame pointer points to no place in the copied stack */
function byPointer(): f64 {
  const base = framePointer();
  const at = offsetOf(base);
  if (!holds(at + 8)) return NOTHING;
  code = toF64(i32At(room + at + 12) & 0xffff) * TWO_32 + unsigned(i32At(room + at + 8));
  pointerAt = at;
  return base + 16;
}

function framePointer(): f64 {
  return pointerAt === HELD ? firstPointer : wordAt(pointerAt);
}

/** The offset of an address from the stack pointer; LARGEST_STACK or its negative for all that is far away. */
function offsetOf(address: f64): i32 {
  const offset = address - stackPointer;
  const far = toF64(LARGEST_STACK);
  if (offset > -far && offset < far) return toI32(offset);
  return offset < 0 ? -LARGEST_STACK : LARGEST_STACK;
}

/** The signed 64-bit word at an offset; nothing where none was copied. */
function wordAt(at: i32): f64 {
  return holds(at) ? toF64(i32At(room + at + 4)) * TWO_32 + unsigned(i32At(room + at)) : NOTHING;
}

/** Whether the word at an offset is in the room. */
function holds(at: i32): bool {
  if (at < 0 || at > size - 8) {
    if (at >= 0 && at < LARGEST_STACK) passedEnd = true;
    return false;
  }
  if ((at & 3) !== 0) crooked = true;
  if (at + 8 > copied) short = true;
  return !crooked && !short;
}

function unsigned(word: i32): f64 {
  return word < 0 ? toF64(word) + TWO_32 : toF64(word);
}

function setKey(address: f64): void {
  const high = floorOf(address / TWO_32);
  const low = address - high * TWO_32;
  setI32(key, toI32(low >= 2147483648.0 ? low - TWO_32 : low));
  setI32(key + 4, toI32(high));
  setI32(key + 8, space);
}

function makeRoom(): void {
  const count = mask + 1;
  const more = count < MOST_SLOTS ? alloc(count * 2 * ENTRY) : 0;
  const grown = more === 0 ? 0 : growSlots(slots, mask);
  if (grown === 0) {
    clearSlots(slots, mask);
    used = 0;
    return;
  }
  copyBytes(more, entries, used * ENTRY);
  entries = more;
  slots = grown;
  mask = mask * 2 + 1;
}
