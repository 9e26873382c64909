import { Decompress } from 'fzstd';
import { UserError } from '../../errors.ts';
import { FormatError, type Input } from '../format.ts';
import { InflateGuard, MAX_INFLATED_BYTES } from '../inflate-guard.ts';

/** Windows that zstd itself takes without being asked: 128 MiB. */
const LARGEST_WINDOW = 2 ** 27;
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
  private begun = false;
  private window = 0;
  private moved = 0;
  private position = 0;

  /** @param push gets bytes that are valid until it returns */
  constructor(input: Input, push: (bytes: Uint8Array) => void) {
    this.input = input;
    this.guard = new InflateGuard(input.name, MAX_INFLATED_BYTES);
    this.stream = new Decompress((bytes) => {
      this.guard.inflated(bytes.length);
      this.moved += this.window;
      if (this.moved > MOST_MOVED) throw this.refuse('the zstd data takes too long to decompress');
      push(bytes);
    });
  }

  /**
   * @param position of the record
   * @throws {FormatError} what is no zstd
   */
  add(piece: Uint8Array, position: number): void {
    this.position = position;
    this.guard.read(piece.length);
    if (!this.begun) {
      this.begun = true;
      this.window = windowSize(piece);
      if (this.window > LARGEST_WINDOW) throw this.refuse('the zstd data needs too much memory');
    }
    try {
      // The decoder keeps what it cannot use yet, and our bytes do not stay
      this.stream.push(piece.slice(), false);
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw this.refuse('the zstd data is broken');
    }
  }

  private refuse(what: string): FormatError {
    return new FormatError(this.input, `byte ${this.position}`, what, 'record without -z, or copy the file again');
  }
}

/** By the header of a frame (RFC 8878, 3.1.1.1.2); 0 = it has none that we know. */
function windowSize(head: Uint8Array): number {
  const singleSegment = (head[4]! & 0x20) !== 0;
  if (head.length < 6 || singleSegment) return 0;
  const base = 2 ** (10 + (head[5]! >> 3));
  return base + (base / 8) * (head[5]! & 7);
}
