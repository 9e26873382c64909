import { read } from 'node:fs';

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

function fill(file: number, bytes: Buffer): Promise<number> {
  return new Promise((done, fail) => {
    read(file, bytes, 0, bytes.length, null, (error, length) => (error === null ? done(length) : fail(error)));
  });
}
