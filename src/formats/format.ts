import { UserError } from '../errors.ts';
import type { DrawnTree } from '../profile/drawn-tree.ts';
import type { FindOriginals } from '../profile/originals.ts';
import type { Profile } from '../profile/profile.ts';
import type { ThreadMode } from '../profile/threads.ts';

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
   * @param ahead whether the next bytes of a large file may be read meanwhile, into memory in between: worth it for whoever
   *   works on every byte. Default: true
   */
  readInto(room: () => Uint8Array, take: (length: number) => void, ahead?: boolean): Promise<void>;
  /**
   * All bytes in one buffer: present where that costs less than to collect them. Instead of `chunks`.
   * @param most bytes that the reader can use
   * @returns undefined where it cannot be done: `chunks` and `readInto` then say why
   */
  whole?(most: number): Buffer | undefined;
  /**
   * Puts all bytes into memory of the reader's own: present where that can be done beside other work. Instead of
   * `chunks`, which may follow.
   * @param place gives memory for so many bytes; undefined = none, and nothing is read
   * @param grown called with how many bytes are there by then, while further ones are made
   * @returns whether all are there; if not, the other ways to read say why
   * @throws what `grown` throws
   */
  wholeInto?(place: (bytes: number) => Uint8Array | undefined, grown: (bytes: number) => void): Promise<boolean>;
}

/** Collects what a reader lost, guessed or repaired: one line each, shown to the person. Nothing is dropped in silence. */
export class Notes {
  readonly list: string[] = [];

  add(text: string): void {
    this.list.push(text);
  }
}

/** Other tools whose stacks can be had as they make them, losses included: stackcollapse-perf.pl and inferno-collapse-*. */
export const DIALECTS = ['perl', 'inferno'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** What a person asks of reading; a format takes what concerns it. Absent = not asked for. */
export interface ReadChoices {
  /** Frames without a name carry their address: `[libc.so.6 <7f1e214c24d9>]`. */
  readonly addresses?: boolean;
  /** Frames become the functions that were inlined there, by the debug information of binaries on this machine. */
  readonly inlined?: boolean;
  /** With the line of the source, for what `inlined` finds. */
  readonly context?: boolean;
  /** How a perf.data file is read: by `perf script`, instead of by ourselves. */
  readonly via?: 'perf-script';
  /** Binaries of a recording from another machine stand below this folder, under the paths that it names. */
  readonly symfs?: string;
  /** When a process was recorded, in nanoseconds of CLOCK_MONOTONIC: threads may have waited from then, or until then. */
  readonly recorded?: { readonly from?: number; readonly to: number };
  /** Which snapshot of a recording of the heap: its number, or the one marked as the peak. Default: the largest. */
  readonly snapshot?: number | 'peak';
  /** Has read most of it already. */
  readonly begun?: Growing;
  /** Which profile of an input that compares two. Default: after, with a note. */
  readonly side?: 'before' | 'after';
}

/** The reading of a recording that began while it was written. */
export interface Growing {
  /**
   * Reads what was written since the last call. To be called when the profiler has written what it holds in memory.
   * @param size of the recording now
   * @param breathe waited for often; throws when the recording has ended
   */
  more(size: number, breathe: () => Promise<void>): Promise<void>;
  /**
   * Reads the rest, once the recording is complete.
   * @returns what `read` would; undefined where that must be asked
   */
  finish(notes: Notes, recorded: ReadChoices['recorded']): Promise<Profile | undefined>;
}

/** What a person asks of a dialect: the options of the other tool. */
export interface DialectChoices extends ReadChoices {
  /** The root frame is `comm-PID`. */
  readonly pids?: boolean;
  /** The root frame is `comm-PID/TID`. */
  readonly tids?: boolean;
  /** Kernel frames end in `_[k]`. */
  readonly kernel?: boolean;
  /** Frames of just-in-time compilers end in `_[j]`. */
  readonly jit?: boolean;
  /** false: names go without their module, where inferno has that option. */
  readonly modules?: boolean;
  /** Default: the first event in the input. */
  readonly eventFilter?: string;
  readonly skipAfter?: readonly string[];
}

/** An input as folded text, made without the profile in between. */
export interface Collapsed {
  /** Bytes that are valid until the next are asked for. */
  readonly chunks: Iterable<Uint8Array>;
  /** How many samples were read. */
  readonly samples: number;
  readonly weight: { readonly type: string; readonly unit: string; readonly total: number };
}

/**
 * Reads an input as another tool does: stacks, names and weights are that tool's, byte for byte.
 * @throws {FormatError} the other tool refuses the input
 */
export type DialectReader = (input: Input, notes: Notes, choices: DialectChoices) => Promise<Profile>;

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
  read(input: Input, notes: Notes, choices?: ReadChoices): Promise<Profile>;
  /**
   * The very text, notes and errors of `read`, `rootByThread` and writing it folded, in less time and memory: for whoever
   * wants nothing else of the input.
   * @param roots how threads become root frames
   * @param originals as `withOriginals` of the profile
   * @returns undefined where it cannot be done on this machine; then nothing of the input was read
   */
  collapse?(
    input: Input,
    notes: Notes,
    roots: ThreadMode,
    choices: ReadChoices,
    originals?: FindOriginals,
  ): Promise<Collapsed | undefined>;
  /**
   * What a flame graph of the input shows, with the very places, names and shares of `read` and `callTree`, in less time
   * and memory: for whoever wants nothing else of the input.
   * @param minFraction nodes of a smaller part of the whole weight are left out
   * @param notes gets what `read` would say
   * @param originals as `withOriginals` of the profile
   * @returns undefined where this input cannot be read so
   */
  draw?(
    input: Input,
    minFraction: number,
    notes: Notes,
    choices: ReadChoices,
    originals?: FindOriginals,
  ): Promise<DrawnTree | undefined>;
  /** What `draw` gives has `encode`. */
  readonly encodesDrawn?: true;
  /** An input of this format may compare two profiles: `side` of the choices concerns it. */
  readonly hasSides?: true;
  /** An input of this format tells of several moments: `snapshot` of the choices concerns it. */
  readonly hasSnapshots?: true;
  /** How other tools read this format, where they do. */
  readonly dialects?: ReadonlyMap<Dialect, DialectReader>;
  /** Chunks of the written file, in order; bytes are valid until the next chunk is asked for. */
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

/** One of two sides of an input was asked for, and it holds one profile. */
export class NoSides extends UserError {
  /** @param words what is wrong, and what to do next */
  constructor(words: string, hint: string) {
    super(words, { hint });
    this.name = 'NoSides';
  }
}
