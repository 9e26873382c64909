/**
 * Names that are labels but for a part that is cut: those of C, most of C++, and functions of V8's scripts. `readName`
 * says whether a name is one; the rest (Java, Rust, operators, ...) is left to perf-script/frame-line.ts, whose rules these are.
 */
import { isDigit, isHex } from './characters.ts';
import { u8At } from './memory.ts';

/** Longer names are the caller's. */
const LONGEST: i32 = 2048;

/** A function of a script, as V8 names it. */
export const SCRIPT: i32 = 0x40000000;
/** How the code was compiled, where the name says so: one of these bits, by the mark `~`, `^`, `+` or `*`. */
export const TIERED: i32 = 0x3c000000;
const INTERPRETED: i32 = 0x04000000;
const BASELINE: i32 = 0x08000000;
const MID: i32 = 0x10000000;
const OPTIMIZED: i32 = 0x20000000;

let flags: i32 = 0;
let start: i32 = 0;
let end: i32 = 0;
let gap: i32 = 0;
let gapEnd: i32 = 0;
let anonymous: bool = false;

/** Of the name read last: SCRIPT, TIERED. */
export function nameFlags(): i32 {
  return flags;
}

/** Its label is the text from here, */
export function nameStart(): i32 {
  return start;
}

/** to here, */
export function nameEnd(): i32 {
  return end;
}

/** but for the text from here, */
export function nameGap(): i32 {
  return gap;
}

/** to here, */
export function nameGapEnd(): i32 {
  return gapEnd;
}

/** and behind `(anonymous)` where this is so. */
export function isAnonymous(): bool {
  return anonymous;
}

/** @returns whether the text `[from, to)` is such a name */
export function readName(from: i32, to: i32): bool {
  if (to === from || to - from > LONGEST || !isPrintable(from, to)) return false;
  flags = 0;
  start = from;
  end = to;
  gap = to;
  gapEnd = to;
  anonymous = false;
  if (isScript(from, to)) return script(from + 3, to);
  return isNative(from, to) && cutParameters(from, to);
}

/** ASCII that text can hold as it is (no `;`), without the hash of Rust's legacy mangling (`h` and 16 digits). */
function isPrintable(from: i32, to: i32): bool {
  let hex = 0;
  let afterH = false;
  for (let i = from; i < to; i++) {
    const c = u8At(i);
    if (c < 32 || c > 126 || c === 59) return false;
    if (isHex(c)) {
      hex++;
      if (hex === 16 && afterH) return false;
    } else {
      hex = 0;
      afterH = c === 104;
    }
  }
  return u8At(to - 1) !== 32;
}

/** Whether a name starts with `JS:`, unlike C++'s `JS::`. */
function isScript(from: i32, to: i32): bool {
  return to - from > 8 && u8At(from) === 74 && u8At(from + 1) === 83 && u8At(from + 2) === 58 && u8At(from + 3) !== 58;
}

/** `*parse /srv/app.js:12:3`, behind `JS:`: marks, a name without blanks, an absolute path or `node:`, a position. */
function script(from: i32, to: i32): bool {
  let at = from;
  if (u8At(at) === 111 && isMark(u8At(at + 1))) at++;
  if (isMark(u8At(at))) {
    flags = tierOf(u8At(at));
    at++;
    if (u8At(at) === 39) at++;
  }
  start = at;
  flags |= SCRIPT;
  while (at < to && u8At(at) !== 32) at++;
  anonymous = at === start;
  at++;
  if (at + 6 > to || !isPosition(at, to)) return false;
  if (u8At(at) === 47) return true;
  if (u8At(at + 4) !== 58) return false;
  const word = (u8At(at) << 24) | (u8At(at + 1) << 16) | (u8At(at + 2) << 8) | u8At(at + 3);
  // node
  if (word === 0x6e6f6465) return true;
  // file
  if (word !== 0x66696c65 || u8At(at + 5) !== 47 || u8At(at + 6) !== 47 || u8At(at + 7) !== 47) return false;
  gap = at;
  gapEnd = at + 7;
  return isPlainPath(gapEnd, to);
}

function tierOf(mark: i32): i32 {
  if (mark === 126) return INTERPRETED;
  if (mark === 94) return BASELINE;
  if (mark === 43) return MID;
  return mark === 42 ? OPTIMIZED : 0;
}

/** How V8 marks code: interpreted, baseline, mid tier, optimized, and what it does not know. */
function isMark(c: i32): bool {
  return c === 126 || c === 94 || c === 43 || c === 42 || c === 63;
}

/** Whether a text ends in `:line:column`, both from 1 on and of 9 digits at most. */
function isPosition(from: i32, to: i32): bool {
  const line = digitsBefore(from, to);
  return line > 0 && digitsBefore(from, line) > 0;
}

/** Where the `:` stands before the digits that end at `to`; 0 where there is no such number. */
function digitsBefore(from: i32, to: i32): i32 {
  let at = to;
  while (at > from && isDigit(u8At(at - 1))) at--;
  if (at === to || to - at > 9 || u8At(at) === 48 || at === from || u8At(at - 1) !== 58) return 0;
  return at - 1;
}

/** Whether a path in a URL is the path of the file: no escapes, nothing that is left out or put otherwise. */
function isPlainPath(from: i32, to: i32): bool {
  for (let i = from; i < to; i++) {
    const c = u8At(i);
    // % ? # \ |
    if (c === 37 || c === 63 || c === 35 || c === 92 || c === 124) return false;
    if (c === 46 && u8At(i - 1) === 47) return false;
  }
  return true;
}

/** No name of a module or builtin, nothing that looks like a comment, nothing annotated (`_[k]`), no operator, no chain `a->b`, no `type:` in front. */
function isNative(from: i32, to: i32): bool {
  if (u8At(from) === 91 || u8At(from) === 35 || u8At(to - 1) === 93) return false;
  // Builtin..., BytecodeHandler
  if (u8At(from) === 66 && from + 1 < to && (u8At(from + 1) === 117 || u8At(from + 1) === 121)) return false;
  let colons = 0;
  for (let i = from; i < to; i++) {
    const c = u8At(i);
    if (c === 58) {
      if (colons === 0 && (i + 1 === to || u8At(i + 1) !== 58)) return false;
      colons++;
    } else if (c === 62) {
      if (i > from && u8At(i - 1) === 45) return false;
    } else if (c === 111 && i + 8 <= to && u8At(i + 1) === 112 && u8At(i + 2) === 101 && u8At(i + 3) === 114) {
      if (u8At(i + 4) === 97 && u8At(i + 5) === 116 && u8At(i + 6) === 111 && u8At(i + 7) === 114) return false;
    }
  }
  return true;
}

/** Ends the label before the parameters: at the first `(` outside of brackets that does not open `(anonymous`. */
function cutParameters(from: i32, to: i32): bool {
  let depth = 0;
  for (let i = from; i < to; i++) {
    const c = u8At(i);
    // < [ {
    if (c === 60 || c === 91 || c === 123) depth++;
    // > ] }
    else if (c === 62 || c === 93 || c === 125) {
      if (depth > 0) depth--;
    } else if (c === 40 && depth === 0) {
      if (!startsAnonymous(i, to)) {
        end = i;
        return mayCut(from, i);
      }
      while (i < to && u8At(i) !== 41) i++;
      if (i === to) return false;
    }
  }
  return true;
}

/** Whether `(` at `at` is that of `(anonymous`. */
function startsAnonymous(at: i32, to: i32): bool {
  return (
    at + 10 <= to &&
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
