import { constants as bufferConstants } from 'node:buffer';
import { UserError } from '../../errors.ts';
import type { Input } from '../format.ts';

/** Texts of up to 64 KiB are made where V8 keeps what is young: six times faster than larger ones. */
const WINDOW = 1 << 16;
const NEWLINE = 10;

/**
 * Gives the lines of an input as tools see them that know LF alone: returns and byte order marks stay.
 * @param encoding `latin1`: each byte is one character; `utf8`: bytes that are no UTF-8 become U+FFFD
 */
export async function eachRawLine(
  input: Input,
  encoding: 'latin1' | 'utf8',
  take: (line: string) => void,
): Promise<void> {
  const window = Buffer.allocUnsafeSlow(WINDOW);
  let filled = 0;
  /** The pieces so far of a line that the window did not hold. */
  let long: Buffer[] = [];
  const text = (end: number): string => {
    const size = long.reduce((sum, part) => sum + part.length, end);
    if (size > bufferConstants.MAX_STRING_LENGTH) throw new UserError(`${input.name} has a line that is too long`);
    const bytes = long.length === 0 ? window : Buffer.concat([...long, window.subarray(0, end)]);
    long = [];
    return bytes.toString(encoding, 0, size);
  };
  await input.readInto(
    () => window.subarray(filled),
    (length) => {
      const end = window.subarray(filled, filled + length).lastIndexOf(NEWLINE);
      const lineEnd = end < 0 ? -1 : filled + end;
      filled += length;
      if (lineEnd >= 0) {
        const lines = text(lineEnd).split('\n');
        for (let i = 0; i < lines.length; i++) take(lines[i]!);
        window.copyWithin(0, lineEnd + 1, filled);
        filled -= lineEnd + 1;
      } else if (filled === WINDOW) {
        long.push(Buffer.from(window));
        filled = 0;
      }
    },
  );
  if (filled > 0 || long.length > 0) take(text(filled));
}
