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

/** An array of numbers and `null`s: 4 bytes each while they are whole and small, else 8. */
export class NumberList implements JsonList {
  length = 0;
  /** Whole numbers up to here, then one block of others and so on. */
  private readonly blocks: (Int32Array | Float64Array)[] = [];
  private block: Int32Array | Float64Array = new Int32Array(0);
  private used = 0;

  push(value: number | null): void {
    if (this.used === this.block.length) this.grow();
    if (this.block instanceof Int32Array) {
      const integer = value === null ? NULL_INTEGER : value | 0;
      if (value === null || (integer === value && integer !== NULL_INTEGER && !Object.is(value, -0))) {
        this.block[this.used++] = integer;
        this.length++;
        return;
      }
      this.widen();
    }
    this.block[this.used++] = value ?? Number.NaN;
    this.length++;
  }

  at(index: number): number | null | undefined {
    if (index >= this.length) return undefined;
    const block = this.blocks[index >>> BLOCK_BITS]!;
    const value = block[index & BLOCK_MASK]!;
    if (block instanceof Int32Array) return value === NULL_INTEGER ? null : value;
    return Number.isNaN(value) ? null : value;
  }

  /** Room for whole numbers, to be filled by the caller and told to {@link filled}; empty where there is none. */
  integerRoom(): Int32Array {
    if (this.used === this.block.length) this.grow();
    return this.block instanceof Int32Array ? this.block.subarray(this.used) : NO_ROOM;
  }

  filled(count: number): void {
    this.used += count;
    this.length += count;
  }

  /**
   * Copies numbers to `target`, as many as it has room for.
   * @returns the first row that holds no such number, else -1
   */
  copyIntegers(target: Int32Array): number {
    let row = 0;
    for (const block of this.blocks) {
      const rows = Math.min(block.length, this.length - row, target.length - row);
      for (let i = 0; i < rows; i++) {
        const value = block[i]!;
        if ((value | 0) !== value || (value === NULL_INTEGER && this.at(row + i) === null)) return row + i;
        target[row + i] = value;
      }
      row += rows;
    }
    return -1;
  }

  /**
   * Copies numbers to `target`, as many as it has room for.
   * @returns the first row that holds no finite number, else -1
   */
  copyNumbers(target: Float64Array): number {
    let row = 0;
    for (const block of this.blocks) {
      const rows = Math.min(block.length, this.length - row, target.length - row);
      const narrow = block instanceof Int32Array;
      for (let i = 0; i < rows; i++) {
        const value = block[i]!;
        if (narrow ? value === NULL_INTEGER : !Number.isFinite(value)) return row + i;
        target[row + i] = value;
      }
      row += rows;
    }
    return -1;
  }

  private grow(): void {
    if (this.block.length < BLOCK) {
      const larger = new Int32Array(Math.max(64, this.block.length * 4));
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

const NO_ROOM = new Int32Array(0);

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
