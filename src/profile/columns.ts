import type { WeightColumn } from './profile.ts';

/**
 * Growable typed-array columns and a hash table over them. The table stores row numbers only: the key is the row
 * itself, so each distinct frame or stack exists exactly once (samply's columnar interner).
 */

const SMALLEST = 64;
/** From how many rows on a column is long. */
const LONG = 1 << 20;
const MOST_BYTE = 0xff;
const MOST_INT32 = 0x7fffffff;

/** An Int32 column that grows when it is full. */
export class Int32Column {
  private data: Int32Array;
  length = 0;

  /** @param expected rows for which it need not grow */
  constructor(expected = 0) {
    this.data = new Int32Array(Math.max(SMALLEST, expected));
  }

  push(value: number): void {
    if (this.length === this.data.length) this.data = grown(this.data, this.length, (rows) => new Int32Array(rows));
    this.data[this.length++] = value;
  }

  pushAll(values: Int32Array): void {
    const length = this.length + values.length;
    while (length > this.data.length) {
      const { data } = this;
      this.data = grown(data, data.length, (rows) => new Int32Array(rows));
    }
    this.data.set(values, this.length);
    this.length = length;
  }

  at(row: number): number {
    return this.data[row]!;
  }

  /** Makes it as long as `length`, which is not below its own, by rows of `value`. */
  padTo(length: number, value: number): void {
    while (this.length < length) this.push(value);
  }

  /** The rows so far. They are not copied: what is pushed later stands behind them, but a change would be seen here. */
  toArray(): Int32Array {
    return this.data.subarray(0, this.length);
  }
}

/** A Float64 column that grows when it is full. */
export class Float64Column {
  private data = new Float64Array(SMALLEST);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) this.data = grown(this.data, this.length, (rows) => new Float64Array(rows));
    this.data[this.length++] = value;
  }

  /** Adds to a row that is there. */
  add(row: number, value: number): void {
    this.data[row]! += value;
  }

  at(row: number): number {
    return this.data[row]!;
  }

  /** Makes it as long as `length`, which is not below its own, by rows of `value`. */
  padTo(length: number, value: number): void {
    while (this.length < length) this.push(value);
  }

  /** The rows so far, as in {@link Int32Column.toArray}. */
  toArray(): Float64Array {
    return this.data.subarray(0, this.length);
  }
}

/** A column of bytes that becomes a wider one with the first number that does not fit. */
export class NarrowColumn {
  private data: WeightColumn = new Uint8Array(SMALLEST);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) this.data = this.larger();
    this.data[this.length] = value;
    // What comes back is not what went in: a fraction, too big, below 0, or -0
    while (!Object.is(this.data[this.length], value) && !(this.data instanceof Float64Array)) {
      this.data = wider(this.data, this.length);
      this.data[this.length] = value;
    }
    this.length++;
  }

  /** The rows so far, as in {@link Int32Column.toArray}. */
  toArray(): WeightColumn {
    return this.data.subarray(0, this.length);
  }

  private larger(): WeightColumn {
    const { data, length } = this;
    if (data instanceof Uint8Array) return grown(data, length, (rows) => new Uint8Array(rows));
    if (data instanceof Int32Array) return grown(data, length, (rows) => new Int32Array(rows));
    return grown(data, length, (rows) => new Float64Array(rows));
  }
}

function wider(data: Uint8Array | Int32Array, length: number): WeightColumn {
  const wide = data instanceof Uint8Array ? new Int32Array(data.length) : new Float64Array(data.length);
  wide.set(data.subarray(0, length));
  return wide;
}

/**
 * A column in which numbers up to `greatest` have room, which are whole and not below 0.
 * @param column as wide as those before needed
 * @param filled so many rows are kept
 */
export function wideEnough(column: WeightColumn, greatest: number, filled = column.length): WeightColumn {
  const width = greatest > MOST_INT32 ? 8 : greatest > MOST_BYTE ? 4 : 1;
  let wide = column;
  while (wide.BYTES_PER_ELEMENT < width && !(wide instanceof Float64Array)) wide = wider(wide, filled);
  return wide;
}

