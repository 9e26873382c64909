import { Int32Column } from '../../profile/columns.ts';
import { broken, type Cursor, readUint } from '../protobuf/reader.ts';

/** Bytes that may stand from the first text to the last one, by bytes of texts: more would be kept for nothing. */
const MOST_BETWEEN = 4;

/** The string table of a pprof file: where the texts stand. They are decoded when they are asked for. */
export class PprofTexts {
  private readonly bytes: Buffer;
  /** Start, end, start, end ... */
  private readonly places = new Int32Column();
  private readonly decoded = new Map<number, string>();

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
  }

  /** @param places start and end of each */
  addAll(places: Int32Array): void {
    this.places.pushAll(places);
  }

  /** Text 0 is '' even where there is no table. What is not UTF-8 becomes U+FFFD. */
  at(index: number): string {
    if (index >= this.length) return '';
    const start = this.places.at(index * 2);
    const end = this.places.at(index * 2 + 1);
    if (start === end) return '';
    const found = this.decoded.get(index);
    if (found !== undefined) return found;
    const text = this.bytes.toString(isPlain(this.bytes, start, end) ? 'latin1' : 'utf8', start, end);
    this.decoded.set(index, text);
    return text;
  }

  /**
   * A way to decode many texts of which it is known that they are ASCII: pieces of one long string, as long as most of
   * that is texts.
   */
  plainly(): (index: number) => string {
    const { bytes, ranges } = this;
    const from = ranges[0] ?? 0;
    const to = ranges.at(-1) ?? 0;
    if (to - from > MOST_BETWEEN * (this.bytesOfAll() + this.length)) {
      return (index) => bytes.toString('latin1', ranges[index * 2], ranges[index * 2 + 1]);
    }
    const all = bytes.toString('latin1', from, to);
    return (index) => all.slice(ranges[index * 2]! - from, ranges[index * 2 + 1]! - from);
  }

  private bytesOfAll(): number {
    const { ranges } = this;
    let bytes = 0;
    for (let i = 0; i < ranges.length; i += 2) bytes += ranges[i + 1]! - ranges[i]!;
    return bytes;
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
