/** States of an LZMA stream: what came before, literal or match, in 12 combinations. */
const STATES = 12;
const POSITIONS = 16;
const FIRST_MATCH_STATE = 7;
const PROBABILITY_BITS = 11;
const MOVE_BITS = 5;
const EVEN = 1 << (PROBABILITY_BITS - 1);
const TOP = 2 ** 24;
const MIN_MATCH = 2;
const DISTANCE_SLOTS = 64;
const LENGTH_STATES = 4;
const ALIGN_BITS = 4;
const DIRECT_FROM_SLOT = 4;
const MODEL_END_SLOT = 14;

/** Thrown within the decoder, caught where it is used. */
export class BrokenLzma extends Error {}

/** The lengths of matches. */
class LengthCoder {
  readonly choice = probabilities(2);
  readonly low = probabilities(POSITIONS * 8);
  readonly middle = probabilities(POSITIONS * 8);
  readonly high = probabilities(256);
}

/**
 * Decodes LZMA (the format of 7-zip, "LZMA specification" in its SDK) into one buffer, which is its dictionary as well.
 * Chunk after chunk, as LZMA2 has them.
 */
export class LzmaDecoder {
  /** How much of the output is filled. */
  filled = 0;
  private readonly output: Buffer;
  private input: Buffer = Buffer.alloc(0);
  private at = 0;
  private range = 0;
  private code = 0;
  /** Where the dictionary begins. */
  private start = 0;
  private literalContext = 0;
  private literalPosition = 0;
  private positionMask = 0;
  private state = 0;
  private distances: [number, number, number, number] = [0, 0, 0, 0];
  private isMatch = probabilities(0);
  private isRepeat = probabilities(0);
  private isRepeat0 = probabilities(0);
  private isRepeat1 = probabilities(0);
  private isRepeat2 = probabilities(0);
  private isRepeat0Long = probabilities(0);
  private slots = probabilities(0);
  private special = probabilities(0);
  private align = probabilities(0);
  private literals = probabilities(0);
  private matchLengths = new LengthCoder();
  private repeatLengths = new LengthCoder();

  constructor(output: Buffer) {
    this.output = output;
  }

  /** @param properties the byte (pb * 5 + lp) * 9 + lc */
  setProperties(properties: number): void {
    const literalContext = properties % 9;
    const literalPosition = Math.floor(properties / 9) % 5;
    const position = Math.floor(properties / 45);
    if (position > 4 || literalContext + literalPosition > 4) throw new BrokenLzma();
    this.literalContext = literalContext;
    this.literalPosition = literalPosition;
    this.positionMask = (1 << position) - 1;
  }

  resetDictionary(): void {
    this.start = this.filled;
  }

  resetState(): void {
    this.state = 0;
    this.distances = [0, 0, 0, 0];
    this.isMatch = probabilities(STATES * POSITIONS);
    this.isRepeat = probabilities(STATES);
    this.isRepeat0 = probabilities(STATES);
    this.isRepeat1 = probabilities(STATES);
    this.isRepeat2 = probabilities(STATES);
    this.isRepeat0Long = probabilities(STATES * POSITIONS);
    this.slots = probabilities(LENGTH_STATES * DISTANCE_SLOTS);
    this.special = probabilities(128);
    this.align = probabilities(1 << ALIGN_BITS);
    this.literals = probabilities(0x300 << (this.literalContext + this.literalPosition));
    this.matchLengths = new LengthCoder();
    this.repeatLengths = new LengthCoder();
  }

  /** Bytes that were not compressed. */
  copy(bytes: Buffer): void {
    this.filled += bytes.copy(this.output, this.filled);
  }

  /** @throws {BrokenLzma} */
  decode(input: Buffer, size: number): void {
    const end = this.filled + size;
    if (end > this.output.length || input.length < 5) throw new BrokenLzma();
    this.input = input;
    this.range = 0xffffffff;
    this.code = input.readUInt32BE(1);
    this.at = 5;
    while (this.filled < end) {
      const position = (this.filled - this.start) & this.positionMask;
      if (this.bit(this.isMatch, this.state * POSITIONS + position) === 0) this.literal();
      else this.match(this.matchLength(position), end);
    }
  }

