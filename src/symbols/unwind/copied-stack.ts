const TWO_32 = 2 ** 32;
/** A stack grows no larger than this by default limits and then some: addresses farther off are no stack's. */
const LARGEST_STACK = 2 ** 28;

/** The piece of a thread's stack that the kernel copied, from the stack pointer up, to be read by address. */
export class CopiedStack {
  /** Something above the copy was asked for: there is more of the stack than was copied. */
  passedEnd = false;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #buffer: ArrayBufferLike = this.#view.buffer;
  #offset = 0;
  #size = 0;
  #start = Number.NaN;

  /** @param start the stack pointer: the address of the first byte */
  put(bytes: Uint8Array | undefined, start: number): void {
    this.passedEnd = false;
    this.#start = bytes === undefined ? Number.NaN : start;
    this.#size = bytes?.byteLength ?? 0;
    if (bytes === undefined) return;
    if (bytes.buffer !== this.#buffer) {
      this.#buffer = bytes.buffer;
      this.#view = new DataView(this.#buffer);
    }
    this.#offset = bytes.byteOffset;
  }

  /** The signed 64-bit word at an address, exact within 2^53 of 0; NaN where nothing was copied. */
  word(address: number): number {
    const at = this.#place(address, 8);
    if (at < 0) return Number.NaN;
    return this.#view.getInt32(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  /** The lower 48 bits of the word at an address: a return address without the signature that aarch64 puts above. */
  codeAddress(address: number): number {
    const at = this.#place(address, 8);
    if (at < 0) return Number.NaN;
    return this.#view.getUint16(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  /** The unsigned number of 1 to 8 bytes at an address; NaN where nothing was copied. */
  part(address: number, size: number): number {
    if (size === 8) return this.word(address);
    const at = size >= 1 && size < 8 ? this.#place(address, size) : -1;
    if (at < 0) return Number.NaN;
    let value = 0;
    for (let index = size - 1; index >= 0; index--) value = value * 256 + this.#view.getUint8(at + index);
    return value;
  }

  #place(address: number, size: number): number {
    const distance = address - this.#start;
    if (distance >= 0 && distance <= this.#size - size) return this.#offset + distance;
    if (distance >= 0 && distance < LARGEST_STACK) this.passedEnd = true;
    return -1;
  }
}
