import { readSync } from 'node:fs';

const SPAN = 1 << 16;

/** Reads small pieces of a large file in order, without having all of it in memory. */
export class FileWindow {
  /** Bytes of the file, as it was when it was opened. */
  readonly size: number;
  /** Its byte order. */
  readonly little: boolean;
  private readonly file: number;
  private held: Buffer = Buffer.alloc(0);
  private heldAt = 0;

  constructor(file: number, size: number, little = true) {
    this.file = file;
    this.size = size;
    this.little = little;
  }

  /** Bytes of the file; fewer at its end. Valid until the next call. */
  at(offset: number, length: number): Buffer {
    const from = this.hold(offset, length);
    return this.held.subarray(from, from + length);
  }

  /** Makes bytes be held, as far as the file goes; the place where they are. */
  private hold(offset: number, length: number): number {
    const from = offset - this.heldAt;
    if (from >= 0 && from + length <= this.held.length) return from;
    const wanted = Math.max(0, Math.min(Math.max(length, SPAN), this.size - offset));
    const bytes = Buffer.allocUnsafe(wanted);
    this.held = bytes.subarray(0, readSync(this.file, bytes, 0, wanted, offset));
    this.heldAt = offset;
    return 0;
  }

  /** @throws {RangeError} the file ends before */
  uint32(offset: number): number {
    const from = this.hold(offset, 4);
    return this.little ? this.held.readUInt32LE(from) : this.held.readUInt32BE(from);
  }

  /** Exact below 2^53. @throws {RangeError} the file ends before */
  uint64(offset: number): number {
    const low = this.uint32(this.little ? offset : offset + 4);
    return this.uint32(this.little ? offset + 4 : offset) * 2 ** 32 + low;
  }

  /** Bytes from `offset` up to the first 0, or to `end` where there is none. Valid until the next call. */
  text(offset: number, end: number): Buffer {
    const near = this.at(offset, Math.min(end - offset, 512));
    let stop = near.indexOf(0);
    if (stop >= 0) return near.subarray(0, stop);
    const all = this.at(offset, end - offset);
    stop = all.indexOf(0);
    return stop < 0 ? all : all.subarray(0, stop);
  }
}
