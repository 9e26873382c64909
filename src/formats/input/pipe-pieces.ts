import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import type { Pieces } from './standard-input.ts';

/** Standard input that is a pipe or a socket. */
export class PipePieces implements Pieces {
  private readonly socket: Socket;
  private take: (piece: Uint8Array) => boolean = () => false;
  private settle: { stopped(): void; failed(error: unknown): void } | undefined;
  private ended = false;

  /** @param bytes at once, at most */
  constructor(bytes: number) {
    const onread: OnReadOpts = {
      buffer: Buffer.alloc(bytes),
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
