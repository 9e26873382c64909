import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes of an input that can be read at any place. */
export interface Region {
  /** The bytes from a place on: fewer than were asked for where the input ends. */
  read(offset: number, length: number): Uint8Array;
  /** The end of the input. */
  readonly end: number;
}

/** Bytes in memory. @param start where in the input the first of them stands */
export function memoryRegion(bytes: Uint8Array, start = 0): Region {
  return {
    end: start + bytes.length,
    read(offset, length) {
      const from = offset - start;
      return from < 0 ? new Uint8Array() : bytes.subarray(from, from + length);
    },
  };
}

/**
 * Does something with a file that is open only meanwhile.
 * @throws {NodeJS.ErrnoException} it cannot be read
 */
export function withFileRegion<Result>(path: string, use: (region: Region) => Result): Result {
  const file = openSync(path, 'r');
  try {
    const end = fstatSync(file).size;
    return use({
      end,
      read(offset, length) {
        const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, end - offset)));
        let filled = 0;
        while (filled < bytes.length) {
          const count = readSync(file, bytes, filled, bytes.length - filled, offset + filled);
          if (count === 0) break;
          filled += count;
        }
        return bytes.subarray(0, filled);
      },
    });
  } finally {
    closeSync(file);
  }
}