/** A column of whole numbers, none below 0, no wider than they need. */
export function narrowed(column: Float64Array): WeightColumn {
  let greatest = 0;
  for (let row = 0; row < column.length; row++) greatest = Math.max(greatest, column[row]!);
  const narrow = wideEnough(new Uint8Array(column.length), greatest, 0);
  if (narrow instanceof Float64Array) return column;
  narrow.set(column);
  return narrow;
}

/**
 * The rows in a larger array. Memory that nobody has written to yet takes no place, so a long column grows once and by
 * much: the old copy is a small part of it then.
 * @param make throws a RangeError where the system does not promise so much
 */
function grown<Column extends WeightColumn>(data: Column, length: number, make: (rows: number) => Column): Column {
  const step = data.length < LONG ? 2 : 64;
  let column: Column;
  try {
    column = make(data.length * step);
  } catch (error) {
    if (!(error instanceof RangeError) || step === 2) throw error;
    column = make(Math.ceil(data.length * 1.5));
  }
  column.set(length < data.length ? data.subarray(0, length) : data);
  return column;
}

/** Mixes one more integer into a running hash (the finalizer step of MurmurHash3, 32 bit). */
function mixHash(hash: number, value: number): number {
  let mixed = Math.imul(hash ^ value, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * Interns rows of Int32 columns: `intern([a, b])` gives the index of the row that holds a, b, adding it when it is new.
 * Open addressing with linear probing; at most half full.
 */
export class RowInterner {
  readonly columns: readonly Int32Column[];
  /** Of each row, so that nothing of it is looked at again when the table grows. */
  private readonly hashes = new Int32Column();
  private slots = new Int32Array(256).fill(-1);

  constructor(width: number) {
    this.columns = Array.from({ length: width }, () => new Int32Column());
  }

  get length(): number {
    return this.columns[0]!.length;
  }

  /** @param row as many integers as the interner is wide */
  intern(row: readonly number[]): number {
    const mask = this.slots.length - 1;
    const hash = this.hash(row);
    let slot = hash & mask;
    for (;;) {
      const found = this.slots[slot]!;
      if (found < 0) break;
      if (this.hashes.at(found) === hash && this.equals(found, row)) return found;
      slot = (slot + 1) & mask;
    }
    const index = this.length;
    for (let i = 0; i < this.columns.length; i++) this.columns[i]!.push(row[i]!);
    this.hashes.push(hash);
    this.slots[slot] = index;
    if (this.length * 2 > this.slots.length) this.grow();
    return index;
  }

  private hash(row: readonly number[]): number {
    let hash = 0x9747b28c;
    for (let i = 0; i < row.length; i++) hash = mixHash(hash, row[i]!);
    return hash;
  }

  private equals(index: number, row: readonly number[]): boolean {
    for (let i = 0; i < row.length; i++) if (this.columns[i]!.at(index) !== row[i]) return false;
    return true;
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let index = 0; index < this.length; index++) {
      let slot = this.hashes.at(index) & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
    this.slots = slots;
  }
}

/** Interns pairs of integers: the prefix tree of stacks, on the hottest path of every reader, without a row array. */
export class PairInterner {
  readonly first: Int32Column;
  readonly second: Int32Column;
  private slots: Int32Array;

  /** @param expected rows for which the table need not grow */
  constructor(expected = 0) {
    this.first = new Int32Column(expected);
    this.second = new Int32Column(expected);
    let slots = 1024;
    while (slots < expected * 2) slots *= 2;
    this.slots = new Int32Array(slots).fill(-1);
  }

  get length(): number {
    return this.first.length;
  }

  intern(a: number, b: number): number {
    const mask = this.slots.length - 1;
    let slot = mixHash(mixHash(0, a), b) & mask;
    for (;;) {
      const found = this.slots[slot]!;
      if (found < 0) break;
      if (this.first.at(found) === a && this.second.at(found) === b) return found;
      slot = (slot + 1) & mask;
    }
    const index = this.length;
    this.first.push(a);
    this.second.push(b);
    this.slots[slot] = index;
    if (this.length * 2 > this.slots.length) this.grow();
    return index;
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let index = 0; index < this.length; index++) {
      let slot = mixHash(mixHash(0, this.first.at(index)), this.second.at(index)) & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
    this.slots = slots;
  }
}
