/** Longer texts are seldom met twice. */
const LONGEST = 40;
const SLOTS = 4096;

/** Gives texts that were met lately again, so that a million keys are one string and cost no decoding. */
export class JsonWords {
  private readonly slots: string[] = new Array(SLOTS).fill('');

  /** The ASCII text of some bytes. */
  text(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length > LONGEST) return bytes.toString('latin1', start, end);
    let hash = length;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    const known = this.slots[slot]!;
    if (known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === bytes[start + i]) i++;
      if (i === length) return known;
    }
    const text = bytes.toString('latin1', start, end);
    this.slots[slot] = text;
    return text;
  }
}
