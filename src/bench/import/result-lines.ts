import { UserError } from '../../errors.ts';

/** Colours and other control sequences of terminals: results are often kept as they were printed. */
const CONTROL_SEQUENCES = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

/** No result is longer; patterns that look for a name of any length take time with the square of it. */
const LONGEST_LINE = 2_000;

/** The lines of a text, without colours and what blanks end them; what is too long for a result is empty. */
export function plainLines(text: string): string[] {
  return text
    .replace(CONTROL_SEQUENCES, '')
    .split('\n')
    .map((line) => (line.length > LONGEST_LINE ? '' : line.trimEnd()));
}

/** True where some line looks like that; long texts are looked at from their beginning. */
export function someLine(text: string, pattern: RegExp): boolean {
  return plainLines(text).some((line) => pattern.test(line));
}

/** @param at index of the line */
export function wrongLine(file: string, at: number, what: string): UserError {
  return new UserError(`${file}:${at + 1}: ${what}`, { hint: 'is it cut off, or of another version of its tool?' });
}
