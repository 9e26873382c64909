import { fstatSync, readSync } from 'node:fs';
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

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
export function standardInputPieces(): Pieces | undefined {
  const status = fstatSync(0);
  if (status.isFile()) return new FilePieces();
  return status.isFIFO() || status.isSocket() ? new PipePieces() : undefined;
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

class PipePieces implements Pieces {
  private readonly socket: Socket;
  private take: (piece: Uint8Array) => boolean = () => false;
  private settle: { stopped(): void; failed(error: unknown): void } | undefined;
  private ended = false;

  constructor() {
    const onread: OnReadOpts = {
      buffer: Buffer.alloc(PIECE_BYTES),
      callback: (length, buffer) => this.piece(buffer.subarray(0, length)),
    };
    // The types know onread for sockets that connect only
    const options: SocketConstructorOpts & { onread: OnReadOpts } = { fd: 0, readable: true, writable: false, onread };
    this.socket = new Socket(options);
    this.socket.pause();
    this.socket.once('end', () => {
      this.ended = true;
      this.settle?.stopped();
    });
    this.socket.once('error', (error) => this.settle?.failed(error));
  }

  private piece(bytes: Uint8Array): boolean {
    let more = false;
    try {
      more = this.take(bytes);
      if (!more) this.settle?.stopped();
    } catch (error) {
      this.socket.destroy();
      this.settle?.failed(error);
    }
    return more;
  }

  each(take: (piece: Uint8Array) => boolean): Promise<boolean> {
    if (this.ended) return Promise.resolve(true);
    this.take = take;
    return new Promise((resolve, reject) => {
      this.settle = { stopped: () => resolve(this.ended), failed: reject };
      this.socket.resume();
    });
  }
}
