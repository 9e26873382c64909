import { type ByteSource, memorySource, openRegularFile } from './byte-source.ts';
import { elfBuildId } from './elf-build-id.ts';
import { type ElfHeaders, ElfNumbers, type ElfSection, type ElfSegment, elfHeaders } from './elf-headers.ts';
import { inflatedOldSection, inflatedSection } from './elf-inflate.ts';

/** An executable, library or file of debug information, open for reading. Nothing here throws on bad bytes. */
export interface ElfFile {
  readonly path: string;
  readonly is64: boolean;
  readonly littleEndian: boolean;
  /** 2 = ET_EXEC, 3 = ET_DYN, ... */
  readonly type: number;
  /** 62 = EM_X86_64, 183 = EM_AARCH64, ... */
  readonly machine: number;
  /** Program headers, in the file's order. */
  readonly segments: readonly ElfSegment[];
  /** By name; of two of one name the first. */
  readonly sections: ReadonlyMap<string, ElfSection>;
  /** By index, as `link` counts. */
  readonly sectionList: readonly ElfSection[];
  /** Lower-case hex; '' when there is none. */
  readonly buildId: string;
  /** Size of the file in bytes. */
  readonly size: number;
  /** As {@link ByteSource} has it. */
  readonly identity: string;
  /** The part of `offset` .. `offset + length` that the file has; in `into`, where it is given. */
  read(offset: number, length: number, into?: Buffer): Buffer;
  /** What a section holds, decompressed; undefined when there is none, it is not in this file, or it is broken. */
  section(name: string): Buffer | undefined;
  /** The address, as symbol tables and unwind tables have it, of a byte of the file; undefined outside of all segments. */
  addressOf(fileOffset: number): number | undefined;
  close(): void;
}

const SEGMENT_LOAD = 1;
const FLAG_EXECUTE = 1;
const SECTION_NOBITS = 8;

/**
 * Opens an ELF file (System V gABI), 32 or 64 bit, of either byte order.
 * @returns undefined when it is no regular file, no ELF file, or cannot be read
 */
export function openElf(path: string): ElfFile | undefined {
  const source = openRegularFile(path);
  const file = source && elfFile(path, source);
  if (file === undefined) source?.close();
  return file;
}

/**
 * An ELF file that stands in memory: the vdso, a decompressed file.
 * @param name what `path` says
 */
export function elfOfBytes(name: string, bytes: Buffer): ElfFile | undefined {
  return elfFile(name, memorySource(bytes));
}

/** What a file is, apart from its bytes. */
interface Described {
  readonly headers: ElfHeaders;
  readonly buildId: string;
}

/** By the file's identity: while a program is recorded its files are looked at again and again. */
const known = new Map<string, Described>();
/** More than a recording has files that are looked at twice; of more all are forgotten. */
const MOST_KNOWN = 256;
/** Object files that are not linked have thousands: too much to keep. */
const MOST_SECTIONS = 256;

function described(source: ByteSource): Described | undefined {
  const { identity } = source;
  const before = known.get(identity);
  if (before !== undefined) return before;
  const headers = elfHeaders(source);
  const found = headers && { headers, buildId: elfBuildId(source, headers) };
  if (found !== undefined && identity !== '' && found.headers.sectionList.length <= MOST_SECTIONS) {
    if (known.size === MOST_KNOWN) known.clear();
    known.set(identity, found);
  }
  return found;
}

function elfFile(path: string, source: ByteSource): ElfFile | undefined {
  const found = described(source);
  if (found === undefined) return undefined;
  const { headers, buildId } = found;
  const numbers = new ElfNumbers(headers.is64, headers.littleEndian);
  const loaded = headers.segments.filter(({ type }) => type === SEGMENT_LOAD);
  // Two segments may show one part of the file; code is what addresses are asked of.
  const byUse = [...loaded.filter(isCode), ...loaded.filter((segment) => !isCode(segment))];
  return {
    path,
    ...headers,
    buildId,
    size: source.size,
    identity: source.identity,
    read: (offset, length, into) => source.read(offset, length, into),
    section: (name) => sectionBytes(source, headers, numbers, name),
    addressOf(fileOffset) {
      for (const { offset, fileSize, address } of byUse) {
        if (fileOffset >= offset && fileOffset < offset + fileSize) return address + (fileOffset - offset);
      }
      return undefined;
    },
    close: () => source.close(),
  };
}

const isCode = ({ flags }: ElfSegment): boolean => (flags & FLAG_EXECUTE) !== 0;

function sectionBytes(source: ByteSource, headers: ElfHeaders, numbers: ElfNumbers, name: string): Buffer | undefined {
  const section = headers.sections.get(name);
  if (section !== undefined) {
    if (section.type === SECTION_NOBITS) return undefined;
    const bytes = source.read(section.offset, section.size);
    if (section.compressed) return inflatedSection(bytes, numbers);
    return bytes.length === 0 ? undefined : bytes;
  }
  const old = name.startsWith('.debug_') ? headers.sections.get(name.replace('.', '.z')) : undefined;
  return old && inflatedOldSection(source.read(old.offset, old.size));
}
