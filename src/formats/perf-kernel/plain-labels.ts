/**
 * Symbols whose label is their name without its parameters, and of which no more is asked: those of C, and most of C++.
 * The caller never sees them one by one. What is harder to read (names of V8, Java, Rust, operators) is left to it.
 */
import { isHex } from './characters.ts';
import { alloc, copyBytes, setI32, setU8, u8At } from './memory.ts';

/** Longer names are the caller's. */
const LONGEST: i32 = 2048;
/** Labels are kept in pieces: the next piece's address, how many bytes are used, then those, a line end behind each. */
const PIECE: i32 = 65536;

let first: i32 = 0;
let piece: i32 = 0;
let used: i32 = 0;
let symbols: i32 = 0;
let plain: i32 = 0;
/** Of each plain symbol its module. */
let modules: i32 = 0;
let room: i32 = 0;
let wanted: bool = false;

/** @param keep whether plain labels are kept here, instead of asking the caller about every symbol */
export function startLabels(keep: bool): void {
  first = 0;
  piece = 0;
  used = PIECE;
  symbols = 0;
  plain = 0;
  room = 0;
  wanted = keep;
}

/** The number of a new symbol. */
export function nextSymbol(): i32 {
  symbols++;
  return symbols - 1;
}

/** The first piece of labels, those of plain symbols in the order of their numbers; 0 = there is none. */
export function plainLabels(): i32 {
  return first;
}

/** Of each plain symbol, in the order of their numbers, what the caller said of its module. */
export function plainModules(): i32 {
  return modules;
}

/** @returns false where there is no memory left */
export function keepLabel(from: i32, to: i32, module: i32): bool {
  const length = to - from;
  if (plain === room) {
    const more = room === 0 ? 1024 : room * 2;
    const grown = alloc(more * 4);
    if (grown === 0) return false;
    copyBytes(grown, modules, plain * 4);
    modules = grown;
    room = more;
  }
  setI32(modules + plain * 4, module);
  plain++;
  if (used + length + 1 > PIECE) {
    const next = alloc(PIECE);
    if (next === 0) return false;
    if (piece === 0) first = next;
    else setI32(piece, next);
    piece = next;
    used = 8;
  }
  copyBytes(piece + used, from, length);
  setU8(piece + used + length, 10);
  used += length + 1;
  setI32(piece + 4, used);
  return true;
}

/** Where the label of the name `[from, to)` ends; 0 where the name is not plain. */
export function plainEnd(from: i32, to: i32): i32 {
  if (!wanted || to - from > LONGEST || !isPlain(from, to)) return 0;
  let depth = 0;
  for (let i = from; i < to; i++) {
    const c = u8At(i);
    // < [ {
    if (c === 60 || c === 91 || c === 123) depth++;
    // > ] }
    else if (c === 62 || c === 93 || c === 125) {
      if (depth > 0) depth--;
    }
    // ( opens the parameters, unless it is the one of (anonymous namespace)
    else if (c === 40 && depth === 0) {
      if (!startsAnonymous(i, to)) return mayCut(from, i) ? i : 0;
      while (i < to && u8At(i) !== 41) i++;
      if (i === to) return 0;
    }
  }
  return to;
}

/** Whether no rule but the one for parameters can apply: printable ASCII without what other languages' names have. */
function isPlain(from: i32, to: i32): bool {
  // Annotations: _[k]
  if (to === from || u8At(to - 1) === 32 || u8At(to - 1) === 93) return false;
  const start = u8At(from);
  // [unknown], and V8's Builtin..., BytecodeHandler
  if (start === 91 || (start === 66 && from + 1 < to && (u8At(from + 1) === 117 || u8At(from + 1) === 121))) return false;
  let hex = 0;
  let afterH = false;
  let colons = 0;
  for (let i = from; i < to; i++) {
    const c = u8At(i);
    // What is not ASCII; ;
    if (c < 32 || c > 126 || c === 59) return false;
    if (c === 58) {
      // A single one: JS:..., RegExp:...
      if (colons === 0 && (i + 1 === to || u8At(i + 1) !== 58)) return false;
      colons++;
    }
    // ->
    if (c === 62 && i > from && u8At(i - 1) === 45) return false;
    // operator
    if (c === 111 && i + 8 <= to && u8At(i + 1) === 112 && u8At(i + 2) === 101 && u8At(i + 3) === 114) {
      if (u8At(i + 4) === 97 && u8At(i + 5) === 116 && u8At(i + 6) === 111 && u8At(i + 7) === 114) return false;
    }
    // h and 16 digits: the hash of Rust's legacy mangling
    if (isHex(c)) {
      hex++;
      if (hex === 16 && afterH) return false;
    } else {
      hex = 0;
      afterH = c === 104;
    }
  }
  return true;
}

/** Whether `(` at `at` is that of `(anonymous`. */
function startsAnonymous(at: i32, to: i32): bool {
  if (at + 10 > to) return false;
  return (
    u8At(at + 1) === 97 &&
    u8At(at + 2) === 110 &&
    u8At(at + 3) === 111 &&
    u8At(at + 4) === 110 &&
    u8At(at + 5) === 121 &&
    u8At(at + 6) === 109 &&
    u8At(at + 7) === 111 &&
    u8At(at + 8) === 117 &&
    u8At(at + 9) === 115
  );
}

/** Not where nothing stands before it, nor a blank, nor Go's `pkg.(*T)`, nor what may end in `decltype`. */
function mayCut(from: i32, at: i32): bool {
  if (at === from) return false;
  const before = u8At(at - 1);
  return before !== 32 && before !== 46 && before !== 101;
}
