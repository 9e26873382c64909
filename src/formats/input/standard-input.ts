import { fstatSync, readSync } from 'node:fs';

/** A pipe holds 64 KiB; a file gives more at once. */
const PIECE_BYTES = 256 * 1024;

/**
 * Standard input in pieces that share one buffer. Streams give every piece memory of its own, and new memory costs
 * more than all else that is done with it.
 */
export interface Pieces {
  /**
   * @param take gets each piece, valid until it returns; false = give no more for now, a later call goes on
   * @returns whether standard input has ended
   */
  each(take: (piece: Uint8Array) => boolean): Promise<boolean>;
}

/** @returns undefined where standard input is neither a file, a pipe nor a socket (a terminal): then it is a stream */
export async function standardInputPieces(): Promise<Pieces | undefined> {
  const status = fstatSync(0);
  if (status.isFile()) return new FilePieces();
  if (!status.isFIFO() && !status.isSocket()) return undefined;
  // Brings node's sockets with it
  const { PipePieces } = await import('./pipe-pieces.ts');
  return new PipePieces(PIECE_BYTES);
}

class FilePieces implements Pieces {
  private readonly buffer = Buffer.alloc(PIECE_BYTES);

  async each(take: (piece: Uint8Array) => boolean): Promise<boolean> {
    for (;;) {
      const length = readSync(0, this.buffer, 0, PIECE_BYTES, null);
      if (length === 0) return true;
      if (!take(this.buffer.subarray(0, length))) return false;
    }
  }
}
