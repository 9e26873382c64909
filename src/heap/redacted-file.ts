import type { Redaction } from './redaction.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const BRACKET = 91;
const CLOSING = 93;

const STRINGS = Buffer.from('strings');

/** What the bytes that come next belong to. */
const enum At {
  outside,
  text,
}

/**
 * Rewrites the strings of a snapshot's file and leaves every other byte as it is. Works on pieces of any size; keeps no
 * more than one string.
 * @param chunks the file
 * @param redact is asked of each string, in the order of their indexes
 */
export async function* redactedFile(chunks: AsyncIterable<Uint8Array>, redact: Redaction): AsyncGenerator<Uint8Array> {
  const rewriter = new Rewriter(redact);
  for await (const chunk of chunks) {
    const piece = rewriter.rewritten(chunk);
    if (piece.length > 0) yield piece;
  }
  const rest = rewriter.rest();
  if (rest.length > 0) yield rest;
}
