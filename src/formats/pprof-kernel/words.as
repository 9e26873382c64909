// Frames as rows of words. Those of the file differ in function, binary or place; in words some may be the same.
import { alloc } from './memory';
import {
  addressOf,
  columnOf,
  fileOf,
  framesFound,
  isAddress,
  isInlined,
  lineOf,
  mappingIn,
  nameOf,
  systemNameOf,
} from './frames';
import { firstOf, lengthOf, plain, textCount } from './texts';

/** Columns of {@link framesFound} numbers each: name, file, line, column, binary, whether it was inlined. */
const COLUMNS: i32 = 6;
let rows: usize = 0;
let rowCount: i32 = 0;
let room: i32 = 0;
/** Of each frame its row. */
let rowOf: usize = 0;
/** Rows + 1, by a hash of what is in them. */
let slots: usize = 0;
let slotMask: u32 = 0;
/** Of each text, and of each address behind them, its string + 1; 0 = none. String 0 is empty. */
let stringOf: usize = 0;
/** Of each string its text, or {@link textCount} and which address it is. */
let strings: usize = 0;
let stringCount: i32 = 1;
/** The distinct addresses, and by their hash which one it is, + 1. */
let addresses: usize = 0;
let addressCount: i32 = 0;
let addressSlots: usize = 0;

/** Texts of mappings. */
let modules: usize = 0;
/** The next frame. */
let next: i32 = 0;
/** Frames at a time. */
const MOST_FRAMES: i32 = 1 << 12;

/**
 * Takes memory for frames in words.
 * @param modulesAt the text of each mapping
 * @returns whether there is as much
 */
export function expectRows(modulesAt: usize): bool {
  modules = modulesAt;
  room = framesFound();
  let size: u32 = 1024;
  while (size < <u32>room * 2) size *= 2;
  slotMask = size - 1;
  rows = alloc(<u64>room * COLUMNS * 4 + 4);
  rowOf = alloc(<u64>room * 4 + 4);
  slots = alloc(<u64>size * 4);
  stringOf = alloc((<u64>textCount + <u64>room) * 4 + 4);
  strings = alloc((<u64>textCount + <u64>room + 1) * 4);
  addresses = alloc(<u64>room * 8 + 8);
  addressSlots = alloc(<u64>size * 4);
  return !!rows && !!rowOf && !!slots && !!stringOf && !!strings && !!addresses && !!addressSlots;
}

/** Puts the next frames into words. @returns how many; -1 = a text is not plain */
export function frameRows(): i32 {
  const first = next;
  const last = min(room, first + MOST_FRAMES);
  for (; next < last; next++) {
    const address = isAddress(next);
    const mapping = mappingIn(next);
    const module = mapping < 0 ? 0 : firstOf(load<i32>(modules + (<usize>mapping << 2)));
    let name: i32;
    if (address) name = textCount + addressText(addressOf(next));
    else name = firstOf(lengthOf(nameOf(next)) > 0 ? nameOf(next) : systemNameOf(next));
    const file = address ? 0 : firstOf(fileOf(next));
    const column = address ? 0 : columnOf(next);
    store<i32>(rowOf + (<usize>next << 2), rowIn(name, file, lineOf(next), column, module, isInlined(next)));
  }
  return plain ? next - first : -1;
}

export function rowsFound(): i32 {
  return rowCount;
}

/** The row of these words, whose strings are numbered as they first occur. */
function rowIn(name: i32, file: i32, line: i32, column: i32, module: i32, inlined: i32): i32 {
  const nameString = stringIn(name);
  const fileString = stringIn(file);
  const moduleString = stringIn(module);
  let hash = <u32>nameString * 0x9e3779b1 + <u32>line;
  hash = (hash ^ (hash >> 15)) * 0x85ebca6b + <u32>fileString;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35 + <u32>column;
  hash = (hash ^ (hash >> 16)) * 0x27d4eb2f + <u32>(moduleString * 2 + inlined);
  hash ^= hash >> 15;
  let slot = hash & slotMask;
  for (;;) {
    const found = load<i32>(slots + (<usize>slot << 2)) - 1;
    if (found < 0) break;
    if (
      wordOf(found, 0) === nameString &&
      wordOf(found, 1) === fileString &&
      wordOf(found, 2) === line &&
      wordOf(found, 3) === column &&
      wordOf(found, 4) === moduleString &&
      wordOf(found, 5) === inlined
    ) {
      return found;
    }
    slot = (slot + 1) & slotMask;
  }
  store<i32>(slots + (<usize>slot << 2), rowCount + 1);
  setWord(0, nameString);
  setWord(1, fileString);
  setWord(2, line);
  setWord(3, column);
  setWord(4, moduleString);
  setWord(5, inlined);
  return rowCount++;
}

// @ts-ignore: decorator
@inline function wordOf(row: i32, column: i32): i32 {
  return load<i32>(rows + (<usize>(column * room + row) << 2));
}

// @ts-ignore: decorator
@inline function setWord(column: i32, word: i32): void {
  store<i32>(rows + (<usize>(column * room + rowCount) << 2), word);
}

function stringIn(text: i32): i32 {
  if (text === 0) return 0;
  const place = stringOf + (<usize>text << 2);
  const known = load<i32>(place);
  if (known > 0) return known - 1;
  store<i32>(strings + (<usize>stringCount << 2), text);
  store<i32>(place, stringCount + 1);
  return stringCount++;
}

/** Which of the distinct addresses it is. */
function addressText(address: u64): i32 {
  let slot = <u32>((address * 0x9e3779b97f4a7c15) >> 32) & slotMask;
  for (;;) {
    const found = load<i32>(addressSlots + (<usize>slot << 2)) - 1;
    if (found < 0) break;
    if (load<u64>(addresses + (<usize>found << 3)) === address) return found;
    slot = (slot + 1) & slotMask;
  }
  store<u64>(addresses + (<usize>addressCount << 3), address);
  store<i32>(addressSlots + (<usize>slot << 2), addressCount + 1);
  return addressCount++;
}

/** Where the first column of rows stands; the others follow, as long as there are frames. */
export function rowsAt(): i32 {
  return <i32>rows;
}

export function rowOfFramesAt(): i32 {
  return <i32>rowOf;
}

export function stringsFound(): i32 {
  return stringCount;
}

export function stringsAt(): i32 {
  return <i32>strings;
}

/** 64 bits each. */
export function addressesAt(): i32 {
  return <i32>addresses;
}
