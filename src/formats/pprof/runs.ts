import { type Cursor, enterBlock, readTag } from '../protobuf/reader.ts';

/**
 * Where the messages of one field stand. Most files keep them together, so only runs of neighbours are noted: two
 * numbers for a table, not for each message.
 */
export class MessageRuns {
  /** Messages. */
  count = 0;
  /** Bytes that they take, tags and lengths included. */
  bytes = 0;
  /** Start, end, start, end ... */
  private readonly bounds: number[] = [];
  private end = -1;

  /**
   * Notes the next message of the file, or several that follow each other.
   * @param at of its tag
   */
  add(at: number, end: number, count = 1): void {
    if (at === this.end) this.bounds[this.bounds.length - 1] = end;
    else this.bounds.push(at, end);
    this.end = end;
    this.bytes += end - at;
    this.count += count;
  }

  /** Where the first one begins, if all stand one behind the other. */
  get only(): number | undefined {
    return this.bounds.length === 2 ? this.bounds[0] : undefined;
  }

  /** Copies all of them, one behind the other. */
  copyTo(into: Uint8Array, bytes: Uint8Array): void {
    for (let run = 0, at = 0; run < this.bounds.length; run += 2) {
      const part = bytes.subarray(this.bounds[run]!, this.bounds[run + 1]!);
      into.set(part, at);
      at += part.length;
    }
  }

  /**
   * Calls `read` with every message in the order of the file.
   * @param from stands on the message's first byte and ends where it does; may be left anywhere
   */
  each(from: Cursor, read: (message: Cursor, row: number) => void): void {
    for (let row = 0, run = 0; run < this.bounds.length; run += 2) {
      const end = this.bounds[run + 1]!;
      for (let at = this.bounds[run]!; at < end; ) {
        from.at = at;
        from.end = end;
        readTag(from);
        enterBlock(from);
        at = from.end;
        read(from, row++);
      }
    }
  }
}
