import { UserError } from '../../src/errors.ts';

/** Something that reads bytes of strangers. */
export interface FuzzTarget {
  /** Names it: `read:folded`. */
  readonly id: string;
  /** Valid inputs, small: what is broken before it is given to `run`. Never empty. */
  readonly seeds: readonly Buffer[];
  /**
   * Gives the bytes to the reader and checks what comes out.
   * @returns whether it was read, instead of refused in one clear line
   * @throws whatever is a bug of ours
   */
  run(bytes: Buffer): boolean | Promise<boolean>;
}

/** What no message may hold: words of values that nobody checked. Controls are escaped where a message is printed. */
const UNCLEAR = /\[object |\bundefined\b/;
/** What a message quotes of the input may be any word. */
const QUOTED = /\(Unexpected [\s\S]* is not valid JSON\)|'[^']*'|`[^`]*`|"(?:[^"\\]|\\.)*"/g;

/** Runs a reader. Only a {@link UserError} of exit code 2 with one clear line is a refusal. */
export async function readOrRefused(read: () => unknown): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.exitCode !== 2) throw new Error(`exit code ${error.exitCode} for bad input: ${error.message}`);
    if (UNCLEAR.test(error.message.replace(QUOTED, ''))) throw new Error(`unclear: ${JSON.stringify(error.message)}`);
    return false;
  }
}

/** Every number in a result, however deep, is a number. @throws {Error} where one is not */
export function checkFinite(value: unknown, where = ''): void {
  const open: [unknown, string][] = [[value, where]];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const [one, place] = entry;
    if (typeof one === 'number' && !Number.isFinite(one)) throw new Error(`${place} is ${one}`);
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) continue;
    for (const [key, member] of one instanceof Map ? one : Object.entries(one)) open.push([member, `${place}.${key}`]);
  }
}
