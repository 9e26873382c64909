/** Numbers of 64 bits have 10 bytes; assemblers pad a little. */
const LONGEST = 16;

/** What gives one byte after the other. */
interface Bytes {
  u8(): number;
}

/** An unsigned number of DWARF in LEB128 (DWARF 5, 7.6), exact up to 2^53; NaN where it does not end. */
export function uleb128(bytes: Bytes): number {
  // Nearly all have one byte
  const first = bytes.u8();
  return first < 0x80 ? first : longUleb128(bytes, first & 0x7f);
}

function longUleb128(bytes: Bytes, lowest: number): number {
  let value = lowest;
  let scale = 128;
  for (let length = 1; length < LONGEST; length++) {
    const byte = bytes.u8();
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
  return Number.NaN;
}

/** A signed one, exact within 2^53 of 0. */
export function sleb128(bytes: Bytes): number {
  let value = 0;
  let scale = 1;
  for (let length = 0; length < LONGEST; length++) {
    const byte = bytes.u8();
    // The last seven bits alone bear the sign; so added, nothing is rounded on the way.
    if (byte < 0x80) return value + (byte >= 0x40 ? byte - 0x80 : byte) * scale;
    value += (byte & 0x7f) * scale;
    scale *= 128;
  }
  return Number.NaN;
}
