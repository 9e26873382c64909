/** How words are written: 4 or 8 bytes, either end first. */
interface Words {
  readonly size: 4 | 8;
  readonly littleEndian: boolean;
}

export interface CpuHeader extends Words {
  readonly java: boolean;
  /** Nanoseconds between samples. */
  readonly period: number;
}

const LAYOUTS: readonly Words[] = [
  { size: 4, littleEndian: true },
  { size: 4, littleEndian: false },
  { size: 8, littleEndian: true },
  { size: 8, littleEndian: false },
];

export const HEADER_WORDS = 5;

/** The header of a CPU profile: the words 0, 3, 0 (1 for Java), microseconds, 0. Undefined for other bytes. */
export function cpuHeader(bytes: Uint8Array): CpuHeader | undefined {
  for (const words of LAYOUTS) {
    if (bytes.length < HEADER_WORDS * words.size) continue;
    const [first, version, java, period, padding] = Array.from({ length: HEADER_WORDS }, (_, i) =>
      wordAt(bytes, i * words.size, words),
    );
    if (first !== 0n || version !== 3n || java! > 1n || period === 0n || padding !== 0n) continue;
    if (period! < 2n ** 40n) return { ...words, java: java === 1n, period: Number(period) * 1000 };
  }
  return undefined;
}

export function wordAt(bytes: Uint8Array, at: number, { size, littleEndian }: Words): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return size === 8 ? view.getBigUint64(at, littleEndian) : BigInt(view.getUint32(at, littleEndian));
}
