/**
 * Call chains of perf.data as they stand in a record: 64-bit addresses, and between them values that say whose code the
 * next ones are (`PERF_CONTEXT_*`). An address becomes a symbol here where the caller has told it before; he is asked for
 * the others one by one.
 */
import { allocSlots, clearSlots, growSlots, slotFor, takeSlot } from './hash-slots.ts';
import { alloc, i32At, setI32 } from './memory.ts';
import { addSample } from './samples.ts';
import { stackOf } from './stack-table.ts';

/** What a record can hold. */
const ROOM: i32 = 65536;
/** perf's own reader goes no deeper (`perf script --max-stack`). */
export const DEEPEST: i32 = 1024;
/** What is known is forgotten when this is not enough: it may be told again. */
const MOST_SLOTS: i32 = 262144;

const CONTEXT_KERNEL: i32 = -128;
const CONTEXT_GUEST_KERNEL: i32 = -2176;
const CONTEXT_USER_DEFERRED: i32 = -640;
const FIRST_CONTEXT: i32 = -4095;

let room: i32 = 0;
let key: i32 = 0;
let symbols: i32 = 0;
let slots: i32 = 0;
let mask: i32 = 0;
let used: i32 = 0;

let index: i32 = 0;
let count: i32 = 0;
let length: i32 = 0;
let kernel: i32 = 0;
/** Whose code the address above this one is: 1 = the kernel's; -1 = there is none. */
let above: i32 = -1;
let space: i32 = 0;

/** Whoever reads no such chains has no memory for them. */
export function startChains(): void {
  room = 0;
}

/** Where a chain is put, in the byte order of this machine; 0 where there is not enough memory. */
export function chainRoom(): i32 {
  if (room === 0) {
    mask = 4095;
    used = 0;
    slots = allocSlots(mask + 1);
    key = alloc(16);
    // A chain, and the part of a stack that stands above it
    symbols = alloc(DEEPEST * 8);
    room = alloc(ROOM);
  }
  return room;
}

/**
 * Reads the chain in the room.
 * @param words how many
 * @param kernelFirst 1 = the first address is the kernel's
 * @param userSpace tells this state of a process's memory from all others; from 1
 * @returns the place in the chain of an address for `tellSymbol`; -1 = the chain is read; -2 = it has a part that comes later
 */
export function readChain(words: i32, kernelFirst: i32, userSpace: i32): i32 {
  index = 0;
  length = 0;
  count = words;
  kernel = kernelFirst;
  above = -1;
  space = userSpace;
  return goOn();
}

/** Of the address that is asked for. */
export function chainIsKernel(): i32 {
  return kernel;
}

/** Whether it is where a call returns to: the first of the kernel and of the program are where they were. */
export function chainIsCaller(): i32 {
  return kernel === above ? 1 : 0;
}

/**
 * What the address is that was asked for.
 * @param lasting 1 = it is that at all times
 * @returns as `readChain`
 */
export function tellSymbol(symbol: i32, lasting: i32): i32 {
  if (lasting === 1) {
    takeSlot(slotFor(slots, mask, key, 16), symbol + 1);
    used++;
    if (used * 10 > mask * 7) makeRoom();
  }
  append(symbol);
  return goOn();
}

/** How many symbols the chain has. */
export function chainLength(): i32 {
  return length;
}

/** Puts a symbol above the chain: the caller sees that there are no more than {@link DEEPEST}. */
export function raiseChain(symbol: i32): void {
  setI32(symbols + length * 4, symbol);
  length++;
}

/** Takes off what was put above the chain's first symbols. */
export function lowerChain(symbolsLeft: i32): void {
  length = symbolsLeft;
}

/** Adds a sample with the chain for its stack, as `addSample`. */
export function addChain(thread: i32, event: i32, period: f64, time: f64): bool {
  const stack = length === 0 ? -1 : stackOf(-1, symbols + (length - 1) * 4, length, -4);
  return stack >= -1 && addSample(stack, thread, event, period, time);
}

function goOn(): i32 {
  while (index < count && length < DEEPEST) {
    const low = i32At(room + index * 8);
    const high = i32At(room + index * 8 + 4);
    if (high === -1 && low >= FIRST_CONTEXT && low < 0) {
      if (low === CONTEXT_USER_DEFERRED) return -2;
      kernel = low === CONTEXT_KERNEL || low === CONTEXT_GUEST_KERNEL ? 1 : 0;
      index++;
      continue;
    }
    setI32(key, low);
    setI32(key + 4, high);
    setI32(key + 8, (kernel === 1 ? 0 : space) * 2 + chainIsCaller());
    const known = i32At(slotFor(slots, mask, key, 16) + 12);
    if (known === 0) return index;
    append(known - 1);
  }
  return -1;
}

function append(symbol: i32): void {
  raiseChain(symbol);
  index++;
  above = kernel;
}

function makeRoom(): void {
  if (mask + 1 < MOST_SLOTS) {
    const grown = growSlots(slots, mask);
    if (grown !== 0) {
      slots = grown;
      mask = mask * 2 + 1;
      return;
    }
  }
  clearSlots(slots, mask);
  used = 0;
}
