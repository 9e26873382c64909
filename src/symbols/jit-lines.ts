import type { FileWindow } from './file-window.ts';

/** Where in the source. */
export interface SourceLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

const HEAD = 16;
const ENTRY = 17;
const LONGEST_PATH = 4096;
/** Instead of a path: the one before again. */
const SAME = '\xff';
/**
 * V8 and others give addresses as they will be in the ELF file that `perf inject` makes of each piece of code, behind its
 * header of so many bytes; some give them as they are.
 */
const ELF_HEADER = 0x40;

interface Table {
  /** Address of the code. */
  readonly start: number;
  readonly first: number;
  readonly count: number;
}

/** Source lines of code that just-in-time compilers made: JIT_CODE_DEBUG_INFO of jitdump-specification.txt. */
export class JitLines {
  /** Places in the code, from its start; ascending in one table. */
  private readonly places: number[] = [];
  private readonly lines: number[] = [];
  private readonly files: string[] = [];
  private readonly known = new Map<string, string>();
  /** By the index of a piece of code. */
  private tables = new Map<number, Table>();
  private latest: Table | undefined;
  private header = ELF_HEADER;

  /**
   * Takes the body of a record.
   * @returns false where it makes no sense
   */
  read(window: FileWindow, at: number, end: number): boolean {
    this.latest = undefined;
    if (at + HEAD > end) return false;
    const start = window.uint64(at);
    const count = window.uint64(at + 8);
    if (count > (end - at - HEAD) / ENTRY) return false;
    const first = this.places.length;
    const rows: { place: number; line: number; file: string }[] = [];
    let file = '';
    let offset = at + HEAD;
    for (let i = 0; i < count && offset + ENTRY <= end; i++) {
      const place = window.uint64(offset) - start;
      const line = window.uint32(offset + 8);
      const path = window.text(offset + HEAD, Math.min(end, offset + HEAD + LONGEST_PATH));
      offset += HEAD + path.length + 1;
      const text = path.toString('latin1');
      if (text !== SAME) file = this.stored(text, path);
      // V8 of node 20 writes paths that it has given back, so that what follows is out of step
      if (place >= 0 && place < 2 ** 32 && line > 0 && line < 2 ** 31) rows.push({ place, line, file });
    }
    rows.sort((a, b) => a.place - b.place);
    for (const row of rows) {
      this.places.push(row.place);
      this.lines.push(row.line);
      this.files.push(row.file);
    }
    if ((rows[0]?.place ?? ELF_HEADER) < ELF_HEADER) this.header = 0;
    this.latest = { start, first, count: rows.length };
    return true;
  }

  /** The table that came last belongs to the code that comes after it. */
  belongTo(index: number, start: number): void {
    if (this.latest?.start === start && this.latest.count > 0) this.tables.set(index, this.latest);
    this.latest = undefined;
  }

  /** The code of one index has another index too, somewhere else. */
  alias(from: number, to: number): void {
    const table = this.tables.get(from);
    if (table !== undefined) this.tables.set(to, table);
  }

  /** @param order for each index from now on, the index until now */
  reorder(order: Uint32Array): void {
    const before = this.tables;
    this.tables = new Map();
    order.forEach((from, to) => {
      const table = before.get(from);
      if (table !== undefined) this.tables.set(to, table);
    });
  }

  /**
   * @param index of the piece of code
   * @param offset bytes from its start
   */
  find(index: number, offset: number): SourceLine | undefined {
    const table = this.tables.get(index);
    if (table === undefined) return undefined;
    let low = table.first;
    let high = table.first + table.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.places[middle]! <= offset + this.header) low = middle + 1;
      else high = middle;
    }
    if (low === table.first) return undefined;
    return { file: this.files[low - 1]!, line: this.lines[low - 1]! };
  }

  /** One string for equal paths. */
  private stored(key: string, path: Buffer): string {
    let text = this.known.get(key);
    if (text === undefined) {
      text = path.toString('utf8');
      this.known.set(key, text);
    }
    return text;
  }
}
