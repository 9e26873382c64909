import type { ByteSource } from './byte-source.ts';

/** A part of the file that is put into memory, or notes (a program header). */
export interface ElfSegment {
  /** 1 = PT_LOAD, 4 = PT_NOTE, ... */
  readonly type: number;
  /** 1 = execute, 2 = write, 4 = read. */
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly align: number;
}

/** A part of the file that has a name (a section header). */
export interface ElfSection {
  readonly offset: number;
  readonly size: number;
  readonly address: number;
  /** Index of the section that this one needs: of a symbol table its strings. */
  readonly link: number;
  readonly entrySize: number;
  /** 2 = SHT_SYMTAB, 3 = SHT_STRTAB, 7 = SHT_NOTE, 8 = SHT_NOBITS (not in the file), 11 = SHT_DYNSYM, ... */
  readonly type: number;
  /** SHF_COMPRESSED. */
  readonly compressed: boolean;
}

export interface ElfHeaders {
  readonly is64: boolean;
  readonly littleEndian: boolean;
  /** 2 = ET_EXEC, 3 = ET_DYN, ... */
  readonly type: number;
  /** 62 = EM_X86_64, 183 = EM_AARCH64, ... */
  readonly machine: number;
  readonly segments: readonly ElfSegment[];
  /** By index, as `link` counts; index 0 is none. */
  readonly sectionList: readonly ElfSection[];
  /** Of two of one name the first. */
  readonly sections: ReadonlyMap<string, ElfSection>;
}

/** Numbers of an ELF file. Addresses of the upper half of 64 bits are negative and exact: `(hi - 2^32) * 2^32 + lo`. */
export class ElfNumbers {
  readonly is64: boolean;
  readonly littleEndian: boolean;

  constructor(is64: boolean, littleEndian: boolean) {
    this.is64 = is64;
    this.littleEndian = littleEndian;
  }

  u16(bytes: Buffer, at: number): number {
    return this.littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  u32(bytes: Buffer, at: number): number {
    return this.littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  /** 4 or 8 bytes, as the file's class has it. */
  word(bytes: Buffer, at: number): number {
    if (!this.is64) return this.u32(bytes, at);
    return this.littleEndian
      ? bytes.readInt32LE(at + 4) * 0x100000000 + bytes.readUInt32LE(at)
      : bytes.readInt32BE(at) * 0x100000000 + bytes.readUInt32BE(at + 4);
  }
}

const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
/** More sections or segments than any linker made. */
const MAX_ENTRIES = 1 << 17;
const MAX_NAMES = 1 << 24;
const MAX_NAME = 256;
/** Counts that do not fit 16 bits stand in section 0 (gABI, chapter 4: e_shnum, e_shstrndx; e_phnum). */
const ESCAPED = 0xffff;

/**
 * Reads the ELF header, the program headers and the section headers (System V gABI, chapters 4 and 5). Tables that reach
 * out of the file are read as far as it goes.
 * @returns undefined when it is no ELF file
 */
export function elfHeaders(source: ByteSource): ElfHeaders | undefined {
  const header = source.read(0, 64);
  if (header.length < 52 || !header.subarray(0, 4).equals(MAGIC)) return undefined;
  const [, , , , fileClass, order] = header;
  if ((fileClass !== 1 && fileClass !== 2) || (order !== 1 && order !== 2)) return undefined;
  const is64 = fileClass === 2;
  if (is64 && header.length < 64) return undefined;
  const numbers = new ElfNumbers(is64, order === 1);
  const half = (at32: number, at64: number): number => numbers.u16(header, is64 ? at64 : at32);
  const word = (at32: number, at64: number): number => numbers.word(header, is64 ? at64 : at32);

  const sectionsAt = word(32, 40);
  const sectionSize = half(46, 58);
  const first = table(source, numbers, sectionsAt, sectionSize, 1, readSection)[0];
  const count = half(48, 60);
  const namesIndex = half(50, 62);
  const list = first ? table(source, numbers, sectionsAt, sectionSize, count || first.section.size, readSection) : [];
  const segmentCount = half(44, 56);
  return {
    is64,
    littleEndian: order === 1,
    type: half(16, 16),
    machine: half(18, 18),
    segments: table(
      source,
      numbers,
      word(28, 32),
      half(42, 54),
      segmentCount === ESCAPED && first ? first.info : segmentCount,
      readSegment,
    ),
    sectionList: list.map(({ section }) => section),
    sections: named(source, list, namesIndex === ESCAPED && first ? first.section.link : namesIndex),
  };
}

type Entry<T> = { readonly size32: number; readonly size64: number; read(numbers: ElfNumbers, bytes: Buffer): T };

/** As many of `count` entries as the file holds whole. */
function table<T>(
  source: ByteSource,
  numbers: ElfNumbers,
  offset: number,
  entrySize: number,
  count: number,
  entry: Entry<T>,
): T[] {
  const size = numbers.is64 ? entry.size64 : entry.size32;
  if (entrySize < size || !(count > 0)) return [];
  const bytes = source.read(offset, entrySize * Math.min(count, MAX_ENTRIES));
  const entries: T[] = [];
  for (let at = 0; at + size <= bytes.length; at += entrySize) {
    entries.push(entry.read(numbers, bytes.subarray(at, at + size)));
  }
  return entries;
}

const readSegment: Entry<ElfSegment> = {
  size32: 32,
  size64: 56,
  read(numbers, bytes) {
    const { is64 } = numbers;
    const word = (at32: number, at64: number): number => numbers.word(bytes, is64 ? at64 : at32);
    return {
      type: numbers.u32(bytes, 0),
      flags: numbers.u32(bytes, is64 ? 4 : 24),
      offset: word(4, 8),
      address: word(8, 16),
      fileSize: word(16, 32),
      memorySize: word(20, 40),
      align: word(28, 48),
    };
  },
};

type NamedSection = { readonly nameAt: number; readonly info: number; readonly section: ElfSection };
const FLAG_COMPRESSED = 0x800;

const readSection: Entry<NamedSection> = {
  size32: 40,
  size64: 64,
  read(numbers, bytes) {
    const { is64 } = numbers;
    const word = (at32: number, at64: number): number => numbers.word(bytes, is64 ? at64 : at32);
    return {
      nameAt: numbers.u32(bytes, 0),
      info: numbers.u32(bytes, is64 ? 44 : 28),
      section: {
        offset: word(16, 24),
        size: word(20, 32),
        address: word(12, 16),
        link: numbers.u32(bytes, is64 ? 40 : 24),
        entrySize: word(36, 56),
        type: numbers.u32(bytes, 4),
        // Bits above the lowest 32 are of no interest here; `&` takes the number modulo 2^32.
        compressed: (word(8, 8) & FLAG_COMPRESSED) !== 0,
      },
    };
  },
};

function named(source: ByteSource, list: readonly NamedSection[], namesIndex: number): Map<string, ElfSection> {
  const sections = new Map<string, ElfSection>();
  const table = list[namesIndex]?.section;
  if (table === undefined) return sections;
  const names = source.read(table.offset, Math.min(table.size, MAX_NAMES));
  for (const { nameAt, section } of list.slice(1)) {
    const most = names.subarray(nameAt, nameAt + MAX_NAME);
    const end = most.indexOf(0);
    const name = most.toString('latin1', 0, end === -1 ? most.length : end);
    if (!sections.has(name)) sections.set(name, section);
  }
  return sections;
}
