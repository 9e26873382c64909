import { firstAbove } from './bisect.ts';

/**
 * The code that the just-in-time compiler of one process made, in the order of its making: columns, because there may
 * be a million of them. A name is a place in `text` and becomes a string when somebody asks for it.
 */
export class JitTable {
  /** How many pieces of code. */
  count = 0;
  /** Lines of the map that are none: parts of names with line breaks, mostly. */
  others = 0;
  /** First address. */
  starts: Float64Array<ArrayBuffer>;
  /** Address after the last; equal to the first where the compiler does not tell. */
  ends: Float64Array<ArrayBuffer>;
  /** Nanoseconds: the code was not there before. */
  dates: Float64Array<ArrayBuffer>;
  private nameAt: Uint32Array<ArrayBuffer>;
  private nameEnd: Uint32Array<ArrayBuffer>;
  private text: Buffer;
  private textLength: number;
  private readonly names = new Map<number, string>();

  /**
   * @param text bytes that hold the names, if they are in one place already; at most 4 GB
   * @param room how many pieces there may be: memory that is not used costs nothing
   */
  constructor(text: Buffer = Buffer.alloc(0), room = 64) {
    this.starts = new Float64Array(room);
    this.ends = new Float64Array(room);
    this.dates = new Float64Array(room);
    this.nameAt = new Uint32Array(room);
    this.nameEnd = new Uint32Array(room);
    this.text = text;
    this.textLength = text.length;
  }

  /** Appends one whose name is kept from now on. */
  addNamed(start: number, size: number, date: number, name: Uint8Array): void {
    const at = this.textLength;
    this.textLength += name.length;
    if (this.textLength > this.text.length) {
      const text = Buffer.allocUnsafe(Math.max(2 * this.textLength, 4096));
      this.text.copy(text, 0, 0, at);
      this.text = text;
    }
    this.text.set(name, at);
    this.add(start, size, date, at, this.textLength);
  }

  /** Appends one with the name of another. */
  addAgain(index: number, start: number, size: number, date: number): void {
    this.add(start, size, date, this.nameAt[index]!, this.nameEnd[index]!);
  }

  /** Appends one; `nameAt` and `nameEnd` are places in `text`. */
  add(start: number, size: number, date: number, nameAt: number, nameEnd: number): void {
    const at = this.count++;
    if (at === this.starts.length) {
      this.starts = larger(this.starts);
      this.ends = larger(this.ends);
      this.dates = larger(this.dates);
      this.nameAt = longer(this.nameAt);
      this.nameEnd = longer(this.nameEnd);
    }
    this.starts[at] = start;
    this.ends[at] = start + size;
    this.dates[at] = date;
    this.nameAt[at] = nameAt;
    this.nameEnd[at] = nameEnd;
  }

  /** The same text at another place, longer perhaps. */
  moveText(text: Buffer): void {
    this.text = text;
    this.textLength = text.length;
  }

  /**
   * To be called when more were added behind those that are finished.
   * @param from the first of the new
   * @returns false where they do not fit: they are older, or their sizes are not told
   */
  extend(from: number): boolean {
    const { starts, ends, dates, count } = this;
    for (let i = from; i < count; i++) {
      if (ends[i]! <= starts[i]! || (i > 0 && dates[i]! < dates[i - 1]!)) return false;
    }
    return true;
  }

  /** The name of one; equal names of one piece are one string. */
  nameOf(index: number): string {
    let name = this.names.get(index);
    if (name === undefined) {
      name = this.text.toString('utf8', this.nameAt[index]!, this.nameEnd[index]!);
      this.names.set(index, name);
    }
    return name;
  }

  /**
   * To be called when all are in. Pieces are put in the order of their dates where several threads have mixed them;
   * those of equal dates stay as they came. Sizes that the compiler does not tell reach to the next code, as perf has it.
   * @returns for each place now, the place before; undefined where nothing moved
   */
  finish(): Uint32Array | undefined {
    const moved = this.sortByDate();
    this.fillSizes();
    return moved;
  }

  private sortByDate(): Uint32Array | undefined {
    const { dates, count } = this;
    let sorted = true;
    for (let i = 1; i < count; i++) if (dates[i]! < dates[i - 1]!) sorted = false;
    if (sorted) return undefined;
    const order = Uint32Array.from({ length: count }, (_none, i) => i);
    order.sort((a, b) => dates[a]! - dates[b]! || a - b);
    const pick = (column: Float64Array): Float64Array<ArrayBuffer> => Float64Array.from(order, (from) => column[from]!);
    const { nameAt, nameEnd } = this;
    this.starts = pick(this.starts);
    this.ends = pick(this.ends);
    this.dates = pick(this.dates);
    this.nameAt = Uint32Array.from(order, (from) => nameAt[from]!);
    this.nameEnd = Uint32Array.from(order, (from) => nameEnd[from]!);
    return order;
  }

  private fillSizes(): void {
    const { starts, ends, count } = this;
    let sorted: Float64Array | undefined;
    for (let i = 0; i < count; i++) {
      const start = starts[i]!;
      if (ends[i]! > start) continue;
      sorted ??= starts.slice(0, count).sort();
      const next = sorted[firstAbove(sorted, start)] ?? Number.POSITIVE_INFINITY;
      ends[i] = Math.min(next, Math.ceil((start + 1) / PAGE) * PAGE + PAGE);
    }
  }
}

const PAGE = 4096;

function larger(column: Float64Array): Float64Array<ArrayBuffer> {
  const next = new Float64Array(column.length * 2);
  next.set(column);
  return next;
}

function longer(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(column.length * 2);
  next.set(column);
  return next;
}
