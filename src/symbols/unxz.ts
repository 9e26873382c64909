import { BrokenLzma, LzmaDecoder } from './lzma.ts';

const MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]);
const FILTER_LZMA2 = 0x21;
/** Sizes of the checks behind a block, by their number. */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
/** Symbol tables shrink 4 to 8 times; what says it shrank a hundredfold, and is big, was made to harm. */
const MAX_RATIO = 100;
const FREE_SIZE = 1 << 24;

/**
 * Decompresses an .xz file ("The .xz File Format", 1.2), as `.gnu_debugdata` is one: LZMA2 without other filters. The
 * checksums are not looked at: what comes out is an ELF file whose parts are checked.
 * @returns undefined when it is broken, has other filters, or is a bomb
 */
export function unxz(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 12 || !bytes.subarray(0, 6).equals(MAGIC)) return undefined;
  const checkSize = CHECK_SIZES[bytes[7]! & 15]!;
  const blocks: Chunk[][] = [];
  try {
    for (let at = 12; bytes[at] !== undefined && bytes[at] !== 0; ) {
      const start = at + blockHeaderSize(bytes, at);
      const { chunks, end } = chunksOf(bytes, start);
      blocks.push(chunks);
      at = end + ((4 - (end % 4)) % 4) + checkSize;
    }
    const size = blocks.flat().reduce((sum, chunk) => sum + chunk.size, 0);
    if (size > Math.max(FREE_SIZE, MAX_RATIO * bytes.length)) return undefined;
    const output = Buffer.alloc(size);
    let from = 0;
    for (const chunks of blocks) from += decodeBlock(chunks, output.subarray(from));
    return output;
  } catch (error) {
    if (error instanceof BrokenLzma) return undefined;
    throw error;
  }
}

/** Reads the header of a block, which has to name LZMA2 and nothing else. */
function blockHeaderSize(bytes: Buffer, start: number): number {
  const flags = bytes[start + 1] ?? 0xff;
  if ((flags & 0x3f) !== 0) throw new BrokenLzma();
  let at = start + 2;
  for (const present of [0x40, 0x80]) {
    if ((flags & present) === 0) continue;
    while ((bytes[at] ?? 0) > 127) at++;
    at++;
  }
  if (bytes[at] !== FILTER_LZMA2) throw new BrokenLzma();
  return (bytes[start]! + 1) * 4;
}

/** A part of an LZMA2 stream. */
interface Chunk {
  readonly control: number;
  readonly properties: number;
  readonly data: Buffer;
  /** Decompressed. */
  readonly size: number;
}

function chunksOf(bytes: Buffer, start: number): { chunks: Chunk[]; end: number } {
  const chunks: Chunk[] = [];
  for (let at = start; at < bytes.length; ) {
    const control = bytes[at]!;
    if (control === 0) return { chunks, end: at + 1 };
    if (at + 6 > bytes.length || (control > 2 && control < 0x80)) throw new BrokenLzma();
    const low = bytes.readUInt16BE(at + 1) + 1;
    const compressed = control >= 0x80;
    const hasProperties = control >= 0xc0;
    const size = compressed ? ((control & 0x1f) << 16) + low : low;
    const dataAt = at + (compressed ? (hasProperties ? 6 : 5) : 3);
    const end = dataAt + (compressed ? bytes.readUInt16BE(at + 3) + 1 : size);
    if (end > bytes.length) throw new BrokenLzma();
    chunks.push({ control, properties: hasProperties ? bytes[at + 5]! : -1, data: bytes.subarray(dataAt, end), size });
    at = end;
  }
  throw new BrokenLzma();
}

/** @returns how many bytes came out */
function decodeBlock(chunks: readonly Chunk[], output: Buffer): number {
  const decoder = new LzmaDecoder(output);
  let ready = false;
  for (const { control, properties, data, size } of chunks) {
    if (control === 1 || control >= 0xe0) decoder.resetDictionary();
    if (control < 0x80) {
      decoder.copy(data);
      continue;
    }
    if (properties !== -1) decoder.setProperties(properties);
    if (control >= 0xa0) decoder.resetState();
    ready ||= properties !== -1;
    if (!ready) throw new BrokenLzma();
    decoder.decode(data, size);
  }
  return decoder.filled;
}
