import { ENCODINGS } from '../page-data.ts';

/** Reads what `byte-writer.ts` writes. The block is our own: nothing in it is checked. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  text(): string {
    const length = new DataView(this.bytes.buffer, this.bytes.byteOffset).getUint32(this.at, true);
    const from = this.at + 4;
    this.at = from + length;
    return new TextDecoder().decode(this.bytes.subarray(from, this.at));
  }

  ints(length: number): Int32Array {
    return this.column(new Int32Array(length));
  }

  numbers(length: number): Float64Array {
    return this.column(new Float64Array(length));
  }

  private column<Column extends Int32Array | Float64Array>(into: Column): Column {
    const encoding = this.bytes[this.at++];
    if (encoding === ENCODINGS.doubles) {
      const view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
      for (let i = 0; i < into.length; i++, this.at += 8) into[i] = view.getFloat64(this.at, true);
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

  private integer(): number {
    const { bytes } = this;
    let byte = bytes[this.at++]!;
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let scale = 128; ; scale *= 128) {
      byte = bytes[this.at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
}
