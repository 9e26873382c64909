import { KINDS } from '../../profile/profile.ts';
import { guessedKind, guessedNativeKind, scriptKind } from '../frames/guessed-kind.ts';

const kindIndex = new Map<string, number>(KINDS.map((kind, i) => [kind, i]));
export const INLINED = kindIndex.get('inlined')!;
const NO_SCRIPT = -1;

/** Finds the kinds of frames, as indexes of `KINDS`. What one text says is found out once. */
export class FrameKinds {
  private readonly textAt: (text: number) => string;
  /** Of each text the kind of frames in that file + 1, {@link NO_SCRIPT}, 0 = not known. */
  private readonly scriptOf: Int8Array;

  /**
   * @param texts how many there are
   * @param textAt the text of a number
   */
  constructor(texts: number, textAt: (text: number) => string) {
    this.textAt = textAt;
    this.scriptOf = new Int8Array(texts);
  }

  /**
   * @param name number of a text, as `file`
   * @param module the binary; '' = unknown
   */
  of(name: number, file: number, module: string): number {
    const { textAt, scriptOf } = this;
    let script = scriptOf[file]!;
    if (script === 0) {
      const kind = scriptKind(textAt(file));
      script = kind === undefined ? NO_SCRIPT : kindIndex.get(kind)! + 1;
      scriptOf[file] = script;
    }
    if (script > 0) return script - 1;
    return kindIndex.get(guessedNativeKind(textAt(name), textAt(file), module))!;
  }
}

/** The kind of code that was never symbolized. */
export function addressKind(module: string): number {
  return kindIndex.get(guessedKind('[unknown]', '', module))!;
}
