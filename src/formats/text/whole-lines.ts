import type { Input } from '../format.ts';

/** Takes the lines of an input as bytes, without making strings of them. */
interface LineReader {
  /**
   * All whole lines from a place on.
   * @returns where the line begins whose end is missing
   */
  lines(bytes: Buffer, from: number): number;
  /** A line that stood in several chunks. @param to without the line end */
  line(bytes: Buffer, from: number, to: number): void;
  /** Throws, and says where. */
  fail(what: string): never;
}

/**
 * Reads an input line by line and keeps none.
 * @param longest bytes that a line may have which stands in several chunks
 * @param breathe awaited after each chunk
 * @returns a last line without its end; empty where there is none
 */
export async function readWholeLines(
  input: Input,
  reader: LineReader,
  longest: number,
  breathe?: () => Promise<void> | undefined,
): Promise<Buffer> {
  let rest: Buffer[] = [];
  let restLength = 0;
  for await (const bytes of input.chunks()) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    if (restLength > 0) {
      const end = chunk.indexOf(10);
      // The input's own memory may be used again for the next chunk
      rest.push(Buffer.from(end < 0 ? chunk : chunk.subarray(0, end)));
      restLength += rest.at(-1)!.length;
      if (restLength > longest) reader.fail('the line is too long');
      if (end < 0) continue;
      reader.line(Buffer.concat(rest), 0, restLength);
      at = end + 1;
      rest = [];
      restLength = 0;
    }
    at = reader.lines(chunk, at);
    if (at < chunk.length) {
      rest = [Buffer.from(chunk.subarray(at))];
      restLength = chunk.length - at;
    }
    await breathe?.();
  }
  return Buffer.concat(rest);
}
