import { isUtf8 } from 'node:buffer';

const notAscii = /[\x80-\xff]/;
/** Halves of a surrogate pair that stand alone: each is a byte that is no UTF-8 (Python's `surrogateescape`). */
const escaped = /[\u{dc80}-\u{dcff}]/u;

/**
 * Text of bytes. Bytes that are no UTF-8 become U+DC80 to U+DCFF, so that {@link bytesOfText} gives them again.
 * @param bytes one character a byte
 */
export function textOfBytes(bytes: string): string {
  if (!notAscii.test(bytes)) return bytes;
  const buffer = Buffer.from(bytes, 'latin1');
  if (isUtf8(buffer)) return buffer.toString('utf8');
  let text = '';
  for (let i = 0; i < buffer.length; ) {
    const lead = buffer[i]!;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const character = buffer.subarray(i, i + length);
    const whole = character.length === length && isUtf8(character);
    text += whole ? character.toString('utf8') : String.fromCharCode(0xdc00 + lead);
    i += whole ? length : 1;
  }
  return text;
}

/** The inverse of {@link textOfBytes}: one character a byte. */
export function bytesOfText(text: string): string {
  if (!escaped.test(text)) return Buffer.from(text, 'utf8').toString('latin1');
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const isEscape = code >= 0xdc80 && code <= 0xdcff;
    bytes += isEscape ? String.fromCharCode(code - 0xdc00) : Buffer.from(character, 'utf8').toString('latin1');
  }
  return bytes;
}
