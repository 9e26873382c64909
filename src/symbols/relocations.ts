import { endianness } from 'node:os';
import type { ElfFile } from './elf-file.ts';
import type { ElfSection } from './elf-headers.ts';

const SECTION_RELA = 4;
/** More than any program has. */
const MAX_RELOCATIONS = 1 << 20;

export interface Relocation {
  /** Index in .dynsym; 0 = none: the address of an indirect function is in `addend`. */
  readonly symbol: number;
  /** 0 where the table has none. */
  readonly addend: number;
}

/**
 * A table of what is put into places of memory (gABI, chapter 4: relocation), as words of 4 bytes: a library has thousands,
 * of which few are asked for.
 */
export class Relocations {
  private readonly length: number;
  private readonly words: Uint32Array;
  /** Words each. */
  private readonly size: number;
  private readonly is64: boolean;
  private readonly hasAddend: boolean;
  /** Of two words, the one with the lower bits. */
  private readonly low: number;
  private places: Map<number, number> | undefined;

  private constructor(file: ElfFile, section: ElfSection) {
    this.is64 = file.is64;
    this.hasAddend = section.type === SECTION_RELA;
    this.size = (this.hasAddend ? 3 : 2) * (file.is64 ? 2 : 1);
    this.low = file.littleEndian ? 0 : 1;
    const bytesEach = this.size * 4;
    const wanted = Math.min(Math.floor(Math.min(section.size, file.size) / bytesEach), MAX_RELOCATIONS);
    const room = Buffer.from(new ArrayBuffer(wanted * bytesEach));
    this.length = Math.floor(file.read(section.offset, room.length, room).length / bytesEach);
    this.words = new Uint32Array(room.buffer);
    if (file.littleEndian !== (endianness() === 'LE')) room.swap32();
  }

  /** @returns undefined where the file has no such section */
  static of(file: ElfFile, name: string): Relocations | undefined {
    const section = file.sections.get(name);
    return section && new Relocations(file, section);
  }

  /** By its number in the table. */
  get(index: number): Relocation | undefined {
    if (!(index >= 0 && index < this.length)) return undefined;
    const { words, low, size, is64, hasAddend } = this;
    const at = index * size;
    // In 64 bits the upper half names the symbol, in 32 all but the lowest byte
    const symbol = is64 ? words[at + 3 - low]! : words[at + 1]! >>> 8;
    return { symbol, addend: hasAddend ? this.number(index, 2) : 0 };
  }

  /** By the address of the place. */
  at(place: number): Relocation | undefined {
    if (this.places === undefined) {
      this.places = new Map();
      for (let i = 0; i < this.length; i++) this.places.set(this.number(i, 0), i);
    }
    const index = this.places.get(place);
    return index === undefined ? undefined : this.get(index);
  }

  /** One part of an entry, as wide as the file's class has it. */
  private number(index: number, part: number): number {
    const { words, low, size } = this;
    if (!this.is64) return words[index * size + part]!;
    const at = index * size + 2 * part;
    return (words[at + 1 - low]! | 0) * 0x100000000 + words[at + low]!;
  }
}
