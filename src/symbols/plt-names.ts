import { demangled } from './demangle.ts';
import type { ElfFile } from './elf-file.ts';
import { ElfNumbers, type ElfSection } from './elf-headers.ts';
import { ElfStrings } from './elf-strings.ts';

/** One of the stubs through which a program calls functions of its libraries. */
export interface PltStub {
  /** Of the function, without `@plt`; '' when the stub calls an indirect function that only `target` tells. */
  readonly name: string;
  /** Address of an indirect function's resolver; symbol tables name it as the function. */
  readonly target: number | undefined;
}

const MACHINE_386 = 3;
const MACHINE_ARM = 40;
const MACHINE_X86_64 = 62;
const MACHINE_AARCH64 = 183;
const SECTION_RELA = 4;
/** More than any program has. */
const MAX_RELOCATIONS = 1 << 20;

/**
 * Names the stubs of .plt, .plt.sec and .plt.got by the relocations of the places that they jump to (.rela.plt and
 * .rela.dyn). On x86-64 each stub says its place; elsewhere they stand in the order of .rela.plt, after a head.
 */
export class PltStubs {
  private readonly file: ElfFile;
  private readonly sections: readonly ElfSection[];
  private names: RelocatedNames | undefined;

  constructor(file: ElfFile) {
    this.file = file;
    this.sections = ['.plt', '.plt.sec', '.plt.got'].flatMap((name) => file.sections.get(name) ?? []);
  }

  /** The stub that holds an address. */
  at(address: number): PltStub | undefined {
    const section = this.sections.find((one) => address >= one.address && address < one.address + one.size);
    if (section === undefined) return undefined;
    this.names ??= new RelocatedNames(this.file);
    const relocation =
      this.file.machine === MACHINE_X86_64
        ? this.jumpOf(section, address, this.names)
        : this.names.ofPlt[stubIndex(this.file, section, address)];
    if (relocation === undefined) return undefined;
    if (relocation.symbol === 0) return { name: '', target: relocation.addend };
    const name = this.names.nameOf(relocation.symbol);
    return name === '' ? undefined : { name, target: undefined };
  }

  /** x86-64: each stub jumps through a place relative to itself: `ff 25` and 4 bytes (Intel SDM, JMP). */
  private jumpOf(section: ElfSection, address: number, names: RelocatedNames): Relocation | undefined {
    const size = section.entrySize === 8 ? 8 : 16;
    const start = Math.floor((address - section.address) / size) * size;
    const stub = this.file.read(section.offset + start, size);
    const jump = stub.indexOf(JUMP);
    if (jump === -1 || jump + 6 > stub.length) return undefined;
    return names.atPlace(section.address + start + jump + 6 + stub.readInt32LE(jump + 2));
  }
}

/** Which stub of a .plt holds an address; -1 for its head and for other sections. */
function stubIndex({ machine, sections }: ElfFile, section: ElfSection, address: number): number {
  const shape = section === sections.get('.plt') ? stubShape(machine, section) : undefined;
  return shape === undefined ? -1 : Math.floor((address - section.address - shape.head) / shape.size);
}

/** Bytes before the first stub, and of each. */
function stubShape(machine: number, plt: ElfSection): { head: number; size: number } | undefined {
  if (machine === MACHINE_AARCH64) return { head: 32, size: plt.entrySize === 24 ? 24 : 16 };
  if (machine === MACHINE_ARM) return { head: 20, size: 12 };
  const size = machine === MACHINE_386 ? 16 : plt.entrySize;
  return size > 0 ? { head: size, size } : undefined;
}

const JUMP = Buffer.from([0xff, 0x25]);

interface Relocation {
  readonly place: number;
  /** Index in .dynsym; 0 = none: the address of an indirect function is in `addend`. */
  readonly symbol: number;
  readonly addend: number;
}

/** Names of what is put into places of the global offset table (gABI, chapter 4: relocation). */
class RelocatedNames {
  readonly ofPlt: readonly Relocation[];
  private readonly file: ElfFile;
  private readonly numbers: ElfNumbers;
  private readonly dynamic: ElfSection | undefined;
  private readonly strings: ElfStrings;
  private byPlace: Map<number, Relocation> | undefined;

  constructor(file: ElfFile) {
    this.file = file;
    this.numbers = new ElfNumbers(file.is64, file.littleEndian);
    this.ofPlt = this.relocations('.rela.plt') ?? this.relocations('.rel.plt') ?? [];
    this.dynamic = file.sections.get('.dynsym');
    this.strings = new ElfStrings(file, this.dynamic && file.sectionList[this.dynamic.link]);
  }

  atPlace(place: number): Relocation | undefined {
    if (this.byPlace === undefined) {
      this.byPlace = new Map(this.ofPlt.map((relocation) => [relocation.place, relocation]));
      for (const relocation of this.relocations('.rela.dyn') ?? []) {
        if (relocation.symbol !== 0) this.byPlace.set(relocation.place, relocation);
      }
    }
    return this.byPlace.get(place);
  }

  nameOf(symbol: number): string {
    const { file, numbers, dynamic } = this;
    if (dynamic === undefined || symbol === 0) return '';
    const size = file.is64 ? 24 : 16;
    if ((symbol + 1) * size > dynamic.size) return '';
    const bytes = file.read(dynamic.offset + symbol * size, 4);
    return bytes.length < 4 ? '' : demangled(this.strings.at(numbers.u32(bytes, 0)));
  }

  private relocations(name: string): Relocation[] | undefined {
    const section = this.file.sections.get(name);
    if (section === undefined) return undefined;
    const { file, numbers } = this;
    const word = file.is64 ? 8 : 4;
    const hasAddend = section.type === SECTION_RELA;
    const size = hasAddend ? 3 * word : 2 * word;
    const bytes = file.read(section.offset, Math.min(section.size, MAX_RELOCATIONS * size));
    const found: Relocation[] = [];
    for (let at = 0; at + size <= bytes.length; at += size) {
      // r_info: in 64 bits the upper half is the symbol, in 32 all but the lowest byte.
      const symbol = file.is64
        ? numbers.u32(bytes, at + (file.littleEndian ? 12 : 8))
        : numbers.u32(bytes, at + 4) >>> 8;
      const place = numbers.word(bytes, at);
      found.push({ place, symbol, addend: hasAddend ? numbers.word(bytes, at + 2 * word) : 0 });
    }
    return found;
  }
}
