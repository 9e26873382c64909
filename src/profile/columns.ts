/**
 * Growable typed-array columns and a hash table over them. The table stores row numbers only: the key is the row
 * itself, so each distinct frame or stack exists exactly once (samply's columnar interner).
 */

/** An Int32 column that doubles when it is full. */
export class Int32Column {
  private data = new Int32Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) {
      const grown = new Int32Array(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length++] = value;
  }

  at(row: number): number {
    return this.data[row]!;
  }

  /** The rows so far, copied to their exact length. */
  toArray(): Int32Array {
    return this.data.slice(0, this.length);
  }
}

/** A Float64 column that doubles when it is full. */
export class Float64Column {
  private data = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) {
      const grown = new Float64Array(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length++] = value;
  }

  at(row: number): number {
    return this.data[row]!;
  }

  toArray(): Float64Array {
    return this.data.slice(0, this.length);
  }
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
    let slot = this.hash(row) & mask;
    for (;;) {
      const found = this.slots[slot]!;
      if (found < 0) break;
      if (this.equals(found, row)) return found;
      slot = (slot + 1) & mask;
    }
    const index = this.length;
    for (let i = 0; i < this.columns.length; i++) this.columns[i]!.push(row[i]!);
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
    const row = new Array<number>(this.columns.length);
    for (let index = 0; index < this.length; index++) {
      for (let i = 0; i < row.length; i++) row[i] = this.columns[i]!.at(index);
      let slot = this.hash(row) & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
    this.slots = slots;
  }
}

/** Interns pairs of integers: the prefix tree of stacks, on the hottest path of every reader, without a row array. */
export class PairInterner {
  readonly first = new Int32Column();
  readonly second = new Int32Column();
  private slots: Int32Array;

  /** @param expected rows for which the table need not grow */
  constructor(expected = 0) {
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
