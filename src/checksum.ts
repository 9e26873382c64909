import { wasmInstance, wasmMemory } from './wasm-module.ts';

/** As many bytes as the kernel looks at behind the last. */
const SPARE = 32;

/** Bytes that may be filled, and the checksum of what then stands in them. */
export interface SummedBytes {
  readonly bytes: Buffer;
  /** 16 hexadecimal digits. @param start the first byte that counts */
  sum(start: number): string;
}

/**
 * Room for bytes of a file that a disk may have cut off or left as it was. zlib's checksum comes with node's streams, which take
 * longer to load than a command to start.
 * @returns undefined where this machine has no WebAssembly, or grants it no memory
 */
export function summedBytes(size: number): SummedBytes | undefined {
  try {
    const memory = wasmMemory(size + SPARE);
    const kernel = wasmInstance<{ sum(start: number, end: number): bigint }>('checksum.wasm', { env: { memory } });
    return {
      bytes: Buffer.from(memory.buffer, 0, size),
      sum: (start) => BigInt.asUintN(64, kernel.sum(start, size)).toString(16).padStart(16, '0'),
    };
  } catch {
    return undefined;
  }
}
