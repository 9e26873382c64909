/** Integers that are reserved at least once some were not enough: memory that is not touched costs nothing. */
const MUCH = 1 << 22;
/** Of this many sequences {@link SequenceInterner.add} looks up each; by them it decides about the others. */
const LOOKED_UP = 1 << 14;

/**
 * Interns sequences of integers: whole stacks, as the frames from the root on. One lookup a stack, however deep it is,
 * where a prefix tree takes one a frame; `stackTree` makes the tree of them in the end. Open addressing, at most half
 * full.
 */
export class SequenceInterner {
  private items: Int32Array;
  private itemsEnd = 0;
  /** Where each sequence starts, and at last the end. */
  private start: Int32Array;
  /** Pairs of a hash and the number of a sequence + 1, 0 = free. */
  private slots = new Int32Array(2048);
  private count = 0;
  /** How many of them the slots know. */
  private indexed = 0;
  /** Calls of `add`. */
  private added = 0;
  /** Hashes of some of the sequences that `add` has appended, while it does not look up. */
  private sampled: Set<number> | undefined;
  private sampledAgain = 0;

  /**
   * @param sequences for which memory is reserved
   * @param items integers in all of them, for which memory is reserved
   */
  constructor(sequences = 0, items = 0) {
    this.items = new Int32Array(Math.max(1024, items));
    this.start = new Int32Array(Math.max(1024, sequences) + 1);
  }

  /**
   * @param from holds the sequence in its first `length` numbers, all 0 or more
   * @returns its number, the same for the same sequence
   * @throws {RangeError} no memory is left
   */
  intern(from: Int32Array, length: number): number {
    if (this.indexed < this.count) this.index();
    const hash = hashOf(from, 0, length);
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (hash * 2) & mask;
    for (;;) {
      const found = slots[slot + 1]! - 1;
      if (found < 0) break;
      if (slots[slot] === hash && this.equals(found, from, length)) return found;
      slot = (slot + 2) & mask;
    }
    const sequence = this.append(from, length);
    slots[slot] = hash;
    slots[slot + 1] = ++this.indexed;
    if (this.indexed * 4 > slots.length) this.index();
    return sequence;
  }

  /**
   * {@link intern} where sequences recur, {@link append} where nearly all are new: then a lookup each, all over memory,
   * costs more than to hold some twice. Goes by the first ones, later by one of 64, whose copies become known.
   * @returns its number; equal sequences may have several
   */
  add(from: Int32Array, length: number): number {
    if (this.added < LOOKED_UP) {
      this.added++;
      const sequence = this.intern(from, length);
      if (this.added === LOOKED_UP && this.count > LOOKED_UP * 0.75) this.sampled = new Set();
      return sequence;
    }
    const { sampled } = this;
    if (sampled === undefined) return this.intern(from, length);
    if (isChosen(from, length)) {
      const hash = hashOf(from, 0, length);
      if (sampled.has(hash)) this.sampledAgain++;
      sampled.add(hash);
      if (this.sampledAgain > 64 + sampled.size / 3) this.sampled = undefined;
    }
    return this.append(from, length);
  }

  /** Adds a sequence that is new; it is not looked up. Where it is not new after all, it is held twice. */
  append(from: Int32Array, length: number): number {
    const end = this.itemsEnd;
    if (end + length > this.items.length) {
      const grown = new Int32Array(Math.max(this.items.length * 4, MUCH, end + length));
      grown.set(this.items);
      this.items = grown;
    }
    const { items } = this;
    for (let i = 0; i < length; i++) items[end + i] = from[i]!;
    this.itemsEnd = end + length;
    const sequence = this.count++;
    if (this.count === this.start.length) {
      const grown = new Int32Array(this.count * 2);
      grown.set(this.start);
      this.start = grown;
    }
    this.start[this.count] = this.itemsEnd;
    return sequence;
  }

  /** One sequence; a view, valid until the next is added. */
  at(sequence: number): Int32Array {
    return this.items.subarray(this.start[sequence]!, this.start[sequence + 1]!);
  }

  /** All of them one behind the other: no copy, so that this interner is used up. */
  take(): { items: Int32Array; start: Int32Array } {
    this.slots = new Int32Array(0);
    return { items: this.items.subarray(0, this.itemsEnd), start: this.start.subarray(0, this.count + 1) };
  }

  private equals(sequence: number, from: Int32Array, length: number): boolean {
    const start = this.start[sequence]!;
    if (this.start[sequence + 1]! - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.items[start + i] !== from[i]) return false;
    return true;
  }

  /** Fills a table that is a quarter full at most. */
  private index(): void {
    const old = this.slots;
    let size = old.length;
    while (size < this.count * 8) size *= 2;
    const slots = new Int32Array(size);
    const mask = size - 1;
    const put = (hash: number, value: number): void => {
      let slot = (hash * 2) & mask;
      while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
      slots[slot] = hash;
      slots[slot + 1] = value;
    };
    for (let from = 0; from < old.length; from += 2) if (old[from + 1] !== 0) put(old[from]!, old[from + 1]!);
    for (let row = this.indexed; row < this.count; row++) {
      put(hashOf(this.items, this.start[row]!, this.start[row + 1]!), row + 1);
    }
    this.indexed = this.count;
    this.slots = slots;
  }
}

/** Whether a sequence is among some one of 64: by few of its numbers, and so that its copies are too. */
function isChosen(from: Int32Array, length: number): boolean {
  if (length === 0) return false;
  const mixed = from[length - 1]! ^ (from[length >> 1]! << 7) ^ (from[length >> 2]! << 14) ^ length;
  return Math.imul(mixed, 0x9e3779b1) >>> 26 === 0;
}

function hashOf(items: Int32Array, from: number, to: number): number {
  let hash = to - from;
  for (let i = from; i < to; i++) {
    hash = Math.imul(hash ^ items[i]!, 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return hash;
}
