import type { ProfileBuilder } from '../../profile/builder.ts';
import { KINDS } from '../../profile/profile.ts';
import { addressKind, FrameKinds, INLINED } from './frame-kinds.ts';
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

/** Puts frames into words. What one text says is found out once. */
export class FrameWriter {
  private readonly texts: PprofTexts;
  private readonly functions: FunctionColumns;
  private readonly modules: readonly string[];
  private readonly builder: ProfileBuilder;
  /** Of each text the builder's string + 1, 0 = not known. */
  private readonly stringOf: Int32Array;
  private readonly kinds: FrameKinds;

  /** @param modules names of binaries, by row */
  constructor(texts: PprofTexts, functions: FunctionColumns, modules: readonly string[], builder: ProfileBuilder) {
    this.texts = texts;
    this.functions = functions;
    this.modules = modules;
    this.builder = builder;
    this.stringOf = new Int32Array(texts.length + 1);
    this.kinds = new FrameKinds(texts.length + 1, (text) => texts.at(text));
  }

  /** The frame of a function in a binary. */
  frame({ func, mapping, inlined, column }: FrameParts): number {
    const { texts, functions } = this;
    const known = func >= 0;
    let name = known ? functions.name(func) : 0;
    if (known && texts.at(name) === '') name = functions.systemName(func);
    const file = known ? functions.file(func) : 0;
    const module = this.modules[mapping] ?? '';
    const kind = inlined ? INLINED : this.kinds.of(name, file, module);
    const line = known ? functions.startLine(func) : 0;
    return this.builder.frameRow([
      this.string(name),
      this.string(file),
      line,
      column,
      this.builder.string(module),
      kind,
      0,
    ]);
  }

  /** The frame of code that was never symbolized. */
  address(address: number | bigint, mapping: number): number {
    const module = this.modules[mapping] ?? '';
    const name = `0x${address.toString(16)}`;
    return this.builder.frame({ name, module, kind: KINDS[addressKind(module)]! });
  }

  private string(text: number): number {
    const known = this.stringOf[text]!;
    if (known > 0) return known - 1;
    const string = this.builder.string(this.texts.at(text));
    this.stringOf[text] = string + 1;
    return string;
  }
}
