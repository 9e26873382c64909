import { demangled } from './demangle.ts';
import type { ElfFile } from './elf-file.ts';
import type { ElfSection } from './elf-headers.ts';
import { ElfStrings } from './elf-strings.ts';
import { CandidateSymbols } from './symbol-candidates.ts';

const SECTION_SYMTAB = 2;
const SECTION_DYNSYM = 11;
const BYTES_AT_ONCE = 1 << 20;

const TYPE_NONE = 0;
const TYPE_FUNCTION = 2;
const TYPE_INDIRECT_FUNCTION = 10;
const BIND_GLOBAL = 1;
const BIND_WEAK = 2;
const INDEX_ABSOLUTE = 0xfff1;
const INDEX_COMMON = 0xfff2;
const INDEX_ESCAPED = 0xffff;

const MACHINE_ARM = 40;
const MACHINE_AARCH64 = 183;
const MACHINE_RISCV = 243;

/** The table of all symbols, or the one of those that the dynamic linker needs. */
export function symbolSection(file: ElfFile, kind: 'all' | 'dynamic'): ElfSection | undefined {
  const type = kind === 'all' ? SECTION_SYMTAB : SECTION_DYNSYM;
  return file.sectionList.find((section) => section.type === type && section.size > 0);
}

/**
 * Names of the functions that hold addresses, out of one symbol table (gABI, chapter 4), which is read once from front to
 * back: only what one of the addresses may belong to is looked at. Of several symbols at one address `perf` takes one
 * (its choose_best_symbol), and so do we.
 * @param addresses ascending, as the table has them
 * @returns a name for each; '' where no symbol holds it
 */
export function namesFromTable(file: ElfFile, section: ElfSection, addresses: Float64Array): string[] {
  const candidates = new CandidateSymbols(addresses);
  forEachSymbol(file, section, candidates);
  const strings = new ElfStrings(file, file.sectionList[section.link]);
  const names = new Map<number, string>();
  const nameOf = (at: number): string => {
    let name = names.get(at);
    if (name === undefined) {
      name = demangled(strings.at(at));
      names.set(at, name);
    }
    return name;
  };
  return candidates.choose({ nameOf });
}

function forEachSymbol(file: ElfFile, section: ElfSection, candidates: CandidateSymbols): void {
  const { is64, littleEndian, machine } = file;
  const entrySize = section.entrySize;
  if (entrySize < (is64 ? 24 : 16) || entrySize > BYTES_AT_ONCE) return;
  const labels = labelSections(file);
  const marksCode = machine === MACHINE_ARM || machine === MACHINE_AARCH64 || machine === MACHINE_RISCV;
  const strings = marksCode ? new ElfStrings(file, file.sectionList[section.link]) : undefined;
  const [infoAt, otherAt, indexAt, valueAt, sizeAt] = is64 ? [4, 5, 6, 8, 16] : [12, 13, 14, 4, 8];
  const step = Math.floor(BYTES_AT_ONCE / entrySize) * entrySize;
  for (let from = 0; from < section.size; from += step) {
    const bytes = file.read(section.offset + from, Math.min(step, section.size - from));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const word = is64
      ? (at: number) =>
          littleEndian
            ? view.getInt32(at + 4, true) * 0x100000000 + view.getUint32(at, true)
            : view.getInt32(at, false) * 0x100000000 + view.getUint32(at + 4, false)
      : (at: number) => view.getUint32(at, littleEndian);
    for (let at = 0; at + entrySize <= bytes.length; at += entrySize) {
      const info = bytes[at + infoAt!]!;
      const type = info & 15;
      if (type > TYPE_FUNCTION && type !== TYPE_INDIRECT_FUNCTION) continue;
      const index = view.getUint16(at + indexAt!, littleEndian);
      const name = view.getUint32(at, littleEndian);
      if (index === 0 || index === INDEX_ABSOLUTE || index === INDEX_COMMON || name === 0) continue;
      if (type === TYPE_NONE) {
        // Labels of an assembler count where code or data is, unless they are for the linker only.
        const visibility = bytes[at + otherAt!]! & 3;
        if (visibility === 1 || visibility === 2 || labels[index] !== 1 || index === INDEX_ESCAPED) continue;
      }
      let value = word(at + valueAt!);
      if (machine === MACHINE_ARM && type === TYPE_FUNCTION && value % 2 !== 0) value--;
      if (!candidates.mayMatter(value)) continue;
      if (type === TYPE_NONE && strings !== undefined && isMark(strings, name)) continue;
      const bind = info >> 4;
      candidates.add(value, word(at + sizeAt!), name, bind !== BIND_WEAK ? (bind === BIND_GLOBAL ? 2 : 1) : 0);
    }
    if (bytes.length < Math.min(step, section.size - from)) return;
  }
}

/** $a, $d, $t, $x (ARM, RISC-V): where code turns to data and back; no names. */
function isMark(strings: ElfStrings, at: number): boolean {
  return strings.byteAt(at) === DOLLAR && MARKS.includes(strings.byteAt(at + 1)) && !isWordByte(strings.byteAt(at + 2));
}

const DOLLAR = 0x24;
const MARKS = [...Buffer.from('adtx')];
const isWordByte = (byte: number): boolean => /\w/.test(String.fromCharCode(byte));

/** Which sections may hold labels that count, as `perf` has it: those with "text" or "data" in their names. */
function labelSections(file: ElfFile): Uint8Array {
  const named = new Map([...file.sections].map(([name, section]) => [section, name]));
  return Uint8Array.from(file.sectionList, (section) => {
    const name = named.get(section) ?? '';
    return name.includes('text') || name.includes('data') ? 1 : 0;
  });
}
