import { type Words, wordsOf } from './words.ts';

/** Bytes a chunk: many records, few calls. */
const CHUNK_BYTES = 1 << 20;

/** A piece of the input whose records may be needed again later. */
export class Chunk implements Words {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** How many of its records are waiting. */
  waiting = 0;
  /** No more bytes come into it. */
  left = false;

  constructor() {
    const words = wordsOf(Buffer.allocUnsafeSlow(CHUNK_BYTES));
    this.bytes = words.bytes;
    this.view = words.view;
  }
}

/** How many unused chunks are kept for the next that is needed. */
const MOST_SPARE = 16;

/** Chunks of which nothing waits any more are filled again. */
export class ChunkPool {
  private readonly spare: Chunk[] = [];

  take(): Chunk {
    const chunk = this.spare.pop() ?? new Chunk();
    chunk.left = false;
    return chunk;
  }

  give(chunk: Chunk): void {
    if (this.spare.length < MOST_SPARE) this.spare.push(chunk);
  }
}
