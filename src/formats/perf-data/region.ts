import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readError } from '../../errors.ts';

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
 * @throws {UserError} it cannot be read
 */
export function withFileRegion<Result>(path: string, use: (region: Region) => Result): Result {
  let file: number | undefined;
  try {
    const opened = openSync(path, 'r');
    file = opened;
    const end = fstatSync(opened).size;
    return use({
      end,
      read(offset, length) {
        const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, end - offset)));
        let filled = 0;
        while (filled < bytes.length) {
          const count = readSync(opened, bytes, filled, bytes.length - filled, offset + filled);
          if (count === 0) break;
          filled += count;
        }
        return bytes.subarray(0, filled);
      },
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw readError(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
