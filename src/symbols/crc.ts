import type { ByteSource } from './byte-source.ts';

const BYTES_AT_ONCE = 1 << 20;
/** The reversed polynomial of IEEE 802.3, as `.gnu_debuglink` and zlib have it. */
const POLYNOMIAL = 0xedb88320;

let table: Uint32Array | undefined;

/** The CRC-32 of a whole file (zlib.crc32 is not in every node 20). */
export function fileCrc(source: ByteSource): number {
  let crc = ~0;
  for (let at = 0; at < source.size; at += BYTES_AT_ONCE) crc = goOn(crc, source.read(at, BYTES_AT_ONCE));
  return ~crc >>> 0;
}

function goOn(before: number, bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc >>> 0;
  });
  let crc = before;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 0xff]!;
  return crc;
}
