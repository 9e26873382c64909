import { digitsAt, integerBetween, NONE, numberOf, othersIn } from './decimal';
import { MOST_CHILDREN, MOST_ROWS, NUMBERS, ROWS, TEXT, WORDS } from './memory';
import { take } from './taken';
import { find, learnText } from './texts';

// The words between the values of a node, in the order of cpuprofile/node-run.ts.
const WORD: i32 = 32;
const START = WORDS; // {"id":
const CALL = START + WORD; // ,"callFrame":
const NAME = CALL + WORD; // {"functionName":"
const SCRIPT = NAME + WORD; // ","scriptId":"
const URL = SCRIPT + WORD; // ","url":"
const LINE = URL + WORD; // ","lineNumber":
const COLUMN = LINE + WORD; // ,"columnNumber":
const HITS = COLUMN + WORD; // },"hitCount":
const CHILDREN = HITS + WORD; // ,"children":[
const TICKS = CHILDREN + WORD; // ,"positionTicks":[
const TICK_LINE = TICKS + WORD; // {"line":
const TICK_COUNT = TICK_LINE + WORD; // ,"ticks":

const QUOTES: v128 = i8x16.splat(34);
const BACKSLASHES: v128 = i8x16.splat(92);
const COMMA: u32 = 44;
const MINUS: u32 = 45;
const CLOSE_ARRAY: u32 = 93;
const CHILDREN_LETTER: u32 = 99;
const TICKS_LETTER: u32 = 112;
const CLOSE_OBJECT: u32 = 125;

/** Where the text ends: nothing is sought behind it. */
let end: usize = 0;
let hitCount: i64 = 0;
/** The number that was read last. */
let integer: i32 = 0;
/** The function that cannot be learned without a look at its text: never at the start of the text. */
let unknownFrom: usize = 0;
let unknownTo: usize = 0;
let unknownHash: u32 = 0;

/**
 * Takes nodes as V8 writes them, as cpuprofile/node-bytes.ts does, into ROWS and NUMBERS: each with the comma behind it, and
 * one that ends the array without. A node that stops it is left, whatever it is that is odd: that it is not all there, say.
 * Functions that are new are learned.
 * @param from where the first node starts
 * @param length of the text
 * @param children how many there were before
 * @returns how many were taken
 */
export function nodes(from: i32, length: i32, children: i32): i32 {
  end = <usize>(TEXT + length);
  unknownFrom = 0;
  hitCount = 0;
  let at = <usize>(TEXT + from);
  let row = <usize>ROWS;
  let child = <usize>NUMBERS;
  const full = row + <usize>(MOST_ROWS << 2);
  const most = <usize>(NUMBERS + (MOST_CHILDREN << 2));
  while (row < full && at < end) {
    let pos = word(at, START, 6);
    if (pos === 0 || (pos = number(pos)) === 0) break;
    store<i32>(row, integer);
    if ((pos = word(pos, CALL, 13)) === 0 || (pos = callFrame(pos)) === 0) break;
    store<i32>(row, integer, MOST_ROWS << 2);
    if ((pos = word(pos, HITS, 13)) === 0 || (pos = number(pos)) === 0 || integer < 0) break;
    store<i32>(row, integer, MOST_ROWS << 3);
    let childEnd = child;
    if (letter(pos) === CHILDREN_LETTER) {
      pos = word(pos, CHILDREN, 13);
      while (pos !== 0 && (pos = number(pos)) !== 0 && childEnd < most && pos < end) {
        store<i32>(childEnd, integer);
        childEnd += 4;
        const next = <u32>load<u8>(pos++);
        if (next === COMMA) continue;
        if (next !== CLOSE_ARRAY) pos = 0;
        break;
      }
      if (pos === 0 || load<u8>(pos - 1) !== CLOSE_ARRAY) break;
    }
    if (letter(pos) === TICKS_LETTER && (pos = positionTicks(pos)) === 0) break;
    if (load<u8>(pos) !== CLOSE_OBJECT || pos + 2 > end) break;
    const behind = <u32>load<u8>(pos, 1);
    if (behind !== COMMA && behind !== CLOSE_ARRAY) break;
    child = childEnd;
    store<i32>(row, children + <i32>((child - <usize>NUMBERS) >> 2), MOST_ROWS * 12);
    hitCount += load<i32>(row, MOST_ROWS << 3);
    row += 4;
    at = pos + 1;
    if (behind === CLOSE_ARRAY) break;
    at++;
  }
  take(at - <usize>TEXT);
  return <i32>((row - <usize>ROWS) >> 2);
}

/** The sum of the hit counts of those that were taken. */
export function hits(): f64 {
  return <f64>hitCount;
}

/**
 * Where the text of a function stands at which {@link nodes} stopped, as it may be no JSON: it has escapes, say; 0 = that was
 * not why.
 */
export function unknown(): i32 {
  return unknownFrom === 0 ? 0 : <i32>unknownFrom - TEXT;
}

export function unknownEnd(): i32 {
  return <i32>unknownTo - TEXT;
}

/** Makes that function known. @returns its number; -1 = there was no room */
export function learn(): i32 {
  return learnText(unknownHash, unknownFrom, unknownTo);
}

