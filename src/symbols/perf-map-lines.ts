import type { JitTable } from './jit-table.ts';

const NEWLINE = 10;
const BLANK = 32;

/** Value of a byte as a hexadecimal digit; -1: it is none. */
const DIGITS = Int8Array.from({ length: 256 }, (_none, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? -1 : value;
});

/**
 * Reads lines `START SIZE NAME` (hexadecimal, `0x` allowed; the name may hold blanks) into the table, undated.
 * A last line without its end is one that the program had not finished: it is left out.
 * @returns how many whole lines are none; a name with a line break in it makes such lines
 */
export function readMapLines(bytes: Uint8Array, table: JitTable): number {
  const reader = new LineReader(bytes, 0);
  let others = 0;
  while (reader.next()) if (!reader.code(table, 0)) others++;
  return others;
}

/**
 * Reads lines `PID TIME START SIZE NAME`, the first two decimal (nanoseconds).
 * @param at where the first line begins
 * @returns how many whole lines are none
 */
export function readDatedLines(bytes: Uint8Array, at: number, tableOf: (pid: number) => JitTable): number {
  const reader = new LineReader(bytes, at);
  let others = 0;
  while (reader.next()) {
    const pid = reader.number(10);
    const time = reader.number(10);
    if (Number.isNaN(time + pid) || !reader.code(tableOf(pid), time)) others++;
  }
  return others;
}

class LineReader {
  private readonly bytes: Uint8Array;
  private at = 0;
  private end: number;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.end = start - 1;
  }

  /** Goes to the next whole line; false where there is none. */
  next(): boolean {
    this.at = this.end + 1;
    this.end = this.bytes.indexOf(NEWLINE, this.at);
    return this.end >= 0;
  }

  /** A number and the blanks behind it; NaN where there is none or it is too large to be exact. */
  number(base: 10 | 16): number {
    const { bytes, end } = this;
    let { at } = this;
    if (base === 16 && bytes[at] === 48 && ((bytes[at + 1] ?? 0) | 32) === 120) at += 2;
    const first = at;
    let value = 0;
    for (; at < end; at++) {
      const digit = DIGITS[bytes[at]!]!;
      if (digit < 0 || digit >= base) break;
      value = value * base + digit;
    }
    if (at === first || bytes[at] !== BLANK || value > Number.MAX_SAFE_INTEGER) return Number.NaN;
    while (bytes[at] === BLANK) at++;
    this.at = at;
    return value;
  }

  /** `START SIZE NAME` up to the end of the line; false where that does not stand here. */
  code(table: JitTable, date: number): boolean {
    const start = this.number(16);
    const size = this.number(16);
    if (!(start + size <= Number.MAX_SAFE_INTEGER) || this.at >= this.end) return false;
    table.add(start, size, date, this.at, this.end);
    return true;
  }
}
