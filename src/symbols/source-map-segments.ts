/** Numbers of a segment: column, then source, line, column and name in the original, all 0-based; -1 = it does not say. */
const NUMBERS = 5;
/** The value of a digit of Base64; 64 = `,`, 65 = `;`, 66 = anything else. */
const DIGITS = digits();
const COMMA = 64;
const SEMICOLON = 65;
/** Behind the last segment. */
const END = -1;

/** One place of generated code, and where that comes from; all 0-based. */
export interface Segment {
  readonly column: number;
  /** -1 = from nowhere. */
  readonly source: number;
  readonly originalLine: number;
  readonly originalColumn: number;
  /** -1 = it has none. */
  readonly name: number;
}

/**
 * The `mappings` of a source map (ECMA-426, 9.2), decoded into numbers that lie one behind the other: maps of bundles have
 * hundreds of thousands of segments, of which a handful is asked for.
 */
export class Segments {
  /** How many lines and segments there are. */
  readonly size: number;
  /** Of each line the first of its segments, and at last the end. */
  private readonly lines: Int32Array;
  private readonly numbers: Int32Array;

  /**
   * @param mappings VLQ in Base64
   * @param most how many lines and segments are read
   * @throws {Error} a character is none of Base64, or there are too many
   */
  constructor(mappings: string, most: number) {
    const bytes = Buffer.from(mappings, 'latin1');
    const { lines, segments } = count(bytes);
    this.size = lines + segments;
    if (lines + segments > most) throw new Error('it has too many mappings');
    this.lines = new Int32Array(lines + 1);
    this.numbers = new Int32Array(segments * NUMBERS);
    this.decode(bytes);
  }

  /** The last segment of a line that starts at or before a column; of several at the same column the first. */
  at(line: number, column: number): Segment | undefined {
    if (line + 1 >= this.lines.length) return undefined;
    const first = this.lines[line]!;
    let low = first;
    let high = this.lines[line + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.columnOf(middle) <= column) low = middle + 1;
      else high = middle;
    }
    let found = low - 1;
    if (found < first) return undefined;
    if (this.columnOf(found) === column) while (found > first && this.columnOf(found - 1) === column) found--;
    return this.segment(found);
  }

  /** The first segment of a line and the last one; undefined where it has none. */
  ends(line: number): { readonly first: Segment; readonly last: Segment } | undefined {
    const from = this.lines[line] ?? 0;
    const to = this.lines[line + 1] ?? 0;
    return from < to ? { first: this.segment(from), last: this.segment(to - 1) } : undefined;
  }

  private columnOf(segment: number): number {
    return this.numbers[segment * NUMBERS]!;
  }

  private segment(segment: number): Segment {
    const [column, source, originalLine, originalColumn, name] = this.numbers.subarray(
      segment * NUMBERS,
      (segment + 1) * NUMBERS,
    ) as unknown as [number, number, number, number, number];
    return { column, source, originalLine, originalColumn, name };
  }

  private decode(bytes: Uint8Array): void {
    const { lines, numbers } = this;
    const { length } = bytes;
    let line = 0;
    let segment = 0;
    let column = 0;
    let source = 0;
    let originalLine = 0;
    let originalColumn = 0;
    let name = 0;
    let isSorted = true;
    let lastColumn = 0;
    let at = 0;
    // Of the segment that is being read: how many numbers it has so far
    let fields = 0;
    for (;;) {
      const digit = at < length ? DIGITS[bytes[at]!]! : END;
      if (digit >= 0 && digit < COMMA) {
        let value = digit & 31;
        let more = digit & 32;
        let shift = 5;
        at++;
        while (more !== 0) {
          const next = at < length ? DIGITS[bytes[at]!]! : COMMA;
          if (next >= COMMA) throw new Error('its mappings are broken');
          value |= (next & 31) << shift;
          more = next & 32;
          shift += 5;
          at++;
        }
        const delta = value & 1 ? -2147483648 | -(value >>> 1) : value >>> 1;
        if (fields === 0) column += delta;
        else if (fields === 1) source += delta;
        else if (fields === 2) originalLine += delta;
        else if (fields === 3) originalColumn += delta;
        else if (fields === 4) name += delta;
        fields++;
        continue;
      }
      if (fields > 0) {
        const to = segment * NUMBERS;
        const isMapped = fields >= 4;
        numbers[to] = column;
        numbers[to + 1] = isMapped ? source : -1;
        numbers[to + 2] = isMapped ? originalLine : -1;
        numbers[to + 3] = isMapped ? originalColumn : -1;
        numbers[to + 4] = fields >= 5 ? name : -1;
        if (column < lastColumn) isSorted = false;
        lastColumn = column;
        segment++;
        fields = 0;
      }
      at++;
      if (digit === COMMA) continue;
      if (!isSorted) sortByColumn(numbers, lines[line]!, segment);
      line++;
      lines[line] = segment;
      if (digit === END) return;
      column = 0;
      lastColumn = 0;
      isSorted = true;
    }
  }
}

/** @throws {Error} a character is none of Base64 */
function count(bytes: Uint8Array): { readonly lines: number; readonly segments: number } {
  let lines = 1;
  let segments = 1;
  for (let i = 0; i < bytes.length; i++) {
    const digit = DIGITS[bytes[i]!]!;
    if (digit < COMMA) continue;
    if (digit > SEMICOLON) throw new Error('its mappings are broken');
    segments++;
    if (digit === SEMICOLON) lines++;
  }
  return { lines, segments };
}

/** Sorts the segments of a line, as few tools leave them in any other order. */
function sortByColumn(numbers: Int32Array, from: number, to: number): void {
  const order = Array.from({ length: to - from }, (_, i) => from + i);
  order.sort((a, b) => numbers[a * NUMBERS]! - numbers[b * NUMBERS]!);
  const sorted = order.map((segment) => numbers.slice(segment * NUMBERS, (segment + 1) * NUMBERS));
  sorted.forEach((segment, i) => {
    numbers.set(segment, (from + i) * NUMBERS);
  });
}

function digits(): Uint8Array {
  const values = new Uint8Array(256).fill(66);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/,;';
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}
