import { UserError } from '../errors.ts';
import type { Profile } from '../profile/profile.ts';

/** Whether a format claims a file. `maybe`: it could be; taken only when nobody says `yes` and it is the only one. */
export type Claim = 'yes' | 'no' | 'maybe';

/** Bytes to read, already decompressed; opened by src/formats/input.ts. */
export interface Input {
  /** How messages name it: the path as it was given, or `standard input`. */
  readonly name: string;
  /** Absolute path, where the bytes are a plain (uncompressed) file on disk. */
  readonly path?: string;
  /** The first 4 KiB, or all of a shorter input. */
  readonly head: Uint8Array;
  /** All bytes from the start, in pieces of any size. May be iterated once. */
  chunks(): AsyncIterable<Uint8Array>;
  /**
   * Reads the whole input into memory of the reader's own: cheaper than chunks where that is large. Instead of `chunks`.
   * @param room where the next bytes go; called again for each part, may not be empty
   * @param take gets how many bytes were put there; never 0
   */
  readInto(room: () => Uint8Array, take: (length: number) => void): Promise<void>;
}

/** Collects what a reader lost, guessed or repaired: one line each, shown to the person. Nothing is dropped in silence. */
export class Notes {
  readonly list: string[] = [];

  add(text: string): void {
    this.list.push(text);
  }
}

/** One file format. `id` equals the file name under src/formats and the value of `--input-format` / `--format`. */
export interface Format {
  readonly id: string;
  readonly title: string;
  /** File name extension without the dot, where the format can be written. */
  readonly extension?: string;
  /** Looks at the first 4 KiB only. Never throws. */
  detect(head: Uint8Array): Claim;
  /**
   * @throws {FormatError} the input is of this format and broken
   * @throws {UserError} the input cannot be read
   */
  read(input: Input, notes: Notes): Promise<Profile>;
  /** Chunks of the written file, in order. */
  write?(profile: Profile): Iterable<string | Uint8Array>;
  /**
   * What of this profile `write` leaves out or changes because the format has no place for it: notes for the person,
   * one for all that is left out, one for each change. None where the file holds all. Absent: it always does.
   */
  cannotHold?(profile: Profile): string[];
}

/** The input is of the format it claims to be, and broken. `where` is a line (`line 12`), a byte or a JSON path. */
export class FormatError extends UserError {
  constructor(input: Input, where: string, what: string, hint?: string) {
    super(`${input.name}:${where ? ` ${where}:` : ''} ${what}`, hint === undefined ? {} : { hint });
    this.name = 'FormatError';
  }
}
