import type { Redaction } from './redaction.ts';

const QUOTE = 34;
const BACKSLASH = 92;

const FIRST_QUOTE = Buffer.from('"');

/** What may stand between a key and its array. */
const OPENS_ARRAY = /^\s*:\s*\[\s*$/;

/**
 * Rewrites the strings of a snapshot's file and leaves every other byte as it is. Works on pieces of any size and keeps no
 * more than one string.
 * @param chunks the file; well-formed, as a reader has found before
 * @param redact is asked of each string, in the order of their indexes
 * @returns how many strings there were
 */
export async function* redactedFile(
  chunks: AsyncIterable<Uint8Array>,
  redact: Redaction,
): AsyncGenerator<Uint8Array, number> {
  const rewriter = new Rewriter(redact);
  for await (const chunk of chunks) {
    const piece = rewriter.rewritten(chunk);
    if (piece.length > 0) yield piece;
  }
  return rewriter.index;
}

/** Where the bytes that come next stand. */
type Place = 'before' | 'strings' | 'behind';

class Rewriter {
  /** Strings that were met. */
  index = 0;
  private readonly redact: Redaction;
  private place: Place = 'before';
  /** Bytes of a text whose end has not come, its first quote included; undefined between texts. */
  private open: Uint8Array[] | undefined;
  private escaped = false;
  /** What followed the last text, where that may be the name of the array of strings. */
  private gap: string | undefined;

  constructor(redact: Redaction) {
    this.redact = redact;
  }

  rewritten(chunk: Uint8Array): Uint8Array {
    if (this.place === 'behind') return chunk;
    const out: Uint8Array[] = [];
    for (let at = 0; at < chunk.length; ) {
      if (this.open !== undefined) at = this.throughText(chunk, at, out);
      else {
        const quote = chunk.indexOf(QUOTE, at);
        const end = quote < 0 ? chunk.length : quote;
        this.between(chunk.subarray(at, end), out);
        at = end;
        if (quote < 0) break;
        this.startText();
        at = quote + 1;
      }
    }
    return out.length === 1 ? out[0]! : Buffer.concat(out);
  }

  /** Bytes between two texts. */
  private between(bytes: Uint8Array, out: Uint8Array[]): void {
    if (bytes.length > 0) out.push(bytes);
    if (this.place === 'strings' && bytes.includes(0x5d)) this.place = 'behind';
    if (this.gap !== undefined) this.gap += Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  }

  private startText(): void {
    if (this.gap !== undefined && OPENS_ARRAY.test(this.gap)) this.place = 'strings';
    this.gap = undefined;
    this.open = [FIRST_QUOTE];
    this.escaped = false;
  }

  /** Goes on through a text. @returns where it stops: behind the text, or at the end of the chunk */
  private throughText(chunk: Uint8Array, from: number, out: Uint8Array[]): number {
    for (let at = from; at < chunk.length; at++) {
      if (this.escaped) this.escaped = false;
      else if (chunk[at] === BACKSLASH) this.escaped = true;
      else if (chunk[at] === QUOTE) {
        this.open!.push(chunk.subarray(from, at + 1));
        this.endText(out);
        return at + 1;
      }
    }
    // The chunk's memory may be used again before the text ends
    this.open!.push(chunk.slice(from));
    return chunk.length;
  }

  private endText(out: Uint8Array[]): void {
    const bytes = Buffer.concat(this.open!);
    this.open = undefined;
    if (this.place === 'strings') {
      const text = JSON.parse(bytes.toString('utf8')) as string;
      const redacted = this.redact(this.index++, text);
      out.push(redacted === text ? bytes : Buffer.from(JSON.stringify(redacted)));
      return;
    }
    out.push(bytes);
    this.gap = bytes.length === 9 && bytes.toString('latin1') === '"strings"' ? '' : undefined;
  }
}
