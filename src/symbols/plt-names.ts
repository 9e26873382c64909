import { demangled } from './demangle.ts';
import type { ElfFile } from './elf-file.ts';
import { ElfNumbers, type ElfSection } from './elf-headers.ts';
import { ElfStrings } from './elf-strings.ts';

/** The stubs through which a program calls functions of its libraries. */
export interface PltStub {
  readonly address: number;
  readonly size: number;
  /** Of the function, without `@plt`; '' when the stub calls an indirect function that only `target` tells. */
  readonly name: string;
  /** Address of an indirect function's resolver; symbol tables name it as the function. */
  readonly target: number | undefined;
}

/** Sections of stubs, as linkers call them. */
export const PLT_SECTIONS = ['.plt', '.plt.sec', '.plt.got'];

const MACHINE_386 = 3;
const MACHINE_ARM = 40;
const MACHINE_X86_64 = 62;
const MACHINE_AARCH64 = 183;
const SECTION_RELA = 4;
/** More stubs than any program has. */
const MAX_STUBS = 1 << 17;

/**
 * Names the stubs of .plt, .plt.sec and .plt.got by the relocations of the places that they jump to (.rela.plt and
 * .rela.dyn). On x86-64 each stub says its place; elsewhere they stand in the order of .rela.plt, after a head.
 */
export function pltStubs(file: ElfFile): PltStub[] {
  const numbers = new ElfNumbers(file.is64, file.littleEndian);
  const names = new RelocatedNames(file, numbers);
  const stubs: PltStub[] = [];
  if (file.machine === MACHINE_X86_64) {
    for (const section of PLT_SECTIONS) stubs.push(...jumps(file, file.sections.get(section), names));
    return stubs;
  }
  const plt = file.sections.get('.plt');
  const shape = plt && stubShape(file.machine, plt);
  if (plt === undefined || shape === undefined) return stubs;
  for (const [index, { symbol }] of names.ofPlt.entries()) {
    const address = plt.address + shape.head + index * shape.size;
    if (address + shape.size > plt.address + plt.size) break;
    const name = names.nameOf(symbol);
    if (name !== '') stubs.push({ address, size: shape.size, name, target: undefined });
  }
  return stubs;
}

/** Bytes before the first stub, and of each. */
function stubShape(machine: number, plt: ElfSection): { head: number; size: number } | undefined {
  if (machine === MACHINE_AARCH64) return { head: 32, size: plt.entrySize > 16 ? plt.entrySize : 16 };
  if (machine === MACHINE_ARM) return { head: 20, size: 12 };
  const size = machine === MACHINE_386 ? 16 : plt.entrySize;
  return size > 0 ? { head: size, size } : undefined;
}

/** x86-64: within each stub an indirect jump through a place relative to itself: `ff 25` and 4 bytes (Intel SDM, JMP). */
function jumps(file: ElfFile, section: ElfSection | undefined, names: RelocatedNames): PltStub[] {
  if (section === undefined) return [];
  const size = section.entrySize === 8 ? 8 : 16;
  const bytes = file.read(section.offset, Math.min(section.size, MAX_STUBS * size));
  const stubs: PltStub[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) {
    const jump = bytes.subarray(at, at + size).indexOf(JUMP);
    if (jump === -1 || jump + 6 > size) continue;
    const place = section.address + at + jump + 6 + bytes.readInt32LE(at + jump + 2);
    const found = names.atPlace(place);
    if (found === undefined) continue;
    const name = names.nameOf(found.symbol);
    const target = found.symbol === 0 ? found.addend : undefined;
    if (name !== '' || target !== undefined) stubs.push({ address: section.address + at, size, name, target });
  }
  return stubs;
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

  constructor(file: ElfFile, numbers: ElfNumbers) {
    this.file = file;
    this.numbers = numbers;
    this.ofPlt = this.relocations('.rela.plt') ?? this.relocations('.rel.plt') ?? [];
    this.dynamic = file.sections.get('.dynsym');
    this.strings = new ElfStrings(file, this.dynamic && file.sectionList[this.dynamic.link]);
  }

  atPlace(place: number): Relocation | undefined {
    if (this.byPlace === undefined) {
      const others = this.relocations('.rela.dyn')?.filter(({ symbol }) => symbol !== 0) ?? [];
      this.byPlace = new Map([...others, ...this.ofPlt].map((relocation) => [relocation.place, relocation]));
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
    const bytes = file.read(section.offset, Math.min(section.size, MAX_STUBS * size));
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
