import { deflateSync } from 'node:zlib';
import type { FrameTable, Profile } from '../profile/profile.ts';
import { ByteWriter } from './byte-writer.ts';

/** What of a profile is written once, behind its stacks. */
export interface EncodedTables extends Pick<Profile, 'valueTypes' | 'strings' | 'threads' | 'counters' | 'meta'> {
  /** Row i is what the stacks call frame i. */
  readonly frames: FrameTable;
}

/** `FRAME_COLUMNS` by name, in the order in which they are written. */
const FRAME_COLUMN_NAMES = ['name', 'file', 'line', 'column', 'module', 'kind', 'tier'] as const;

/** Fast, and all that matters: names and frames that repeat. */
const LEVEL = 4;

/**
 * Writes an embedded profile stack by stack, so that whoever reads stacks in order needs no model to write it: `stack` for
 * each, then `end`. The bytes (version 1) are a zlib stream of
 *
 *     number of value types, 1 where rows have threads else 0
 *     rows     1 + how many frames of the row before are dropped, how many are added, those frames root first,
 *              1 + the thread, the weights; a weight is 1 + a whole number, or 0 and a double
 *     0
 *     frames   how many, then the columns name file line column module kind tier, each as differences
 *     text     JSON: valueTypes, strings, threads, counters, meta
 *
 * Numbers are LEB128 (byte-writer.ts). A row is one stack (of one thread), its samples summed; times are not kept.
 */
export class ProfileEncoder {
  private readonly writer = new ByteWriter();
  private readonly valueCount: number;
  private readonly withThreads: boolean;
  private depth = 0;

  constructor(valueCount: number, withThreads: boolean) {
    this.valueCount = valueCount;
    this.withThreads = withThreads;
    this.writer.integer(valueCount);
    this.writer.integer(withThreads ? 1 : 0);
  }

  /**
   * The next stack. In preorder of the call tree (as sorted folded text has it) none is written twice.
   * @param shared how many frames from the root on are those of the stack before; not more than that has
   * @param frames holds the others, root first, from `from` to `to`: rows of the frame table
   * @param weights one a value type
   * @param thread row of the threads, -1 = unknown; of no meaning without threads
   */
  stack(
    shared: number,
    frames: ArrayLike<number>,
    from: number,
    to: number,
    weights: ArrayLike<number>,
    thread = -1,
  ): void {
    const { writer } = this;
    writer.integer(1 + this.depth - shared);
    writer.integer(to - from);
    for (let i = from; i < to; i++) writer.integer(frames[i]!);
    if (this.withThreads) writer.integer(1 + thread);
    for (let i = 0; i < this.valueCount; i++) {
      const weight = weights[i]!;
      if (Number.isInteger(weight) && weight < Number.MAX_SAFE_INTEGER) writer.integer(1 + weight);
      else {
        writer.integer(0);
        writer.double(weight);
      }
    }
    this.depth = shared + to - from;
  }

  /** @returns the compressed bytes */
  end({ frames, valueTypes, strings, threads, counters, meta }: EncodedTables): Uint8Array {
    const { writer } = this;
    writer.integer(0);
    writer.integer(frames.length);
    for (const column of FRAME_COLUMN_NAMES) writer.deltas(frames[column]);
    writer.text(JSON.stringify({ valueTypes, strings, threads, counters, meta }));
    return deflateSync(writer.done(), { level: LEVEL });
  }
}
