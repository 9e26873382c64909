const EMPTY = 0xffffffff;
const START = 1 << 10;

/** Numbers pairs of numbers from 0 on, each pair once: what tells a walk through a trie, or a row of several numbers. */
export class PairTable {
  length = 0;
  private firsts = new Uint32Array(START / 2);
  private seconds = new Uint32Array(START / 2);
  private slots = new Uint32Array(START).fill(EMPTY);

  /** @param first @param second below 2^32 */
  intern(first: number, second: number): number {
    const mask = this.slots.length - 1;
    let at = hash(first, second) & mask;
    for (let row = this.slots[at]!; row !== EMPTY; row = this.slots[at]!) {
      if (this.firsts[row] === first && this.seconds[row] === second) return row;
      at = (at + 1) & mask;
    }
    const row = this.length++;
    this.slots[at] = row;
    this.firsts[row] = first;
    this.seconds[row] = second;
    if (this.length === this.firsts.length) this.grow();
    return row;
  }

  first(row: number): number {
    return this.firsts[row]!;
  }

  second(row: number): number {
    return this.seconds[row]!;
  }

  private grow(): void {
    const { firsts, seconds, length } = this;
    this.firsts = new Uint32Array(length * 2);
    this.firsts.set(firsts);
    this.seconds = new Uint32Array(length * 2);
    this.seconds.set(seconds);
    this.slots = new Uint32Array(length * 4).fill(EMPTY);
    const mask = this.slots.length - 1;
    for (let row = 0; row < length; row++) {
      let at = hash(firsts[row]!, seconds[row]!) & mask;
      while (this.slots[at] !== EMPTY) at = (at + 1) & mask;
      this.slots[at] = row;
    }
  }
}

function hash(first: number, second: number): number {
  let value = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0xc2b2ae35);
  return value ^ (value >>> 13);
}
