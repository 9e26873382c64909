import { inflateSync } from 'node:zlib';
import { decompress as unzstd } from 'fzstd';
import type { ElfNumbers } from './elf-headers.ts';

const ZLIB = 1;
const ZSTD = 2;
/** Debug information shrinks 3 to 10 times; what says it shrank more, and is big, was made to harm. */
const MAX_RATIO = 100;
const FREE_SIZE = 1 << 24;

/**
 * Inflates a section that has SHF_COMPRESSED (gABI, chapter 4: Elf_Chdr, then zlib or zstd).
 * @returns undefined when it is broken, of another method, or a bomb
 */
export function inflatedSection(bytes: Buffer, numbers: ElfNumbers): Buffer | undefined {
  const head = numbers.is64 ? 24 : 12;
  if (bytes.length < head) return undefined;
  const size = numbers.word(bytes, numbers.is64 ? 8 : 4);
  return inflated(bytes.subarray(head), numbers.u32(bytes, 0), size);
}

/** The older way of GNU's tools, in sections called `.zdebug_...`: "ZLIB", the size as 8 bytes big-endian, zlib. */
export function inflatedOldSection(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'ZLIB') return undefined;
  return inflated(bytes.subarray(12), ZLIB, bytes.readUInt32BE(4) * 0x100000000 + bytes.readUInt32BE(8));
}

function inflated(bytes: Buffer, method: number, size: number): Buffer | undefined {
  if (!(size > 0 && size <= Math.max(FREE_SIZE, bytes.length * MAX_RATIO))) return undefined;
  try {
    if (method === ZLIB) return inflateSync(bytes, { maxOutputLength: size });
    if (method !== ZSTD) return undefined;
    const room = Buffer.alloc(size);
    unzstd(bytes, room);
    return room;
  } catch {
    return undefined;
  }
}
