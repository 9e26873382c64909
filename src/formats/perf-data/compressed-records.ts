import { Decompress } from 'fzstd';
import { UserError } from '../../errors.ts';
import { FormatError, type Input } from '../format.ts';
import { InflateGuard, MAX_INFLATED_BYTES } from '../input/inflate-guard.ts';

/** Windows that zstd itself takes without being asked: 128 MiB. */
const LARGEST_WINDOW = 2 ** 27;
/** A frame's header is no longer. */
const HEAD_BYTES = 18;
/** For each block the decoder moves its window: so much of it would take half a minute. */
const MOST_MOVED = 2 ** 37;

/**
 * The zstd stream of `perf record -z`: each record of the kinds COMPRESSED and COMPRESSED2 holds the next piece, and what
 * comes out are records again.
 */
export class CompressedRecords {
  private readonly stream: Decompress;
  private readonly guard: InflateGuard;
  private readonly input: Input;
  /** The first bytes, until they are enough for the frame's header; the decoder waits for as many. */
  private head: Uint8Array | undefined = new Uint8Array();
  /** Records are being taken: also left so by an exception. */
  private pushing = false;
  private window = 0;
  private moved = 0;
  private inflatedBytes = 0;

  /** @param push gets bytes that are valid until it returns */
  constructor(input: Input, push: (bytes: Uint8Array) => void) {
    this.input = input;
    this.guard = new InflateGuard(input.name, MAX_INFLATED_BYTES);
    this.stream = new Decompress((bytes) => {
      this.guard.inflated(bytes.length);
      this.inflatedBytes += bytes.length;
      this.moved += this.window;
      if (this.moved > MOST_MOVED) throw new Unreadable('takes too long to decompress');
      this.pushing = true;
      push(bytes);
      this.pushing = false;
    });
  }

  /**
   * @param position of the record
   * @returns what is wrong with it, so that nothing after it can be read; undefined = nothing
   * @throws {FormatError} the first piece is wrong already
   * @throws {UserError} it is a bomb
   */
  add(piece: Uint8Array, position: number): string | undefined {
    this.guard.read(piece.length);
    if (this.head !== undefined) {
      this.head = Buffer.concat([this.head, piece]);
      if (this.head.length >= HEAD_BYTES) {
        this.window = windowSize(this.head);
        this.head = undefined;
      }
    }
    try {
      if (this.window > LARGEST_WINDOW) throw new Unreadable('needs too much memory');
      // The decoder keeps what it cannot use yet, and our bytes do not stay
      this.stream.push(piece.slice(), false);
    } catch (error) {
      // Whatever taking the records throws is no fault of the compression
      if (error instanceof UserError || this.pushing) throw error;
      const what = `the zstd data ${error instanceof Unreadable ? error.message : 'is broken'}`;
      if (this.inflatedBytes > 0) return what;
      throw new FormatError(this.input, `byte ${position}`, what, 'record without -z, or copy the file again');
    }
    return undefined;
  }
}

/** Said after "the zstd data". */
class Unreadable extends Error {}

/** By the header of a frame (RFC 8878, 3.1.1.1.2). */
function windowSize(head: Uint8Array): number {
  const descriptor = head[4]!;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  // A frame of one segment has a window of its whole content
  if (descriptor & 0x20) {
    const sizeBytes = 1 << (descriptor >> 6);
    return head
      .subarray(5 + dictionaryBytes, 5 + dictionaryBytes + sizeBytes)
      .reduceRight((sum, byte) => sum * 256 + byte, 0);
  }
  const base = 2 ** (10 + (head[5]! >> 3));
  return base + (base / 8) * (head[5]! & 7);
}
