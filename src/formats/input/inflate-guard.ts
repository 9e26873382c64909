import { UserError } from '../../errors.ts';

/** A compressed input may inflate to this much at any ratio; beyond it the ratio is watched. */
export const MAX_INFLATED_BYTES = 1024 ** 3;
/** Text of profilers shrinks 10 to 60 times; what shrinks more than this and is huge was made to harm. */
const MAX_RATIO = 200;

/** What so many compressed bytes may inflate to. */
export function mostInflated(maxBytes: number, compressed: number): number {
  return Math.max(maxBytes, MAX_RATIO * compressed);
}

/** Watches a decompression: more inflated bytes than `maxBytes`, at more than 200:1, are refused. */
export class InflateGuard {
  private readonly name: string;
  private readonly maxBytes: number;
  private bytesRead = 0;
  private bytesInflated = 0;

  constructor(name: string, maxBytes: number) {
    this.name = name;
    this.maxBytes = maxBytes;
  }

  read(bytes: number): void {
    this.bytesRead += bytes;
  }

  /** @throws {UserError} it is a bomb */
  inflated(bytes: number): void {
    this.bytesInflated += bytes;
    if (this.bytesInflated <= mostInflated(this.maxBytes, this.bytesRead)) return;
    throw new UserError(`${this.name} inflates to more than ${this.maxBytes} bytes, over ${MAX_RATIO} times its size`, {
      hint: 'decompress it yourself if you trust it',
    });
  }
}
