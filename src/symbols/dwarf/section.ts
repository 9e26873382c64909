import type { ElfFile } from '../elf-file.ts';
import { ElfNumbers } from '../elf-headers.ts';

/** A section of debug information: a part of a file, or inflated in memory. */
export interface Section {
  readonly size: number;
  /** All of it, where it is in memory anyway. */
  readonly bytes?: Buffer;
  /** What is there of `offset` .. `offset + length`; put into `into`, where it is given. */
  read(offset: number, length: number, into?: Buffer): Buffer;
}

/** A piece of a section. */
export interface Part {
  readonly offset: number;
  readonly size: number;
}

/** What is compressed has to be inflated whole: not more than this, of one file. */
const MOST_INFLATED = 2 ** 30;
/** Read at once: names and ranges are looked up here and there, and a read for each takes longer than all of it. */
const SMALL = 1 << 24;
const SECTION_NOBITS = 8;

/**
 * A section by its name, whether it is compressed or not.
 * @param budget how many bytes may still be inflated; takes off what was
 * @param part of the section, instead of all
 * @returns undefined when the file has none, or it is broken, or too large
 */
export function openSection(file: ElfFile, name: string, budget: InflateBudget, part?: Part): Section | undefined {
  const section = file.sections.get(name);
  if (section === undefined || section.compressed) {
    if (section !== undefined && !budget.take(inflatedSize(file, section.offset))) return undefined;
    const bytes = file.section(name);
    return memorySection(part === undefined ? bytes : bytes?.subarray(part.offset, part.offset + part.size));
  }
  if (section.type === SECTION_NOBITS || section.size <= 0) return undefined;
  const whole = Math.max(0, Math.min(section.size, file.size - section.offset));
  const offset = section.offset + (part?.offset ?? 0);
  const size = part === undefined ? whole : Math.max(0, Math.min(part.size, whole - part.offset));
  if (size <= SMALL) return memorySection(file.read(offset, size));
  return {
    size,
    read: (at, length, into) => file.read(offset + at, at >= 0 && at < size ? Math.min(length, size - at) : 0, into),
  };
}

export class InflateBudget {
  private left = MOST_INFLATED;

  take(size: number): boolean {
    this.left -= Math.max(0, size);
    return this.left >= 0;
  }
}

/** What the head of a compressed section says of its size (gABI, chapter 4: Elf_Chdr). */
function inflatedSize(file: ElfFile, offset: number): number {
  const head = file.read(offset, file.is64 ? 24 : 12);
  return head.length < 12 || (file.is64 && head.length < 24)
    ? 0
    : new ElfNumbers(file.is64, file.littleEndian).word(head, file.is64 ? 8 : 4);
}

function memorySection(bytes: Buffer | undefined): Section | undefined {
  if (bytes === undefined) return undefined;
  return {
    size: bytes.length,
    bytes,
    read: (at, length) => (at >= 0 && at < bytes.length ? bytes.subarray(at, at + Math.max(0, length)) : NOTHING),
  };
}

const NOTHING = Buffer.alloc(0);
