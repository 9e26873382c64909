import { openElf } from './elf-file.ts';

/** Where a program or library asks to be put in memory; whole pages. */
export interface ElfLayout {
  /** It cannot be put anywhere else. */
  readonly fixed: boolean;
  /** The lowest address. */
  readonly first: number;
  /** The parts that hold machine code. */
  readonly code: readonly { readonly start: number; readonly end: number }[];
}

const PAGE = 4096;
const TYPE_EXECUTABLE = 2;
const SEGMENT_LOAD = 1;
const FLAG_EXECUTE = 1;

/**
 * Reads where an ELF file is put in memory (System V ABI, chapter 5).
 * @returns undefined when the file is none or cannot be read
 */
export function elfLayout(path: string): ElfLayout | undefined {
  const file = openElf(path);
  if (file === undefined) return undefined;
  file.close();
  const pages = file.segments
    .filter(({ type }) => type === SEGMENT_LOAD)
    .map(({ flags, address, memorySize }) => ({
      flags,
      start: Math.floor(address / PAGE) * PAGE,
      end: Math.ceil((address + memorySize) / PAGE) * PAGE,
    }));
  const code = pages.filter(({ flags }) => (flags & FLAG_EXECUTE) !== 0).map(({ start, end }) => ({ start, end }));
  if (code.length === 0) return undefined;
  const first = pages.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY);
  return { fixed: file.type === TYPE_EXECUTABLE, first, code };
}