  private literal(): void {
    const { output, filled } = this;
    const before = filled > this.start ? output[filled - 1]! : 0;
    const place = (filled - this.start) & ((1 << this.literalPosition) - 1);
    const base = 0x300 * ((place << this.literalContext) + (before >> (8 - this.literalContext)));
    let symbol = 1;
    if (this.state >= FIRST_MATCH_STATE) {
      let matched = this.byteAt(this.distances[0]);
      while (symbol < 0x100) {
        const hint = (matched >> 7) & 1;
        matched <<= 1;
        const bit = this.bit(this.literals, base + ((1 + hint) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (hint !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.bit(this.literals, base + symbol);
    output[this.filled++] = symbol & 0xff;
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6;
  }

  /** Length of a match; its distance is the first of `distances` then. */
  private matchLength(position: number): number {
    const { state, distances } = this;
    if (this.bit(this.isRepeat, state) === 0) {
      this.state = state < FIRST_MATCH_STATE ? 7 : 10;
      const length = this.length(this.matchLengths, position);
      this.distances = [this.distance(length), distances[0], distances[1], distances[2]];
      return length;
    }
    if (this.bit(this.isRepeat0, state) === 0) {
      if (this.bit(this.isRepeat0Long, state * POSITIONS + position) === 0) {
        this.state = state < FIRST_MATCH_STATE ? 9 : 11;
        return 1;
      }
    } else if (this.bit(this.isRepeat1, state) === 0) {
      this.distances = [distances[1], distances[0], distances[2], distances[3]];
    } else if (this.bit(this.isRepeat2, state) === 0) {
      this.distances = [distances[2], distances[0], distances[1], distances[3]];
    } else {
      this.distances = [distances[3], distances[0], distances[1], distances[2]];
    }
    this.state = state < FIRST_MATCH_STATE ? 8 : 11;
    return this.length(this.repeatLengths, position);
  }

  private match(length: number, end: number): void {
    const distance = this.distances[0] + 1;
    if (distance > this.filled - this.start || this.filled + length > end) throw new BrokenLzma();
    for (let i = 0; i < length; i++, this.filled++) this.output[this.filled] = this.output[this.filled - distance]!;
  }

  private length(coder: LengthCoder, position: number): number {
    if (this.bit(coder.choice, 0) === 0) return MIN_MATCH + this.tree(coder.low, position * 8, 3);
    if (this.bit(coder.choice, 1) === 0) return MIN_MATCH + 8 + this.tree(coder.middle, position * 8, 3);
    return MIN_MATCH + 16 + this.tree(coder.high, 0, 8);
  }

  private distance(length: number): number {
    const lengthState = Math.min(length - MIN_MATCH, LENGTH_STATES - 1);
    const slot = this.tree(this.slots, lengthState * DISTANCE_SLOTS, 6);
    if (slot < DIRECT_FROM_SLOT) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < MODEL_END_SLOT) return base + this.reverseTree(this.special, base - slot, bits);
    let direct = 0;
    for (let i = ALIGN_BITS; i < bits; i++) direct = direct * 2 + this.directBit();
    return base + direct * 2 ** ALIGN_BITS + this.reverseTree(this.align, 0, ALIGN_BITS);
  }

  private tree(model: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    for (let i = 0; i < bits; i++) symbol = (symbol << 1) | this.bit(model, base + symbol);
    return symbol - (1 << bits);
  }

  private reverseTree(model: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(model, base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  private bit(model: Uint16Array, at: number): number {
    const probability = model[at]!;
    const bound = (this.range >>> PROBABILITY_BITS) * probability;
    let bit = 0;
    if (this.code < bound) {
      this.range = bound;
      model[at] = probability + (((1 << PROBABILITY_BITS) - probability) >> MOVE_BITS);
    } else {
      bit = 1;
      this.range -= bound;
      this.code -= bound;
      model[at] = probability - (probability >> MOVE_BITS);
    }
    this.normalize();
    return bit;
  }

  private directBit(): number {
    this.range = Math.floor(this.range / 2);
    const bit = this.code >= this.range ? 1 : 0;
    if (bit === 1) this.code -= this.range;
    this.normalize();
    return bit;
  }

  private normalize(): void {
    if (this.range >= TOP) return;
    if (this.at > this.input.length) throw new BrokenLzma();
    this.range *= 256;
    this.code = this.code * 256 + (this.input[this.at++] ?? 0);
  }

  private byteAt(distance: number): number {
    if (distance >= this.filled - this.start) throw new BrokenLzma();
    return this.output[this.filled - distance - 1]!;
  }
}

function probabilities(count: number): Uint16Array {
  return new Uint16Array(count).fill(EVEN);
}
