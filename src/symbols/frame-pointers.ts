import { openElf } from './elf-file.ts';

/** Of a program built with frame pointers nearly every function has one; without, only those with variable frames. */
const ENOUGH = 0.3;
/** Bytes of .eh_frame looked at: thousands of functions, and enough to tell. */
const LOOK_AT = 1 << 20;

/** DW_CFA_def_cfa_register 6: "from here on the frame is found through rbp" (DWARF 5, 6.4.2; x86-64 psABI, 3.6.2). */
const SET_BY_RBP = Buffer.from([0x0d, 0x06]);

const MACHINE_X86_64 = 62;

/**
 * Whether walking frame pointers gives whole stacks of this program, judged by its unwind tables: the share of
 * functions in .eh_frame that set up rbp. Programs without the tables (Go) and machines whose ABI keeps frame pointers
 * (aarch64) count as having them.
 * @param path of the executable
 * @returns undefined when the file is no ELF program or cannot be read
 */
export function hasFramePointers(path: string): boolean | undefined {
  const file = openElf(path);
  if (file === undefined) return undefined;
  try {
    const section = file.machine === MACHINE_X86_64 ? file.sections.get('.eh_frame') : undefined;
    return section === undefined || judge(file.read(section.offset, Math.min(section.size, LOOK_AT)));
  } finally {
    file.close();
  }
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
