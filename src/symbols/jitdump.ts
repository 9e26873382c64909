import { closeSync } from 'node:fs';
import { FileWindow } from './file-window.ts';
import { JitLines } from './jit-lines.ts';
import { JitTable } from './jit-table.ts';
import { openRegular, type Refused } from './perf-map-file.ts';

/** What a dump says. */
export interface JitDump {
  /** Names, with exact dates where `clock` is. */
  readonly table: JitTable;
  /** Lines of the source, by the same indices. */
  readonly lines: JitLines;
  /** Process id as the process itself sees it. */
  readonly pid: number;
  /** False: its times are counts of the processor (bit 0 of the header's flags), so that the table has only an order. */
  readonly clock: boolean;
  /** Bytes at the end that are no whole record, because the process was ended; and records that make no sense. */
  readonly leftOver: number;
  readonly wrong: number;
}

const MAGIC = 0x4a695444;
const HEADER = 40;
const RECORD = 16;
const LOAD = 0;
const MOVE = 1;
const DEBUG_INFO = 2;
const LOAD_HEAD = 56;
const MOVE_SIZE = 64;
/** A name is cut there: more is no name. */
const LONGEST_NAME = 1 << 16;

/**
 * Reads what a just-in-time compiler has dumped for `perf inject` (Linux, jitdump-specification.txt): each piece of code
 * with name, address and time (CLOCK_MONOTONIC), moves of code, and tables of source lines. The code itself is passed over.
 * @param owners user ids whose files are believed
 * @returns undefined: there is no file
 */
export function openJitDump(path: string, owners: readonly number[]): JitDump | Refused | undefined {
  const opened = openRegular(path, owners);
  if (opened === undefined || 'why' in opened) return opened;
  try {
    const header = new FileWindow(opened.file, opened.size).at(0, HEADER);
    const little = header.length === HEADER && header.readUInt32LE(0) === MAGIC;
    if (!little && (header.length < HEADER || header.readUInt32BE(0) !== MAGIC)) return { why: 'it is no jitdump' };
    return new DumpReader(new FileWindow(opened.file, opened.size, little)).read();
  } catch (error) {
    return { why: `it cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})` };
  } finally {
    closeSync(opened.file);
  }
}

class DumpReader {
  private readonly window: FileWindow;
  private readonly table = new JitTable();
  private readonly lines = new JitLines();
  /** Piece of code by its number, for moves. */
  private readonly byNumber = new Map<number, number>();
  private clock = true;
  private wrong = 0;

  constructor(window: FileWindow) {
    this.window = window;
  }

  read(): JitDump {
    const { window } = this;
    this.clock = window.uint64(32) % 2 === 0;
    let at = Math.max(HEADER, window.uint32(8));
    while (at + RECORD <= window.size) {
      const size = window.uint32(at + 4);
      if (size < RECORD || at + size > window.size) break;
      if (!this.record(window.uint32(at), at, at + size)) this.wrong++;
      at += size;
    }
    const moved = this.table.finish();
    if (moved !== undefined) this.lines.reorder(moved);
    const leftOver = Math.max(0, window.size - at);
    const { table, lines, clock, wrong } = this;
    return { table, lines, pid: window.uint32(20), clock, leftOver, wrong };
  }

  private record(kind: number, at: number, end: number): boolean {
    if (kind === LOAD) return this.load(at, end);
    if (kind === MOVE) return this.move(at, end);
    if (kind === DEBUG_INFO) return this.lines.read(this.window, at + RECORD, end);
    return true;
  }

  private load(at: number, end: number): boolean {
    const { window } = this;
    if (at + LOAD_HEAD >= end) return false;
    const start = window.uint64(at + 32);
    const size = window.uint64(at + 40);
    if (!(start + size <= Number.MAX_SAFE_INTEGER)) return false;
    const name = window.text(at + LOAD_HEAD, Math.min(end, at + LOAD_HEAD + LONGEST_NAME));
    this.byNumber.set(window.uint64(at + 48), this.table.count);
    this.lines.belongTo(this.table.count, start);
    this.table.addNamed(start, size, this.date(at), name);
    return true;
  }

  private move(at: number, end: number): boolean {
    const { window, table } = this;
    if (at + MOVE_SIZE > end) return false;
    const from = this.byNumber.get(window.uint64(at + 56));
    const start = window.uint64(at + 40);
    const size = window.uint64(at + 48);
    if (from === undefined || !(start + size <= Number.MAX_SAFE_INTEGER)) return false;
    this.lines.alias(from, table.count);
    table.addAgain(from, start, size, this.date(at));
    this.byNumber.set(window.uint64(at + 56), table.count - 1);
    return true;
  }

  private date(at: number): number {
    return this.clock ? this.window.uint64(at + 8) : 0;
  }
}
