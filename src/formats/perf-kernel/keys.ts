/**
 * Texts that the caller gives a number: symbols, subjects and events. A text is asked about once (`wanted`), all later
 * ones are found here.
 */
import { allocSlots, growSlots, slotOf, takeSlot } from './hash-slots.ts';
import { hashBytes, hashHigh, i32At } from './memory.ts';
import { isPlain, keepLabel, nextSymbol } from './plain-labels.ts';
import { NEW_MODULE, NEW_SYMBOL } from './status.ts';

let slots: i32 = 0;
let mask: i32 = 0;
let count: i32 = 0;

// The key that was not found last, and the text to show for it
let keyLow: i32 = 0;
let keyHigh: i32 = 0;
let keySize: i32 = 0;
let textAt: i32 = 0;
let textEnd: i32 = 0;

/** @returns false where there is not enough memory */
export function startKeys(): bool {
  mask = 4095;
  slots = allocSlots(mask + 1);
  count = 0;
  return slots !== 0;
}

/** The text that `run` stopped at, for `define`. */
export function textStart(): i32 {
  return textAt;
}

export function textLength(): i32 {
  return textEnd - textAt;
}

/** Says what the text stands for: 0 or more. For an event -1: its block is for the reader by lines. */
export function define(value: i32): void {
  takeSlot(slotOf(slots, mask, keyLow, keyHigh, keySize), value + 2);
  count++;
  if (count * 2 <= mask) return;
  const grown = growSlots(slots, mask);
  // Without memory the table fills up further; `run` finds out with the next stack
  if (grown === 0) return;
  slots = grown;
  mask = mask * 2 + 1;
}

/** What a text stands for; -2 where that is not known yet, and then it is what `define` is about. */
export function numberOf(kind: i32, from: i32, to: i32): i32 {
  const value = find(kind, from, to - from);
  if (value === -2) show(from, to);
  return value;
}

/**
 * The number of the symbol with the key `[from, to)` and, apart from it, `[module, moduleEnd)`; -2 where it is new: all
 * from `from` to `moduleEnd` is its text. -3 where there is no memory left, -4 where its module is new.
 */
export function symbolOf(from: i32, to: i32, module: i32, moduleEnd: i32): i32 {
  const value = findSymbol(from, to, module, moduleEnd);
  if (value !== -2) return value;
  if (module < moduleEnd && isPlain(from, to)) {
    const number = numberOf(NEW_MODULE, module, moduleEnd);
    if (number === -2) return -4;
    if (number !== 0) {
      if (!keepLabel(number)) return -3;
      findSymbol(from, to, module, moduleEnd);
      const symbol = nextSymbol();
      define(symbol);
      return symbol;
    }
    findSymbol(from, to, module, moduleEnd);
  }
  show(from, moduleEnd);
  return -2;
}

function show(from: i32, to: i32): void {
  textAt = from;
  textEnd = to;
}

/** The key of two texts: their hashes mixed, and both lengths. */
function findSymbol(from: i32, to: i32, module: i32, moduleEnd: i32): i32 {
  const moduleLow = hashBytes(module, moduleEnd - module);
  const moduleHigh = hashHigh();
  const low = hashBytes(from, to - from);
  keyLow = low ^ ((moduleLow << 13) | (moduleLow >>> 19));
  keyHigh = hashHigh() ^ ((moduleHigh << 7) | (moduleHigh >>> 25));
  keySize = to - from + (moduleEnd - module) * 4096 + NEW_SYMBOL * 0x10000000;
  return i32At(slotOf(slots, mask, keyLow, keyHigh, keySize) + 12) - 2;
}

function find(kind: i32, from: i32, length: i32): i32 {
  keyLow = hashBytes(from, length);
  keyHigh = hashHigh();
  keySize = length + kind * 0x10000000;
  return i32At(slotOf(slots, mask, keyLow, keyHigh, keySize) + 12) - 2;
}
