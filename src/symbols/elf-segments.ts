import { closeSync, openSync, readSync } from 'node:fs';

/** Where a program or library asks to be put in memory; whole pages. */
export interface ElfLayout {
  /** It cannot be put anywhere else. */
  readonly fixed: boolean;
  /** The lowest address. */
  readonly first: number;
  /** The parts that hold machine code. */
  readonly code: readonly { readonly start: number; readonly end: number }[];
}

const ELF_64_LITTLE = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const PAGE = 4096;
const TYPE_EXECUTABLE = 2;
const SEGMENT_LOAD = 1;
const FLAG_EXECUTE = 1;

/**
 * Reads the program headers of an ELF64 file (System V ABI, chapter 5).
 * @returns undefined when the file is none or cannot be read
 */
export function elfLayout(path: string): ElfLayout | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const header = readAt(file, 0, 64);
    if (header.length < 64 || !header.subarray(0, 6).equals(ELF_64_LITTLE)) return undefined;
    const entrySize = header.readUInt16LE(54);
    const table = readAt(file, Number(header.readBigUInt64LE(32)), entrySize * header.readUInt16LE(56));
    let first = Number.POSITIVE_INFINITY;
    const code: { start: number; end: number }[] = [];
    for (let at = 0; at + 56 <= table.length; at += entrySize) {
      if (table.readUInt32LE(at) !== SEGMENT_LOAD) continue;
      const address = Number(table.readBigUInt64LE(at + 16));
      const start = Math.floor(address / PAGE) * PAGE;
      const end = Math.ceil((address + Number(table.readBigUInt64LE(at + 40))) / PAGE) * PAGE;
      first = Math.min(first, start);
      if ((table.readUInt32LE(at + 4) & FLAG_EXECUTE) !== 0) code.push({ start, end });
    }
    return code.length === 0 ? undefined : { fixed: header.readUInt16LE(16) === TYPE_EXECUTABLE, first, code };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readAt(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
}
