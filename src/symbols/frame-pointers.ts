import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Of a program built with frame pointers nearly every function has one; without, only those with variable frames. */
const ENOUGH = 0.3;
/** Bytes of .eh_frame looked at: thousands of functions, and enough to tell. */
const LOOK_AT = 1 << 20;

/** DW_CFA_def_cfa_register 6: "from here on the frame is found through rbp" (DWARF 5, 6.4.2; x86-64 psABI, 3.6.2). */
const SET_BY_RBP = Buffer.from([0x0d, 0x06]);

const ELF_64_LITTLE = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const MACHINE_X86_64 = 62;

/**
 * Whether walking frame pointers gives whole stacks of this program, judged by its unwind tables: the share of
 * functions in .eh_frame that set up rbp. Programs without the tables (Go) and machines whose ABI keeps frame pointers
 * (aarch64) count as having them.
 * @param path of the executable
 * @returns undefined when the file is no ELF program or cannot be read
 */
export function hasFramePointers(path: string): boolean | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const header = readAt(file, 0, 64);
    if (header.length < 64 || !header.subarray(0, 6).equals(ELF_64_LITTLE)) return undefined;
    if (header.readUInt16LE(18) !== MACHINE_X86_64) return true;
    const section = findSection(file, header, '.eh_frame');
    if (section === undefined) return true;
    return judge(readAt(file, section.offset, Math.min(section.size, LOOK_AT)));
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, offset: number, length: number): Buffer {
  const left = Math.max(0, fstatSync(file).size - offset);
  const bytes = Buffer.alloc(Math.min(length, left));
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
}

/** Section header table of an ELF64 file (System V ABI, chapter 4). */
function findSection(file: number, header: Buffer, name: string): { offset: number; size: number } | undefined {
  const entrySize = header.readUInt16LE(58);
  const count = header.readUInt16LE(60);
  const table = readAt(file, Number(header.readBigUInt64LE(40)), entrySize * count);
  const field = (index: number, at: number): number => Number(table.readBigUInt64LE(index * entrySize + at));
  const namesIndex = header.readUInt16LE(62);
  const names = readAt(file, field(namesIndex, 24), field(namesIndex, 32));
  for (let index = 0; index < count; index++) {
    const at = table.readUInt32LE(index * entrySize);
    if (names.toString('latin1', at, names.indexOf(0, at)) !== name) continue;
    return { offset: field(index, 24), size: field(index, 32) };
  }
  return undefined;
}

/** Walks the entries of .eh_frame (LSB Core, 10.6): length, CIE pointer (0 = a CIE), then the instructions. */
function judge(table: Buffer): boolean {
  let functions = 0;
  let withPointer = 0;
  let at = 0;
  while (at + 8 <= table.length) {
    const length = table.readUInt32LE(at);
    if (length === 0 || length >= 0xfffffff0) break;
    const end = Math.min(at + 4 + length, table.length);
    if (table.readUInt32LE(at + 4) !== 0) {
      functions++;
      if (table.subarray(at + 8, end).includes(SET_BY_RBP)) withPointer++;
    }
    at += 4 + length;
  }
  return functions === 0 || withPointer / functions >= ENOUGH;
}
