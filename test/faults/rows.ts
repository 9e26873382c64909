import type { Place, Row } from './under-fault.ts';

/** What is to come of a row. */
export interface Expected {
  /** The exit code; several where a race decides, each of which is right; or the signal that we cannot hear. */
  readonly code: number | readonly number[] | 'SIGKILL';
  /** Whether the result is to be there and readable, or nothing at all. Default: readable. */
  readonly result?: 'readable' | 'none' | 'either';
  /** What is to be said. */
  readonly says?: RegExp;
  /** Bytes on standard output. */
  readonly printed?: number;
}

/** One fault: a command, what befalls it, what is to come of it. */
export interface Fault extends Expected {
  /** A key of the tools. */
  readonly tool: string;
  /** What befalls it. */
  readonly fault: string;
  /** How the program misbehaves: its words. Default: not at all. */
  readonly way?: readonly string[];
  /** Options of ours, before the `--`. */
  readonly options?: readonly string[];
  /** Makes what the fault needs. @returns what is changed of the row; more words of the program */
  readonly prepare?: ((place: Place) => Partial<Row> & { readonly tail?: readonly string[] }) | undefined;
  /** Where the result goes, instead of to the tool's own place. */
  readonly output?: string;
  /** Names in the folder that may be there afterwards. */
  readonly allowed?: readonly string[];
  readonly row?: Partial<Row>;
}
