import { endianness } from 'node:os';
import { demangled } from './demangle.ts';
import type { ElfFile } from './elf-file.ts';
import type { ElfSection } from './elf-headers.ts';
import { ElfStrings } from './elf-strings.ts';
import { MAX_SPAN, SizedSymbols, type SymbolSink, UnsizedSymbols } from './symbol-candidates.ts';

const SECTION_SYMTAB = 2;
const SECTION_DYNSYM = 11;
const BYTES_AT_ONCE = 1 << 16;

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
  const strings = new ElfStrings(file, file.sectionList[section.link]);
  const known = new Map<number, string>();
  const nameOf = (at: number): string => {
    let name = known.get(at);
    if (name === undefined) {
      name = demangled(strings.at(at));
      known.set(at, name);
    }
    return name;
  };
  const names: string[] = [];
  while (names.length < addresses.length) {
    const from = names.length;
    const end = addresses.findIndex((address, i) => i > from && address - addresses[from]! > MAX_SPAN);
    names.push(...namesNear(file, section, addresses.subarray(from, end === -1 ? addresses.length : end), nameOf));
  }
  return names;
}

/** @param addresses ascending, at least one, not farther apart than {@link MAX_SPAN} */
function namesNear(
  file: ElfFile,
  section: ElfSection,
  addresses: Float64Array,
  nameOf: (at: number) => string,
): string[] {
  const sized = new SizedSymbols(addresses);
  forEachSymbol(file, section, sized);
  const names = sized.choose(nameOf);
  const nameless = addresses.filter((_, i) => names[i] === '');
  if (!sized.hasUnsized || nameless.length === 0) return names;
  const unsized = new UnsizedSymbols(nameless);
  forEachSymbol(file, section, unsized);
  const others = unsized.choose(nameOf).values();
  return names.map((name) => name || others.next().value!);
}

/** Where the parts of a symbol stand, in words of 4 bytes, once the words are in this machine's order. */
interface SymbolShape {
  readonly words: number;
  readonly value: number;
  readonly valueHigh: number;
  readonly size: number;
  readonly sizeHigh: number;
  /** The word of type and binding (8 bits), visibility (8 bits) and section (16 bits), and how far they are shifted. */
  readonly info: number;
  readonly infoShift: number;
  readonly otherShift: number;
  readonly sectionShift: number;
}

function shapeOf({ is64, littleEndian }: ElfFile, entrySize: number): SymbolShape {
  const high = littleEndian ? 1 : 0;
  const low = littleEndian ? 0 : 1;
  const shifts = littleEndian
    ? { infoShift: 0, otherShift: 8, sectionShift: 16 }
    : { infoShift: 24, otherShift: 16, sectionShift: 0 };
  return is64
    ? {
        words: entrySize / 4,
        info: 1,
        value: 2 + low,
        valueHigh: 2 + high,
        size: 4 + low,
        sizeHigh: 4 + high,
        ...shifts,
      }
    : { words: entrySize / 4, info: 3, value: 1, valueHigh: -1, size: 2, sizeHigh: -1, ...shifts };
}

function forEachSymbol(file: ElfFile, section: ElfSection, sink: SymbolSink): void {
  const { entrySize } = section;
  if (entrySize < (file.is64 ? 24 : 16) || entrySize > BYTES_AT_ONCE || entrySize % 4 !== 0) return;
  const shape = shapeOf(file, entrySize);
  const filter = new SymbolFilter(file, section, sink);
  const step = Math.floor(BYTES_AT_ONCE / entrySize) * entrySize;
  const room = Buffer.from(new ArrayBuffer(step));
  const words = new Uint32Array(room.buffer);
  const swapped = file.littleEndian !== (endianness() === 'LE');
  for (let from = 0; from < section.size; from += step) {
    const length = Math.min(step, section.size - from);
    const bytes = file.read(section.offset + from, length, room);
    if (swapped) bytes.subarray(0, bytes.length - (bytes.length % 4)).swap32();
    scan(words, Math.floor(bytes.length / entrySize), shape, sink, filter);
    if (bytes.length < length) return;
  }
}

/** The innermost loop: nearly all symbols hold none of the addresses, and end at the first `continue`s. */
function scan(words: Uint32Array, count: number, shape: SymbolShape, sink: SymbolSink, filter: SymbolFilter): void {
  const { value, valueHigh, size, sizeHigh, info, infoShift } = shape;
  const { nextPage, firstPage } = sink;
  const pages = nextPage.length;
  const end = count * shape.words;
  for (let at = 0; at < end; at += shape.words) {
    const type = (words[at + info]! >>> infoShift) & 15;
    if (type > TYPE_FUNCTION && type !== TYPE_INDIRECT_FUNCTION) continue;
    const low = words[at + value]!;
    const high = valueHigh === -1 ? 0 : words[at + valueHigh]! | 0;
    const bytes = words[at + size]!;
    const bytesHigh = sizeHigh === -1 ? 0 : words[at + sizeHigh]!;
    const page = high * PAGES_PER_HIGH + (low >>> 12) - firstPage;
    if (page >= pages) continue;
    const lastPage = page + bytesHigh * PAGES_PER_HIGH + (((low & 0xfff) + bytes) >>> 12);
    if (bytes !== 0 && nextPage[page < 0 ? 0 : page]! > lastPage) continue;
    filter.take(words, at, shape, type, high * 0x100000000 + low, (bytesHigh | 0) * 0x100000000 + bytes);
  }
}

/** Of an address's upper 4 bytes, how many pages of 4 kB one is. */
const PAGES_PER_HIGH = 1 << 20;

/** Passes on what names code or data. */
class SymbolFilter {
  private readonly machine: number;
  private readonly sink: SymbolSink;
  private readonly labels: Uint8Array;
  private readonly marks: ElfStrings | undefined;

  constructor(file: ElfFile, section: ElfSection, sink: SymbolSink) {
    const { machine } = file;
    this.machine = machine;
    this.sink = sink;
    this.labels = labelSections(file);
    const hasMarks = machine === MACHINE_ARM || machine === MACHINE_AARCH64 || machine === MACHINE_RISCV;
    this.marks = hasMarks ? new ElfStrings(file, file.sectionList[section.link]) : undefined;
  }

  take(words: Uint32Array, at: number, shape: SymbolShape, type: number, value: number, size: number): void {
    const info = words[at + shape.info]!;
    const index = (info >>> shape.sectionShift) & 0xffff;
    const name = words[at]!;
    if (index === 0 || index === INDEX_ABSOLUTE || index === INDEX_COMMON || name === 0) return;
    if (type === TYPE_NONE) {
      // Labels of an assembler count where code or data is, unless they are for the linker only.
      const visibility = (info >>> shape.otherShift) & 3;
      if (visibility === 1 || visibility === 2 || this.labels[index] !== 1 || index === INDEX_ESCAPED) return;
      if (this.marks !== undefined && isMark(this.marks, name)) return;
    }
    // Of ARM's functions the lowest bit says that they are Thumb code.
    const start = this.machine === MACHINE_ARM && type === TYPE_FUNCTION ? value - (value % 2) : value;
    const bind = ((info >>> shape.infoShift) >>> 4) & 15;
    this.sink.add(start, Math.max(0, size), name, bind === BIND_WEAK ? 0 : bind === BIND_GLOBAL ? 2 : 1);
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
