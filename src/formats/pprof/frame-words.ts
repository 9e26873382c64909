import type { ProfileBuilder } from '../../profile/builder.ts';
import { guessedKind } from '../frames/guessed-kind.ts';
import type { PprofTexts } from './texts.ts';

/** Columns of a file's functions. Names and files are indexes of texts. */
export interface FunctionColumns {
  name(row: number): number;
  systemName(row: number): number;
  file(row: number): number;
  startLine(row: number): number;
}

/** What a frame is made of. */
export interface FrameParts {
  /** Row of its function; below 0 = none. */
  readonly func: number;
  /** Row of its binary; below 0 = none. */
  readonly mapping: number;
  readonly inlined: boolean;
  readonly column: number;
}

/** Puts frames into words. */
export class FrameWriter {
  private readonly texts: PprofTexts;
  private readonly functions: FunctionColumns;
  private readonly modules: readonly string[];
  private readonly builder: ProfileBuilder;

  /** @param modules names of binaries, by row */
  constructor(texts: PprofTexts, functions: FunctionColumns, modules: readonly string[], builder: ProfileBuilder) {
    this.texts = texts;
    this.functions = functions;
    this.modules = modules;
    this.builder = builder;
  }

  /** The frame of a function in a binary. */
  frame({ func, mapping, inlined, column }: FrameParts): number {
    const { texts, functions } = this;
    const known = func >= 0;
    const name = known ? texts.at(functions.name(func)) || texts.at(functions.systemName(func)) : '';
    const file = known ? texts.at(functions.file(func)) : '';
    const module = this.modules[mapping] ?? '';
    const kind = inlined ? 'inlined' : guessedKind(name, file, module);
    return this.builder.frame({ name, file, line: known ? functions.startLine(func) : 0, column, module, kind });
  }

  /** The frame of code that was never symbolized. */
  address(address: number | bigint, mapping: number): number {
    const module = this.modules[mapping] ?? '';
    const name = `0x${address.toString(16)}`;
    return this.builder.frame({ name, module, kind: guessedKind('[unknown]', '', module) });
  }
}
