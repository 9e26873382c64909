const COMMA = 44;
const NEWLINE = 10;
const ZERO = 48;
/** So many digits always fit into 32 bits. */
const MOST_DIGITS = 9;

/** What {@link takeNumbers} took. */
export interface TakenNumbers {
  count: number;
  /** The byte behind the last comma. */
  behind: number;
}

const taken: TakenNumbers = { count: 0, behind: 0 };

/**
 * Takes whole numbers of up to nine digits from JSON text, with the comma behind each and the line end that V8 puts in
 * front of the comma of a row, as far as there are such and there is room.
 * @param from the first place in `target` to be filled
 * @param room where numbers in it must end
 * @returns the same object each time
 */
export function takeNumbers(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint32Array,
  from: number,
  room: number,
): TakenNumbers {
  let filled = from;
  let pos = start;
  // As far as a number, a line end and a comma are there for sure
  const safe = end - MOST_DIGITS - 3;
  while (pos < safe && filled < room) {
    let at = pos;
    let digit = bytes[at]! - ZERO;
    let value = 0;
    while (digit >= 0 && digit <= 9) {
      value = (Math.imul(value, 10) + digit) | 0;
      digit = bytes[++at]! - ZERO;
    }
    const digits = at - pos;
    if (digit === NEWLINE - ZERO) digit = bytes[++at]! - ZERO;
    if (digit !== COMMA - ZERO || digits === 0 || digits > MOST_DIGITS) break;
    // 01 is no number
    if (digits > 1 && bytes[pos] === ZERO) break;
    target[filled++] = value;
    pos = at + 1;
  }
  taken.count = filled - from;
  taken.behind = pos;
  return taken;
}
