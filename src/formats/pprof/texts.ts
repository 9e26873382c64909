import { Int32Column } from '../../profile/columns.ts';
import { broken, type Cursor, readUint } from '../protobuf/reader.ts';

/** The string table of a pprof file: where the texts stand. They are decoded when they are asked for. */
export class PprofTexts {
  private readonly bytes: Buffer;
  /** Start, end, start, end ... */
  private readonly places = new Int32Column();
  private readonly decoded: string[] = [];

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get length(): number {
    return this.places.length >> 1;
  }

  /** Start and end of each text; not a copy. */
  get ranges(): Int32Array {
    return this.places.toArray();
  }

  add(start: number, end: number): void {
    this.places.push(start);
    this.places.push(end);
    this.decoded.push('');
  }

  /** Text 0 is '' even where there is no table. What is not UTF-8 becomes U+FFFD. */
  at(index: number): string {
    if (index >= this.length) return '';
    const start = this.places.at(index * 2);
    const end = this.places.at(index * 2 + 1);
    if (start === end) return '';
    const found = this.decoded[index]!;
    if (found !== '') return found;
    const text = this.bytes.toString(isPlain(this.bytes, start, end) ? 'latin1' : 'utf8', start, end);
    this.decoded[index] = text;
    return text;
  }

  /**
   * Reads the index of a text.
   * @throws {FormatError} there is no such text
   */
  readIndex(from: Cursor): number {
    const at = from.at;
    const index = readUint(from);
    if (index < this.length || index === 0) return Number(index);
    throw broken(from, at, `there is no text ${index}, only ${this.length}`);
  }

  read(from: Cursor): string {
    return this.at(this.readIndex(from));
  }
}

/** ASCII is decoded several times faster by that name. */
function isPlain(bytes: Buffer, start: number, end: number): boolean {
  let bits = 0;
  for (let at = start; at < end; at++) bits |= bytes[at]!;
  return bits < 0x80;
}
