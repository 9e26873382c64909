import { demangled } from './demangle.ts';
import type { ElfFile } from './elf-file.ts';
import { ElfNumbers, type ElfSection } from './elf-headers.ts';
import { ElfStrings } from './elf-strings.ts';
import { type Relocation, Relocations } from './relocations.ts';

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
        : this.names.ofStub(stubIndex(this.file, section, address));
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

/** Names of what is put into places of the global offset table. */
class RelocatedNames {
  private readonly file: ElfFile;
  private readonly numbers: ElfNumbers;
  private readonly dynamic: ElfSection | undefined;
  private readonly strings: ElfStrings;
  private readonly ofPlt: Relocations | undefined;
  private others: Relocations | undefined;

  constructor(file: ElfFile) {
    this.file = file;
    this.numbers = new ElfNumbers(file.is64, file.littleEndian);
    this.ofPlt = Relocations.of(file, '.rela.plt') ?? Relocations.of(file, '.rel.plt');
    this.dynamic = file.sections.get('.dynsym');
    this.strings = new ElfStrings(file, this.dynamic && file.sectionList[this.dynamic.link]);
  }

  ofStub(index: number): Relocation | undefined {
    return this.ofPlt?.get(index);
  }

  atPlace(place: number): Relocation | undefined {
    const known = this.ofPlt?.at(place);
    if (known !== undefined) return known;
    this.others ??= Relocations.of(this.file, '.rela.dyn');
    const other = this.others?.at(place);
    return other?.symbol === 0 ? undefined : other;
  }

  nameOf(symbol: number): string {
    const { file, numbers, dynamic } = this;
    if (dynamic === undefined || symbol === 0) return '';
    const size = file.is64 ? 24 : 16;
    if ((symbol + 1) * size > dynamic.size) return '';
    const bytes = file.read(dynamic.offset + symbol * size, 4);
    return bytes.length < 4 ? '' : demangled(this.strings.at(numbers.u32(bytes, 0)));
  }
}
