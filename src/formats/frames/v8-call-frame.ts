import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Profile } from '../../profile/profile.ts';
import { ANONYMOUS } from './v8-names.ts';

/** `Runtime.CallFrame` of the DevTools protocol. */
export interface V8CallFrame {
  readonly functionName: string;
  readonly scriptId: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** A call frame that is no function. */
export function bareFrame(functionName: string): V8CallFrame {
  return { functionName, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
}

/** Linked lists of the stacks below each stack, in ascending order; row 0 of `first` holds the roots. */
export function childrenOf(parent: Int32Array): { first: Int32Array; next: Int32Array } {
  const first = new Int32Array(parent.length + 1).fill(-1);
  const next = new Int32Array(parent.length);
  for (let stack = parent.length - 1; stack >= 0; stack--) {
    next[stack] = first[parent[stack]! + 1]!;
    first[parent[stack]! + 1] = stack;
  }
  return { first, next };
}

/** A frame as the DevTools protocol has it: lines and columns 0-based, -1 where they are not known. */
export function callFrame(profile: Profile, frame: number): V8CallFrame {
  const { frames, strings } = profile;
  const name = strings[frames.name[frame]!]!;
  const file = strings[frames.file[frame]!]!;
  const unnamed = file === '' ? '[unknown]' : '';
  return {
    functionName: name === ANONYMOUS ? '' : name || unnamed,
    scriptId: String(frames.file[frame]!),
    url: fileUrl(file),
    lineNumber: frames.line[frame]! - 1,
    columnNumber: frames.column[frame]! - 1,
  };
}

/** A path as V8 writes it; as it is where a URL would change it (`/a/../b.c`). */
function fileUrl(file: string): string {
  if (!file.startsWith('/')) return file;
  const { href } = pathToFileURL(file);
  return fileURLToPath(href) === file ? href : file;
}
