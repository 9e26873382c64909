import { type Words, wordsOf } from './words.ts';

/** Bytes a chunk: many records to a call, and few pages to touch for a small recording. */
export const CHUNK_BYTES = 256 * 1024;

/** A piece of the input whose records may be needed again later. */
export class Chunk implements Words {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Its place in the pool. */
  readonly number: number;
  /** Where its first byte stands in the stream that it was read from. */
  start = 0;
  /** That stream is what compressed records hold, not the input. */
  inflated = false;
  /** How many of its records are waiting. */
  waiting = 0;
  /** No more bytes come into it. */
  left = false;

  constructor(number: number) {
    const words = wordsOf(Buffer.allocUnsafeSlow(CHUNK_BYTES));
    this.bytes = words.bytes;
    this.view = words.view;
    this.number = number;
  }
}

/** Chunks of which nothing waits any more are filled again. */
export class ChunkPool {
  private readonly all: Chunk[] = [];
  private readonly spare: Chunk[] = [];

  get(number: number): Chunk {
    return this.all[number]!;
  }

  /** @param start where its first byte will stand, in the input or in what compressed records hold */
  take(start: number, inflated: boolean): Chunk {
    const chunk = this.spare.pop() ?? new Chunk(this.all.length);
    this.all[chunk.number] = chunk;
    chunk.left = false;
    chunk.start = start;
    chunk.inflated = inflated;
    return chunk;
  }

  give(chunk: Chunk): void {
    this.spare.push(chunk);
  }
}
