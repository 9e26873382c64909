const TWO_32 = 2 ** 32;
/** No thread's stack is as large: what lies farther from the stack pointer is no place in a stack. */
const LARGEST_STACK = 2 ** 28;

/** The piece of a thread's stack that the kernel copied, from the stack pointer up. Offsets count from its first byte. */
export class CopiedStack {
  /** Something above the copy was asked for: there is more of the stack than was copied. */
  passedEnd = false;
  /** Address of the first byte; NaN when nothing was copied. */
  start = Number.NaN;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #buffer: ArrayBufferLike = this.#view.buffer;
  #offset = 0;
  #size = 0;

  /** @param start the stack pointer */
  put(bytes: Uint8Array | undefined, start: number): void {
    this.passedEnd = false;
    this.#size = bytes?.byteLength ?? 0;
    this.start = bytes === undefined || this.#size === 0 ? Number.NaN : start;
    if (bytes === undefined) return;
    if (bytes.buffer !== this.#buffer) {
      this.#buffer = bytes.buffer;
      this.#view = new DataView(this.#buffer);
    }
    this.#offset = bytes.byteOffset;
  }

  /** The offset of an address, as a small integer; LARGEST_STACK or its negative for all that is far away. */
  offsetOf(address: number): number {
    const offset = address - this.start;
    if (offset > -LARGEST_STACK && offset < LARGEST_STACK) return offset | 0;
    return offset < 0 ? -LARGEST_STACK : LARGEST_STACK;
  }

  /** The signed 64-bit word at an offset, exact within 2^53 of 0; NaN where nothing was copied. */
  wordAt(offset: number): number {
    if (!this.#holds(offset, 8)) return Number.NaN;
    const at = this.#offset + offset;
    return this.#view.getInt32(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  /** The lower 48 bits of the word at an offset: a code address without the signature that aarch64 puts above. */
  codeAt(offset: number): number {
    if (!this.#holds(offset, 8)) return Number.NaN;
    const at = this.#offset + offset;
    return this.#view.getUint16(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  /** The unsigned number of 1 to 7 bytes, or the signed one of 8, at an address; NaN where nothing was copied. */
  part(address: number, size: number): number {
    const offset = this.offsetOf(address);
    if (size === 8) return this.wordAt(offset);
    if (!(size >= 1 && size < 8) || !this.#holds(offset, size)) return Number.NaN;
    let value = 0;
    for (let index = size - 1; index >= 0; index--)
      value = value * 256 + this.#view.getUint8(this.#offset + offset + index);
    return value;
  }

  #holds(offset: number, size: number): boolean {
    if (offset >= 0 && offset <= this.#size - size) return true;
    if (offset >= 0 && offset < LARGEST_STACK && this.#size > 0) this.passedEnd = true;
    return false;
  }
}
