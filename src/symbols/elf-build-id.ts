import { endianness } from 'node:os';
import type { ByteSource } from './byte-source.ts';
import { type ElfHeaders, ElfNumbers } from './elf-headers.ts';

const SECTION_NOTE = 7;
const SEGMENT_NOTE = 4;
const NOTE_BUILD_ID = 3;
const OWNER = Buffer.from('GNU\0');
/** The linkers' longest is 20 bytes (SHA-1); some take any that a person gives. */
const MAX_BYTES = 64;
const MAX_NOTES = 1 << 16;
/** A program has three or four places of notes, the kernel a dozen. */
const MAX_PLACES = 64;

/**
 * The build-id that the linker put into a file (`.note.gnu.build-id`, `ld --build-id`).
 * @returns lower-case hex; '' when there is none
 */
export function elfBuildId(source: ByteSource, headers: ElfHeaders): string {
  const numbers = new ElfNumbers(headers.is64, headers.littleEndian);
  const own = headers.sections.get('.note.gnu.build-id');
  // Sections first: in files that hold only debug information the program headers tell of another file.
  const places = [
    ...(own ? [{ offset: own.offset, size: own.size, align: 4 }] : []),
    ...headers.sectionList
      .filter(({ type }) => type === SECTION_NOTE)
      .map(({ offset, size }) => ({ offset, size, align: 4 })),
    ...headers.segments
      .filter(({ type }) => type === SEGMENT_NOTE)
      .map(({ offset, fileSize, align }) => ({ offset, size: fileSize, align })),
  ];
  for (const { offset, size, align } of places.slice(0, MAX_PLACES)) {
    const id = fromNotes(source.read(offset, Math.min(size, MAX_NOTES)), numbers, align === 8 ? 8 : 4);
    if (id !== '') return id;
  }
  return '';
}

/** The build-id in notes that stand for themselves, in this machine's byte order: /sys/kernel/notes. */
export function buildIdOfNotes(notes: Buffer): string {
  return fromNotes(notes, new ElfNumbers(true, endianness() === 'LE'), 4);
}

/** Notes: sizes of owner and description, type, owner, description, each padded (gABI, chapter 5). */
function fromNotes(bytes: Buffer, numbers: ElfNumbers, align: number): string {
  const padded = (length: number): number => Math.ceil(length / align) * align;
  for (let at = 0; at + 12 <= bytes.length; ) {
    const ownerSize = numbers.u32(bytes, at);
    const size = numbers.u32(bytes, at + 4);
    const type = numbers.u32(bytes, at + 8);
    const start = at + padded(12 + ownerSize);
    if (type === NOTE_BUILD_ID && bytes.subarray(at + 12, at + 12 + ownerSize).equals(OWNER)) {
      return size <= MAX_BYTES && start + size <= bytes.length ? bytes.toString('hex', start, start + size) : '';
    }
    at = start + padded(size);
  }
  return '';
}
