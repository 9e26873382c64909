import { closeSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import type { Output } from '../../output.ts';

const PIECE = 1 << 20;

/** `profile-2.cpuprofile`: a name for another recording of the same call. */
export function numbered(name: string, number: number): string {
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}-${number}${extension}`;
}

/**
 * Copies what a profiler left to where the person wants it.
 * @returns bytes copied
 */
export function keepFile(file: string, output: Output): Promise<number> {
  return output.write(pieces(file));
}

function* pieces(file: string): Iterable<Uint8Array> {
  const handle = openSync(file, 'r');
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const length = readSync(handle, piece, 0, PIECE, null);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(handle);
  }
}
