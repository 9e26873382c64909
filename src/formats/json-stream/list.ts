/** A JSON array that was read, as far as its readers are concerned. Arrays are such lists; these here take less memory. */
export interface JsonList {
  readonly length: number;
  /** The element; undefined where it was not kept. */
  at(index: number): unknown;
}

/** An array whose elements were handed over, or not read. */
export class HollowList implements JsonList {
  readonly length: number;

  constructor(length: number) {
    this.length = length;
  }

  at(): undefined {
    return undefined;
  }
}

const BLOCK_BITS = 16;
const BLOCK = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK - 1;
/** How `null` is stored. */
const NULL_INTEGER = -0x80000000;

type Block = Int32Array | Float64Array;
const NO_ROOM = new Int32Array(0);

/** An array of numbers and `null`s: 4 bytes each while they are whole and small, else 8. */
export class NumberList implements JsonList {
  length = 0;
  /** Whether every element is a whole number of 32 bits. */
  isWhole = true;
  /** Whether every element is a finite number: no `null`, no 1e999. */
  isFinite = true;
  /** Whole numbers up to here, then one block of others and so on. */
  private blocks: Block[] = [];
  private block: Block = NO_ROOM;
  private used = 0;
  /** Where small whole numbers go as far as there is room, so that nobody need move them. */
  readonly storage: Int32Array | undefined;

  constructor(storage?: Int32Array) {
    this.storage = storage;
  }

  push(value: number | null): void {
    if (this.used === this.block.length) this.grow();
    if (this.block instanceof Int32Array) {
      const integer = value === null ? NULL_INTEGER : value | 0;
      if (value === null || (integer === value && integer !== NULL_INTEGER && !Object.is(value, -0))) {
        if (value === null) this.isWhole = this.isFinite = false;
        this.block[this.used++] = integer;
        this.length++;
        return;
      }
      this.widen();
    }
    const number = value ?? Number.NaN;
    if ((number | 0) !== number) this.isWhole = false;
    if (!Number.isFinite(number)) this.isFinite = false;
    this.block[this.used++] = number;
    this.length++;
  }

  at(index: number): number | null | undefined {
    if (index >= this.length) return undefined;
    const block = this.blocks[index >>> BLOCK_BITS]!;
    const value = block[index & BLOCK_MASK]!;
    if (block instanceof Int32Array) return value === NULL_INTEGER ? null : value;
    return Number.isNaN(value) ? null : value;
  }

  /** Room for small whole numbers, to be filled by the caller and told to {@link filled}. */
  integerRoom(): Int32Array | Float64Array {
    if (this.used === this.block.length) this.grow();
    return this.block.subarray(this.used);
  }

  filled(count: number): void {
    this.used += count;
    this.length += count;
  }

  /** All numbers, of which none is null, in a column of their own; the list is used up, as with {@link moveTo}. */
  column(): Int32Array | Float64Array {
    const column = this.isWhole ? new Int32Array(this.length) : new Float64Array(this.length);
    this.moveTo(column);
    return column;
  }

  /** Adds small whole numbers: none of them -2^31. */
  append(integers: Int32Array): void {
    for (let from = 0; from < integers.length; ) {
      const room = this.integerRoom();
      const part = integers.subarray(from, from + room.length);
      room.set(part);
      this.filled(part.length);
      from += part.length;
    }
  }

  /**
   * Moves the numbers to a column, as many as it has room for: the list is empty afterwards, and what it held is free
   * block by block. What is no number becomes NaN, or in a column of whole numbers something.
   */
  moveTo(column: Int32Array | Float64Array): void {
    const rows = Math.min(this.length, column.length);
    const { blocks } = this;
    this.blocks = [];
    this.block = NO_ROOM;
    this.used = this.length = 0;
    for (let k = 0; k << BLOCK_BITS < rows; k++) {
      const start = k << BLOCK_BITS;
      const block = blocks[k]!;
      if (block.buffer === column.buffer) continue;
      column.set(rows - start < block.length ? block.subarray(0, rows - start) : block, start);
      blocks[k] = NO_ROOM;
    }
  }

  private grow(): void {
    const { storage } = this;
    if (storage && this.length < storage.length) {
      this.block = storage.subarray(this.length, this.length + BLOCK);
      this.blocks.push(this.block);
      this.used = 0;
      return;
    }
    if (this.block.length < BLOCK) {
      const larger = new Int32Array(Math.min(BLOCK, Math.max(64, this.block.length * 4)));
      const grown = this.block instanceof Int32Array ? larger : new Float64Array(larger.length);
      grown.set(this.block);
      this.blocks[Math.max(0, this.blocks.length - 1)] = grown;
      this.block = grown;
      return;
    }
    this.block = this.block instanceof Int32Array ? new Int32Array(BLOCK) : new Float64Array(BLOCK);
    this.blocks.push(this.block);
    this.used = 0;
  }

  /** The block at hand holds other numbers from here on. */
  private widen(): void {
    const wide = Float64Array.from(this.block, (value) => (value === NULL_INTEGER ? Number.NaN : value));
    this.block = wide;
    this.blocks[this.blocks.length - 1] = wide;
  }
}

/** An array of arrays of numbers and `null`s. */
export class RowList implements JsonList {
  private readonly numbers = new NumberList();
  private readonly ends = new NumberList();

  get length(): number {
    return this.ends.length;
  }

  push(row: readonly (number | null)[]): void {
    for (let i = 0; i < row.length; i++) this.numbers.push(row[i]!);
    this.ends.push(this.numbers.length);
  }

  at(index: number): readonly (number | null)[] | undefined {
    if (index >= this.length) return undefined;
    const row: (number | null)[] = [];
    const end = this.ends.at(index)!;
    for (let i = index === 0 ? 0 : this.ends.at(index - 1)!; i < end; i++) row.push(this.numbers.at(i)!);
    return row;
  }
}

export function isList(value: unknown): value is JsonList {
  return Array.isArray(value) || value instanceof NumberList || value instanceof RowList || value instanceof HollowList;
}
