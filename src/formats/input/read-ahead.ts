import { read } from 'node:fs';
import { withFile } from './with-file.ts';

/** Large enough that turns of the event loop do not count, small enough to stay in the processor's cache. */
const PIECE = 1 << 20;

/**
 * Reads a file from where it stands to its end, each piece while `use` is at work on the one before it: a thread of node's
 * own copies from the kernel what else would have to be waited for.
 * @param use gets each piece, valid until it returns
 * @param size of a piece in bytes, for tests
 */
export async function readAhead(file: number, use: (piece: Buffer) => void, size = PIECE): Promise<void> {
  let [piece, next] = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)];
  let length = await fill(file, piece);
  while (length > 0) {
    const coming = fill(file, next);
    try {
      use(piece.subarray(0, length));
    } finally {
      // Whoever closes the file must not do it under a thread that reads
      length = await coming;
    }
    [piece, next] = [next, piece];
  }
}

/**
 * Reads a file into memory of the caller's own, piece by piece in a thread of node's.
 * @param place gives memory for so many bytes; undefined = none, and nothing is read
 * @param grown called with how many bytes are there by then, while the next ones come
 * @returns whether that is all of the file; if not, whoever reads it in another way learns why
 * @throws what `grown` throws
 */
export async function readFileInto(
  path: string,
  place: (bytes: number) => Uint8Array | undefined,
  grown: (bytes: number) => void,
): Promise<boolean> {
  return withFile(path, async (file, size) => {
    const into = place(size);
    let filled = 0;
    for (let length = -1; into !== undefined && filled < size && length !== 0; filled += length) {
      const coming = fill(file, into.subarray(filled, filled + PIECE)).catch(() => 0);
      try {
        grown(filled);
      } finally {
        length = await coming;
      }
    }
    return into !== undefined && filled === size;
  });
}

function fill(file: number, bytes: Uint8Array): Promise<number> {
  return new Promise((done, fail) => {
    read(file, bytes, 0, bytes.length, null, (error, length) => (error === null ? done(length) : fail(error)));
  });
}
