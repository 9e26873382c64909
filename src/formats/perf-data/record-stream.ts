import type { Chunk, ChunkPool } from './chunk.ts';
import { RECORD_HEADER } from './record-types.ts';

export interface RecordTaker {
  /**
   * One record, which lies whole in the chunk.
   * @returns how many bytes that are no record follow it: skipped
   */
  record(chunk: Chunk, at: number, size: number): number;
}

/** Cuts a stream of bytes into records, each in one piece. */
export class RecordStream {
  /** Where a record of an impossible size stands: what follows cannot be told apart any more. */
  brokenAt: number | undefined;
  private readonly little: boolean;
  private readonly taker: RecordTaker;
  private readonly pool: ChunkPool;
  private chunk: Chunk;
  /** The first byte that belongs to no record yet. */
  private at = 0;
  private filled = 0;
  private toSkip = 0;

  /** @param inflated the bytes are not the input's but what compressed records hold */
  constructor(start: number, inflated: boolean, little: boolean, pool: ChunkPool, taker: RecordTaker) {
    this.little = little;
    this.pool = pool;
    this.taker = taker;
    this.chunk = pool.take(start, inflated);
  }

  /** Where the next bytes go; never empty. */
  room(): Uint8Array {
    if (this.filled === this.chunk.bytes.length) this.turn();
    return this.chunk.bytes.subarray(this.filled);
  }

  /** Bytes have been put into the room. */
  take(length: number): void {
    this.filled += length;
    const { chunk, filled } = this;
    let at = this.at;
    for (;;) {
      if (this.toSkip > 0) {
        const skipped = Math.min(this.toSkip, filled - at);
        at += skipped;
        this.toSkip -= skipped;
      }
      if (this.brokenAt !== undefined) at = filled;
      if (filled - at < RECORD_HEADER) break;
      const size = chunk.view.getUint16(at + 6, this.little);
      if (size < RECORD_HEADER) {
        this.brokenAt = chunk.start + at;
        continue;
      }
      if (filled - at < size) break;
      this.toSkip = this.taker.record(chunk, at, size);
      at += size;
    }
    this.at = at;
    // Nothing of it is needed any more, so it need not be left
    if (at === filled && chunk.waiting === 0) {
      chunk.start += at;
      this.at = 0;
      this.filled = 0;
    }
  }

  /** Copies bytes in. */
  push(bytes: Uint8Array): void {
    for (let taken = 0; taken < bytes.length; ) {
      const room = this.room();
      const part = bytes.subarray(taken, taken + room.length);
      room.set(part);
      taken += part.length;
      this.take(part.length);
    }
  }

  /** Bytes of a record that is not whole, or that were to be skipped and did not come. */
  get unfinished(): boolean {
    return this.filled > this.at || this.toSkip > 0;
  }

  /** The chunk is full: goes on in another, or in the same where nothing of it waits. */
  private turn(): void {
    const { chunk, at, filled } = this;
    if (chunk.waiting === 0) {
      chunk.bytes.copyWithin(0, at, filled);
      chunk.start += at;
    } else {
      this.chunk = this.pool.take(chunk.start + at, chunk.inflated);
      this.chunk.bytes.set(chunk.bytes.subarray(at, filled));
      chunk.left = true;
    }
    this.at = 0;
    this.filled = filled - at;
  }
}
