/**
 * Labels of plain symbols (plain-names.ts): the caller never sees these one by one. In the end all labels, also the
 * caller's, get their places in the order of texts.
 */
import { alloc, copyBytes, i32At, setI32, setU8, u8At } from './memory.ts';
import { isAnonymous, nameEnd, nameFlags, nameGap, nameGapEnd, nameStart, readName } from './plain-names.ts';
import { commonLength, sortSequences } from './sequences.ts';

/** Labels are kept in pieces. */
const PIECE: i32 = 65536;
/** `(anonymous)` */
const ANONYMOUS: i32 = 11;

let piece: i32 = 0;
let used: i32 = 0;
let symbols: i32 = 0;
let plain: i32 = 0;
let room: i32 = 0;
/** Of each plain symbol: its module and flags, the address of its label, that one's length. */
let rows: i32 = 0;
let wanted: bool = false;

let rank: i32 = 0;
let starts: i32 = 0;
let texts: i32 = 0;
/** Of each place where its text lies and how long it is, as the label was given. */
let given: i32 = 0;
let places: i32 = 0;

/** @param keep whether plain labels are kept here, instead of asking the caller about every symbol */
export function startLabels(keep: bool): void {
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

/** How many plain symbols there are, and (12 bytes each, in the order of their numbers) their rows. */
export function plainCount(): i32 {
  return plain;
}

export function plainRows(): i32 {
  return rows;
}

/** Whether a name is plain; then `keepLabel` may keep it. */
export function isPlain(from: i32, to: i32): bool {
  return wanted && readName(from, to);
}

/** Keeps the label of the name that was read last. @returns false where there is no memory left */
export function keepLabel(module: i32): bool {
  if (plain === room && !growRows()) return false;
  const before = nameGap() < nameEnd() ? nameGap() : nameEnd();
  const length =
    (isAnonymous() ? ANONYMOUS : 0) + before - nameStart() + nameEnd() - (before < nameEnd() ? nameGapEnd() : before);
  if (used + length > PIECE) {
    piece = alloc(PIECE);
    if (piece === 0) return false;
    used = 0;
  }
  const row = rows + plain * 12;
  setI32(row, module | nameFlags());
  setI32(row + 4, piece + used);
  setI32(row + 8, length);
  plain++;
  if (isAnonymous()) putAnonymous();
  put(nameStart(), before);
  if (before < nameEnd()) put(nameGapEnd(), nameEnd());
  return true;
}

function growRows(): bool {
  const more = room === 0 ? 1024 : room * 2;
  const grown = alloc(more * 12);
  if (grown === 0) return false;
  copyBytes(grown, rows, plain * 12);
  rows = grown;
  room = more;
  return true;
}

function put(from: i32, to: i32): void {
  copyBytes(piece + used, from, to - from);
  used += to - from;
}

function putByte(byte: i32): void {
  setU8(piece + used, byte);
  used++;
}

function putAnonymous(): void {
  putByte(40);
  putByte(97);
  putByte(110);
  putByte(111);
  putByte(110);
  putByte(121);
  putByte(109);
  putByte(111);
  putByte(117);
  putByte(115);
  putByte(41);
}

/**
 * Sorts all labels by code units; equal ones get one place.
 * @param bytes the caller's labels in UTF-8, one behind the other
 * @param ends where each of them ends
 * @returns of each label of the caller, then of each plain one its place; 0 where there is no memory left
 */
export function rankLabels(bytes: i32, ends: i32, count: i32): i32 {
  const all = count + plain;
  const address = alloc(all * 8 + 8);
  const start = alloc(all * 4 + 4);
  rank = alloc(all * 4 + 4);
  if (rank === 0) return 0;
  let from = 0;
  for (let i = 0; i < all; i++) {
    const own = i < count;
    const row = rows + (i - count) * 12;
    const length = own ? i32At(ends + i * 4) - from : i32At(row + 8);
    setI32(address + i * 8, own ? bytes + from : i32At(row + 4));
    setI32(address + i * 8 + 4, length);
    setI32(start + i * 4 + 4, i32At(start + i * 4) + (((length + 2) / 3) | 0));
    if (own) from = i32At(ends + i * 4);
  }
  const words = alloc(i32At(start + all * 4) * 4 + 4);
  if (words === 0) return 0;
  for (let i = 0; i < all; i++) {
    pack(i32At(address + i * 8), i32At(address + i * 8 + 4), words + i32At(start + i * 4) * 4);
  }
  const order = sortSequences(words, start, all);
  return order === 0 || !place(address, words, start, order, all) ? 0 : rank;
}

/** Three bytes a number, in their order; none is 0, so that what is shorter comes first. */
function pack(from: i32, length: i32, to: i32): void {
  for (let i = 0; i < length; i += 3) {
    let word = 0;
    for (let k = 0; k < 3; k++) word = (word << 9) | (i + k < length ? codeUnitOrder(u8At(from + i + k)) + 1 : 0);
    setI32(to, word);
    to += 4;
  }
}

/** UTF-8 sorts by code points, UTF-16 by halves of pairs: U+E000 to U+FFFF stand behind all that needs a pair. */
function codeUnitOrder(byte: i32): i32 {
  return byte === 0xee || byte === 0xef ? byte + 0x10 : byte;
}

/** Gives the labels their places, and puts their texts in this order: as folded text has them, without `;`, tab, line end. */
function place(address: i32, words: i32, start: i32, order: i32, all: i32): bool {
  let length = 0;
  for (let i = 0; i < all; i++) length += i32At(address + i * 8 + 4);
  starts = alloc(all * 4 + 8);
  texts = alloc(length + 8);
  given = alloc(all * 8 + 8);
  if (given === 0) return false;
  places = 0;
  let to = 0;
  for (let i = 0; i < all; i++) {
    const label = i32At(order + i * 4);
    if (i === 0 || !isEqual(words, start, i32At(order + i * 4 - 4), label)) {
      const from = i32At(address + label * 8);
      const end = from + i32At(address + label * 8 + 4);
      for (let at = from; at < end; at++) {
        const c = u8At(at);
        setU8(texts + to, c === 59 ? 58 : c === 9 || c === 10 || c === 13 ? 32 : c);
        to++;
      }
      setI32(given + places * 8, from);
      setI32(given + places * 8 + 4, end - from);
      places++;
      setI32(starts + places * 4, to);
    }
    setI32(rank + label * 4, places - 1);
  }
  return true;
}

function isEqual(words: i32, start: i32, a: i32, b: i32): bool {
  const size = i32At(start + a * 4 + 4) - i32At(start + a * 4);
  return i32At(start + b * 4 + 4) - i32At(start + b * 4) === size && commonLength(words, start, a, b) === size;
}

/** Where the text of each label starts, by place, and at last the end. */
export function labelStarts(): i32 {
  return starts;
}

export function labelTexts(): i32 {
  return texts;
}

/** How many different labels there are; where the text of each place starts and, behind that, its length (8 bytes). */
export function labelPlaces(): i32 {
  return places;
}

export function givenLabels(): i32 {
  return given;
}
