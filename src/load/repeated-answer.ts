/** Heads that are longer are not compared. */
const LONGEST_HEAD = 2048;

/**
 * The last answer that came whole in one read, so that the next one with the same head need not be parsed: a server that is
 * loaded says the same again and again, up to a second's `Date`. Compares four bytes at a time.
 */
export class RepeatedAnswer {
  private readonly buffer: Uint8Array;
  private readonly words: Int32Array;
  private readonly head = new Int32Array(LONGEST_HEAD / 4);
  private readonly headBytes = new Uint8Array(this.head.buffer);
  private length = 0;
  /** Bytes of the whole answer; 0 where none is kept. */
  private whole = 0;
  status = 0;

  /** @param buffer what all sockets of the thread read into, a multiple of four bytes; answers elsewhere are never the same */
  constructor(buffer: Uint8Array) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer.buffer, buffer.byteOffset, buffer.length >> 2);
  }

  /** Where its body begins. */
  get bodyAt(): number {
    return this.length;
  }

  /** Whether what was read, from the begin of an answer on, is the same head with a body of the same length and nothing else. */
  is(bytes: Uint8Array, end: number): boolean {
    if (end !== this.whole || end === 0 || bytes !== this.buffer) return false;
    const { head, words, length } = this;
    const whole = length >> 2;
    for (let i = 0; i < whole; i++) if (head[i] !== words[i]) return false;
    for (let i = whole << 2; i < length; i++) if (this.headBytes[i] !== bytes[i]) return false;
    return true;
  }

  /** Keeps an answer to be compared with: its head of `length` bytes says that all ends at `end`. */
  keep(bytes: Uint8Array, length: number, end: number, status: number): void {
    if (bytes !== this.buffer || length > LONGEST_HEAD) return;
    for (let i = 0; i < length; i++) this.headBytes[i] = bytes[i]!;
    this.length = length;
    this.whole = end;
    this.status = status;
  }
}
