import { jsKind } from './kind.ts';
import { mapFrames } from './map-frames.ts';
import { KINDS, type Profile } from './profile.ts';

/** A function by its name and the place where it stands. */
export interface FunctionPlace {
  /** As the profiler gave it; `''` or `(anonymous)` = it has none. */
  readonly name: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based; 0 = unknown. */
  readonly column: number;
}

/** Finds what functions were called, and where they stood, before a compiler made them: undefined = as they are. */
export type FindOriginals = (
  functions: readonly FunctionPlace[],
) => Promise<readonly (Readonly<FunctionPlace> | undefined)[]>;

/** A script that a compiler may have made. Those that node holds in itself have no path. */
const madeScript = /^(?:\/|file:\/\/\/).*\.[cm]?jsx?$/s;

/** Whether a file's name is that of a JavaScript file on a disk. */
export function isScriptFile(file: string): boolean {
  return madeScript.test(file);
}

/**
 * The profile with the original name, file, line and column of its JavaScript functions, where `find` knows them; their
 * kind follows the new file. Frames that are equal then become one. Without such functions it is the same profile.
 * @param find is asked once, about functions that are in a sample
 */
export async function withOriginals(profile: Profile, find: FindOriginals): Promise<Profile> {
  const { frames } = profile;
  const asked = scriptFrames(profile);
  if (asked.length === 0) return profile;
  const found = await find(
    asked.map((frame) => ({
      name: profile.strings[frames.name[frame]!]!,
      file: profile.strings[frames.file[frame]!]!,
      line: frames.line[frame]!,
      column: frames.column[frame]!,
    })),
  );
  const originals = new Map<number, FunctionPlace>();
  for (let i = 0; i < asked.length; i++) if (found[i] !== undefined) originals.set(asked[i]!, found[i]!);
  if (originals.size === 0) return profile;
  const strings = profile.strings.slice();
  const stringIndex = new Map(strings.map((text, i) => [text, i]));
  const string = (text: string): number => {
    const known = stringIndex.get(text);
    if (known !== undefined) return known;
    stringIndex.set(text, strings.length);
    return strings.push(text) - 1;
  };
  const mapped = mapFrames(profile, (row, frame) => {
    const original = originals.get(frame);
    if (original === undefined) return;
    row[0] = string(original.name);
    row[1] = string(original.file);
    row[2] = original.line;
    row[3] = original.column;
    const kind = KINDS[row[5]];
    if (kind === 'app' || kind === 'dependency') row[5] = KINDS.indexOf(jsKind(original.file));
  });
  return { ...mapped, strings };
}

/** The frames of scripts, with a position, that are in a sample. */
function scriptFrames({ strings, frames, stacks, samples }: Profile): number[] {
  const isScript = new Map<number, boolean>();
  const asked: number[] = [];
  for (let frame = 0; frame < frames.length; frame++) {
    const file = frames.file[frame]!;
    if (file === 0 || frames.line[frame]! === 0) continue;
    let known = isScript.get(file);
    if (known === undefined) {
      known = isScriptFile(strings[file]!);
      isScript.set(file, known);
    }
    if (known) asked.push(frame);
  }
  if (asked.length === 0) return asked;
  const inSample = new Uint8Array(stacks.length);
  for (let i = 0; i < samples.length; i++) if (samples.stack[i]! >= 0) inSample[samples.stack[i]!] = 1;
  const seen = new Uint8Array(frames.length);
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    if (inSample[stack] === 0) continue;
    seen[stacks.frame[stack]!] = 1;
    if (stacks.parent[stack]! >= 0) inSample[stacks.parent[stack]!] = 1;
  }
  return asked.filter((frame) => seen[frame] === 1);
}
