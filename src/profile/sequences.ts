import { Int32Column } from './columns.ts';

/** Integers that are reserved at least once some were not enough: memory that is not touched costs nothing. */
const MUCH = 1 << 22;

/**
 * Interns sequences of integers: whole stacks, as the frames from the root on. One lookup a stack, however deep it is,
 * where a prefix tree takes one a frame; `stackTree` makes the tree of them in the end. Open addressing, at most half
 * full.
 */
export class SequenceInterner {
  private items = new Int32Array(1024);
  private itemsEnd = 0;
  /** Where each sequence starts, and at last the end. */
  private readonly start = new Int32Column();
  /** Pairs of a hash and the number of a sequence + 1, 0 = free. */
  private slots: Int32Array;
  private count = 0;

  /** @param expected sequences for which the table need not grow */
  constructor(expected = 0) {
    let slots = 2048;
    while (slots < expected * 4) slots *= 2;
    this.slots = new Int32Array(slots);
    this.start.push(0);
  }

  /**
   * @param from holds the sequence in its first `length` numbers, all 0 or more
   * @returns its number, the same for the same sequence
   * @throws {RangeError} no memory is left
   */
  intern(from: Int32Array, length: number): number {
    let hash = length;
    for (let i = 0; i < length; i++) {
      hash = Math.imul(hash ^ from[i]!, 0x5bd1e995);
      hash ^= hash >>> 15;
    }
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (hash * 2) & mask;
    for (;;) {
      const found = slots[slot + 1]! - 1;
      if (found < 0) break;
      if (slots[slot] === hash && this.equals(found, from, length)) return found;
      slot = (slot + 2) & mask;
    }
    const end = this.itemsEnd;
    if (end + length > this.items.length) {
      const grown = new Int32Array(Math.max(this.items.length * 4, MUCH, end + length));
      grown.set(this.items);
      this.items = grown;
    }
    const { items } = this;
    for (let i = 0; i < length; i++) items[end + i] = from[i]!;
    this.itemsEnd = end + length;
    this.start.push(this.itemsEnd);
    slots[slot] = hash;
    slots[slot + 1] = ++this.count;
    if (this.count * 4 > slots.length) this.grow();
    return this.count - 1;
  }

  /** One sequence; a view, valid until the next is added. */
  at(sequence: number): Int32Array {
    return this.items.subarray(this.start.at(sequence), this.start.at(sequence + 1));
  }

  /** All of them one behind the other: no copy, so that this interner is used up. */
  take(): { items: Int32Array; start: Int32Array } {
    this.slots = new Int32Array(0);
    return { items: this.items.subarray(0, this.itemsEnd), start: this.start.toArray() };
  }

  private equals(sequence: number, from: Int32Array, length: number): boolean {
    const start = this.start.at(sequence);
    if (this.start.at(sequence + 1) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.items[start + i] !== from[i]) return false;
    return true;
  }

  private grow(): void {
    const { slots } = this;
    const grown = new Int32Array(slots.length * 2);
    const mask = grown.length - 1;
    for (let from = 0; from < slots.length; from += 2) {
      if (slots[from + 1] === 0) continue;
      let slot = (slots[from]! * 2) & mask;
      while (grown[slot + 1] !== 0) slot = (slot + 2) & mask;
      grown[slot] = slots[from]!;
      grown[slot + 1] = slots[from + 1]!;
    }
    this.slots = grown;
  }
}
