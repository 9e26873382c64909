import { ENCODINGS } from './byte-writer.ts';

/** Reads what `byte-writer.ts` writes. Nothing is made before it is known that so many bytes are there. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** @throws {RangeError} the bytes end before it, as all the others do */
  integer(): number {
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte === undefined) throw new RangeError(ENDED);
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let scale = 128; ; scale *= 128) {
      byte = bytes[this.at++];
      if (byte === undefined) throw new RangeError(ENDED);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  double(): number {
    this.need(8);
    const value = new DataView(this.bytes.buffer, this.bytes.byteOffset).getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  text(): string {
    this.need(4);
    const length = new DataView(this.bytes.buffer, this.bytes.byteOffset).getUint32(this.at, true);
    this.at += 4;
    this.need(length);
    const from = this.at;
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(from, this.at));
  }

  ints(length: number): Int32Array {
    this.need(length);
    return this.column(new Int32Array(length));
  }

  numbers(length: number): Float64Array {
    this.need(length);
    return this.column(new Float64Array(length));
  }

  private column<Column extends Int32Array | Float64Array>(into: Column): Column {
    const encoding = this.bytes[this.at++];
    if (encoding === ENCODINGS.doubles) {
      for (let i = 0; i < into.length; i++) into[i] = this.double();
    } else if (encoding === ENCODINGS.unsigned) {
      for (let i = 0; i < into.length; i++) into[i] = this.integer();
    } else {
      for (let i = 0, value = 0; i < into.length; i++) {
        const zigzag = this.integer();
        value += zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
        into[i] = value;
      }
    }
    return into;
  }

  private need(bytes: number): void {
    if (bytes > this.left) throw new RangeError(ENDED);
  }
}

const ENDED = 'the data end too early';