/** The byte behind a word of `length` bytes, which is compared sixteen at a time; 0 where it is another. */
@inline
function word(at: usize, expected: i32, length: i32): usize {
  const same = <u32>i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(<usize>expected)));
  if (length <= 16) {
    const all = (<u32>1 << length) - 1;
    return (same & all) === all ? at + <usize>length : 0;
  }
  const rest = length - 16;
  const last = v128.eq<i8>(v128.load(at + <usize>rest), v128.load(<usize>(expected + rest)));
  return same === 0xffff && v128.all_true<i8>(last) ? at + <usize>length : 0;
}

/** The letter that a word starts with, behind a comma and a quote; 0 for no word. */
@inline
function letter(at: usize): u32 {
  return load<u8>(at) === COMMA ? <u32>load<u8>(at, 2) : 0;
}

/** Reads a number into `integer`. @returns the byte behind it; 0 = no such number */
@inline
function number(at: usize): usize {
  const digits = digitsAt(at);
  const others = othersIn(digits);
  // No 01
  if (others !== 0 && (others & 255) === 0 && ((digits & 255) !== 0 || (others & 0xffff) !== 0)) {
    const count = <usize>(ctz(others) >> 3);
    // The last digit goes to the top
    integer = numberOf(digits << (64 - <u64>(count << 3)));
    return at + count;
  }
  return longNumber(at);
}

/** {@link number} of more than seven digits, below 0, or none. */
function longNumber(at: usize): usize {
  let pos = at + <usize>(load<u8>(at) === MINUS);
  while (<u32>load<u8>(pos) - 48 < 10 && pos < at + 11) pos++;
  integer = integerBetween(at, pos);
  return integer === NONE ? 0 : pos;
}

/** The quote that ends a string; 0 = there is none. Whether an escape is one is seen when the text becomes words. */
@inline
function stringEnd(at: usize): usize {
  let pos = at;
  while (pos < end) {
    const text = v128.load(pos);
    const quotes = <u32>i8x16.bitmask(i8x16.eq(text, QUOTES));
    const escapes = <u32>i8x16.bitmask(i8x16.eq(text, BACKSLASHES));
    const found = quotes | escapes;
    if (found === 0) {
      pos += 16;
      continue;
    }
    const first = ctz(found);
    if (((quotes >> first) & 1) !== 0) return pos + <usize>first;
    pos += <usize>first + 2;
  }
  return 0;
}

/** Reads a function, its number into `integer`. @returns its closing bracket; 0 = unknown, or of another shape */
function callFrame(at: usize): usize {
  const name = word(at, NAME, 17);
  if (name === 0) return 0;
  const nameEnd = stringEnd(name);
  const script = word(nameEnd, SCRIPT, 14);
  if (nameEnd === 0 || script === 0) return 0;
  let pos = stringEnd(script);
  if (pos === 0 || (pos = word(pos, URL, 9)) === 0 || (pos = stringEnd(pos)) === 0) return 0;
  if ((pos = word(pos, LINE, 15)) === 0 || (pos = number(pos)) === 0) return 0;
  const line = integer;
  if ((pos = word(pos, COLUMN, 16)) === 0 || (pos = number(pos)) === 0 || pos > end) return 0;
  // All of it is compared: a hash need not be of all of it, and may go beyond a part, as the text does
  let hash = mix(load<u64>(name), load<u64>(nameEnd - 8));
  hash = mix(hash ^ load<u64>(script), ((<u64>line) << 32) ^ <u64>(<u32>integer));
  const key = <u32>(hash ^ (hash >> 32));
  integer = find(key, at, pos);
  if (integer >= 0) return pos;
  // It may be cut
  if (pos === end || load<u8>(pos) !== CLOSE_OBJECT) return 0;
  if (isPlain(at, pos)) {
    integer = learnText(key, at, pos);
    return integer < 0 ? 0 : pos;
  }
  unknownFrom = at;
  unknownTo = pos;
  unknownHash = key;
  return 0;
}

/** Whether a text of which the shape is right is JSON for sure: ASCII without escapes. */
function isPlain(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) {
    const byte = <u32>load<u8>(at);
    if (byte - 32 > 95 || byte === 92) return false;
  }
  return true;
}

@inline
function mix(a: u64, b: u64): u64 {
  const first = (a ^ 0x9e3779b97f4a7c15) * 0xd6e8feb86659fd93;
  const both = ((first ^ (first >> 32)) + b) * 0xd6e8feb86659fd93;
  return both ^ (both >> 32);
}

/** Moves over which lines were seen how often. @returns the byte behind them; 0 = another shape */
function positionTicks(at: usize): usize {
  let pos = word(at, TICKS, 18);
  while (pos !== 0 && pos < end) {
    if ((pos = word(pos, TICK_LINE, 8)) === 0 || (pos = number(pos)) === 0) return 0;
    if ((pos = word(pos, TICK_COUNT, 9)) === 0 || (pos = number(pos)) === 0) return 0;
    if (load<u8>(pos) !== CLOSE_OBJECT) return 0;
    const next = <u32>load<u8>(pos, 1);
    pos += 2;
    if (next === CLOSE_ARRAY) return pos;
    if (next !== COMMA) return 0;
  }
  return 0;
}
