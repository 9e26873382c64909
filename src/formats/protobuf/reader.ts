import { FormatError, type Input } from '../format.ts';

/** A place in protobuf bytes: the next byte to read, and where the message around it ends. */
export interface Cursor {
  readonly input: Input;
  readonly bytes: Uint8Array;
  at: number;
  end: number;
}

/** Wire types of protobuf's encoding (protobuf.dev/programming-guides/encoding). */
export const VARINT = 0;
const FIXED64 = 1;
export const BYTES = 2;
const FIXED32 = 5;

const HIGH = 2 ** 32;

export function cursor(input: Input, bytes: Uint8Array, at = 0, end = bytes.length): Cursor {
  return { input, bytes, at, end };
}

/** The next field's number and wire type, as one integer: `number * 8 + type`. */
export function readTag(from: Cursor): number {
  const at = from.at;
  const tag = readUint(from);
  if (typeof tag === 'bigint' || tag < 8 || tag > 0xffffffff) throw broken(from, at, 'this is no field of a message');
  return tag;
}

/** A varint as a signed 64 bit integer; beyond 2^53 the nearest double. */
export function readInt(from: Cursor): number {
  const value = readUint(from);
  return typeof value === 'number' ? value : Number(BigInt.asIntN(64, value));
}

/** A varint as an unsigned 64 bit integer: exact at any size, so that it can serve as an id. */
export function readUint(from: Cursor): number | bigint {
  const { bytes, at, end } = from;
  // Nearly all are of one to four bytes
  if (at + 3 < bytes.length) {
    const first = bytes[at]!;
    if (first < 0x80) {
      if (at < end) {
        from.at = at + 1;
        return first;
      }
    } else {
      const second = bytes[at + 1]!;
      let value = (first & 0x7f) | ((second & 0x7f) << 7);
      let next = at + 2;
      let last = second;
      if (last >= 0x80) {
        last = bytes[next++]!;
        value |= (last & 0x7f) << 14;
        if (last >= 0x80) {
          last = bytes[next++]!;
          value |= (last & 0x7f) << 21;
        }
      }
      if (last < 0x80 && next <= end) {
        from.at = next;
        return value;
      }
    }
  }
  return readLongUint(from);
}

function readLongUint(from: Cursor): number | bigint {
  const { bytes, end } = from;
  const start = from.at;
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (from.at >= end) throw broken(from, start, 'the data ends too early', CUT);
    const byte = bytes[from.at++]!;
    const bits = byte & 0x7f;
    // 4 bits of the fifth byte belong to the lower half, 3 to the upper
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low = (low | (bits << 28)) >>> 0;
      high = bits >>> 4;
    } else high = (high | (bits << (shift - 32))) >>> 0;
    if (byte < 0x80) return high < 0x200000 ? high * HIGH + (low >>> 0) : (BigInt(high) << 32n) | BigInt(low >>> 0);
  }
  throw broken(from, start, 'a number is longer than 64 bits');
}

/** Where the message, text or packed list that stands here ends; afterwards the cursor is at its first byte. */
export function readEnd(from: Cursor): number {
  const start = from.at;
  const length = readUint(from);
  if (length > from.end - from.at)
    throw broken(from, start, `${length} bytes should follow, ${from.end - from.at} do`, CUT);
  return from.at + Number(length);
}

/** The message, text or packed list that stands here, behind its length. */
export function readBlock(from: Cursor): Cursor {
  const end = readEnd(from);
  const block = cursor(from.input, from.bytes, from.at, end);
  from.at = end;
  return block;
}

/**
 * {@link readBlock} without a cursor of its own: this one now ends where the block does.
 * @returns its end until now, to be set again behind the block
 */
export function enterBlock(from: Cursor): number {
  const end = readEnd(from);
  const outer = from.end;
  from.end = end;
  return outer;
}

/** Steps over a field that nobody asked for. */
export function skipField(from: Cursor, tag: number): void {
  const at = from.at;
  const type = tag & 7;
  if (type === VARINT) readUint(from);
  else if (type === BYTES) from.at = readEnd(from);
  else if (type === FIXED64 || type === FIXED32) from.at += type === FIXED64 ? 8 : 4;
  else throw broken(from, at, `wire type ${type} is not known`);
  if (from.at > from.end) throw broken(from, at, 'the data ends too early', CUT);
}

const CUT = 'the file was cut: record or copy it again';

export function broken(from: Cursor, at: number, what: string, hint?: string): FormatError {
  return new FormatError(from.input, `byte ${at}`, what, hint);
}
