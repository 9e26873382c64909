import { constants as bufferConstants } from 'node:buffer';
import { UserError } from '../../errors.ts';
import type { Input } from '../format.ts';

type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** By the byte order mark; without one, UTF-8. */
export function encodingOf(head: Uint8Array): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Decodes bytes that start with the start of an input. The byte order mark is dropped; what is not text becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** The complete lines of the first 4 KiB, for `detect`. Where there is not one line end, the cut line itself. */
export function headLines(head: Uint8Array): string[] {
  const text = decodeText(head);
  const end = text.lastIndexOf('\n');
  return withoutReturns(end < 0 || head.length < 4096 ? text : text.slice(0, end)).split('\n');
}

/**
 * The lines of a text input, without their ends (LF or CRLF), in batches: one array a chunk, for speed. UTF-8, or
 * UTF-16 with a byte order mark. A last line without an end counts; an empty rest after the last line end does not.
 */
export async function* textLines(input: Input): AsyncGenerator<string[]> {
  const encoding = encodingOf(input.head);
  const texts = encoding === 'utf-8' ? utf8Texts(input) : utf16Texts(input, encoding);
  for await (const text of texts) {
    const lines = withoutReturns(text).split('\n');
    if (lines.at(-1) === '') lines.pop();
    yield lines;
  }
}

/** With LF for CRLF. */
export function withoutReturns(text: string): string {
  if (!text.includes('\r')) return text;
  const unix = text.replaceAll('\r\n', '\n');
  return unix.endsWith('\r') ? unix.slice(0, -1) : unix;
}

/**
 * Whole lines of UTF-8. A line end is one byte that no other character contains, so cutting there is safe and every
 * piece can be decoded at once, several times faster than a streaming decoder.
 */
async function* utf8Texts(input: Input): AsyncGenerator<string> {
  let rest: Uint8Array[] = [];
  let first = true;
  for await (const chunk of input.chunks()) {
    const end = chunk.lastIndexOf(10) + 1;
    if (end === 0) {
      rest.push(chunk);
      continue;
    }
    yield decode([...rest, chunk.subarray(0, end)]);
    rest = end < chunk.length ? [chunk.subarray(end)] : [];
  }
  if (rest.length > 0) yield decode(rest);

  function decode(parts: readonly Uint8Array[]): string {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (length > bufferConstants.MAX_STRING_LENGTH) throw new UserError(`${input.name} has a line that is too long`);
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts, length);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    const marked = first && text.startsWith('\ufeff');
    first = false;
    return marked ? text.slice(1) : text;
  }
}

async function* utf16Texts(input: Input, encoding: TextEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let rest: string[] = [];
  for await (const chunk of input.chunks()) {
    const text = decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    if (end === 0) {
      rest.push(text);
      continue;
    }
    yield rest.join('') + text.slice(0, end);
    rest = [text.slice(end)];
  }
  const last = rest.join('') + decoder.decode();
  if (last !== '') yield last;
}
