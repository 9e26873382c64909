import { randomWord } from './random-word.ts';

/** Integers of a slot: hash, where the key starts, its length, its value + 1 (0 = free). */
const SLOT = 4;
/** Bytes behind the last key, so that it can be read by whole words. */
const SLACK = 4;

/** Where every hash starts: anew in each run, so that no file can be made whose keys fall on one another. */
export const HASH_SEED = randomWord();

/**
 * The next four bytes of a key in its hash; start with {@link HASH_SEED}. One word more, masked to the bytes that are
 * left (0 to 3), ends it.
 */
export function hashWord(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x5bd1e995);
  return mixed ^ (mixed >>> 15);
}

/** Gives byte strings numbers without making texts of them: open addressing, at most half full. Keys are kept exactly. */
export class ByteKeys {
  private slots = new Int32Array(1024 * SLOT);
  private keys = Buffer.allocUnsafeSlow(1 << 14);
  private view = viewOf(this.keys);
  private keysEnd = 0;
  private count = 0;

  /**
   * @param hash of the bytes `from` to `to`, by {@link hashWord}
   * @param bytes may be read up to 3 bytes behind `to`
   * @returns the value set for these bytes, -1 where they are new
   */
  get(hash: number, bytes: DataView, from: number, to: number): number {
    const { slots } = this;
    const length = to - from;
    const mask = slots.length - 1;
    let slot = (hash * SLOT) & mask;
    for (;;) {
      const value = slots[slot + 3]!;
      if (value === 0) return -1;
      if (slots[slot] === hash && slots[slot + 2] === length && this.equals(slots[slot + 1]!, bytes, from, length)) {
        return value - 1;
      }
      slot = (slot + SLOT) & mask;
    }
  }

  private equals(start: number, bytes: DataView, from: number, length: number): boolean {
    const { view } = this;
    let at = 0;
    for (; at + 4 <= length; at += 4) {
      if (view.getInt32(start + at, true) !== bytes.getInt32(from + at, true)) return false;
    }
    if (at === length) return true;
    const rest = (1 << ((length - at) * 8)) - 1;
    return ((view.getInt32(start + at, true) ^ bytes.getInt32(from + at, true)) & rest) === 0;
  }

  /** Sets the value (0 or more) of bytes that are new. */
  set(hash: number, bytes: Uint8Array, from: number, to: number, value: number): void {
    const length = to - from;
    if (this.keysEnd + length + SLACK > this.keys.length) {
      const longer = Buffer.allocUnsafeSlow((this.keysEnd + length + SLACK) * 2);
      this.keys.copy(longer, 0, 0, this.keysEnd);
      this.keys = longer;
      this.view = viewOf(longer);
    }
    for (let i = 0; i < length; i++) this.keys[this.keysEnd + i] = bytes[from + i]!;
    put(this.slots, hash, this.keysEnd, length, value + 1);
    this.keysEnd += length;
    if (++this.count * 2 * SLOT > this.slots.length) this.grow();
  }

  private grow(): void {
    const { slots } = this;
    this.slots = new Int32Array(slots.length * 2);
    for (let slot = 0; slot < slots.length; slot += SLOT) {
      if (slots[slot + 3] !== 0) put(this.slots, slots[slot]!, slots[slot + 1]!, slots[slot + 2]!, slots[slot + 3]!);
    }
  }
}

function put(slots: Int32Array, hash: number, start: number, length: number, value: number): void {
  const mask = slots.length - 1;
  let slot = (hash * SLOT) & mask;
  while (slots[slot + 3] !== 0) slot = (slot + SLOT) & mask;
  slots[slot] = hash;
  slots[slot + 1] = start;
  slots[slot + 2] = length;
  slots[slot + 3] = value;
}

export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
