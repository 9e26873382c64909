import type { FrameTable } from '../../profile/profile.ts';
import type { PprofKernel } from '../pprof-kernel/open-pprof-kernel.ts';
import { addressKind, FrameKinds, INLINED } from './frame-kinds.ts';
import { readThrough } from './read-through.ts';
import type { PprofTexts } from './texts.ts';

/** Frames in words. */
export interface FramesInWords {
  readonly frames: FrameTable;
  readonly strings: readonly string[];
  /** Of each of the kernel's frames its row. */
  readonly frameOf: Int32Array;
}

/** Columns of the kernel's rows. */
const NAME = 0;
const FILE = 1;
const LINE = 2;
const COLUMN = 3;
const MODULE = 4;
const WAS_INLINED = 5;

/**
 * Takes frames whose words the kernel has compared as bytes, all of them at once.
 * @param modules the text of each mapping
 * @returns undefined where bytes do not tell what is the same: a text is not plain, or looks like an address
 */
export function kernelFrames(
  kernel: PprofKernel,
  texts: PprofTexts,
  modules: readonly number[],
): FramesInWords | undefined {
  const column = (at: number, length: number) => new Int32Array(kernel.memory.buffer, at, length);
  const modulesAt = kernel.room(modules.length * 4 + 4);
  if (modulesAt === 0) return undefined;
  column(modulesAt, modules.length).set(modules);
  const all = kernel.framesFound();
  readThrough(texts.length, kernel.compareTexts);
  const rowsSince = kernel.mark();
  if (kernel.expectRows(modulesAt) === 0 || !readThrough(all, kernel.frameRows)) return undefined;
  const length = kernel.rowsFound();
  const rows = (which: number) => column(kernel.rowsAt() + which * all * 4, length).slice();
  // Text 0 is there in any case
  const textCount = Math.max(1, texts.length);
  const used = column(kernel.stringsAt(), kernel.stringsFound());
  const addresses = new BigUint64Array(kernel.memory.buffer, kernel.addressesAt(), all);
  const strings = stringsOf(used, textCount, texts.plainly(), addresses);
  const frames = {
    length,
    name: rows(NAME),
    file: rows(FILE),
    line: rows(LINE),
    column: rows(COLUMN),
    module: rows(MODULE),
    kind: new Uint8Array(length),
    tier: new Uint8Array(length),
  };
  const { name, file, module, kind } = frames;
  const inlined = rows(WAS_INLINED);
  const kinds = new FrameKinds(strings.length, (string) => strings[string]!);
  for (let row = 0; row < length; row++) {
    const binary = strings[module[row]!]!;
    if (inlined[row] === 1) kind[row] = INLINED;
    else if (used[name[row]!]! >= textCount) kind[row] = addressKind(binary);
    else kind[row] = kinds.of(name[row]!, file[row]!, binary);
    // One that only says so may be the same as one that was
    if (kind[row] === INLINED && inlined[row] === 0) return undefined;
  }
  const frameOf = column(kernel.rowOfFramesAt(), all).slice();
  kernel.giveBack(rowsSince);
  return { frames, strings, frameOf };
}

/** @param used of each string its text, or behind all texts its address; but for the first one, which is empty */
function stringsOf(
  used: Int32Array,
  textCount: number,
  textAt: (text: number) => string,
  addresses: BigUint64Array,
): string[] {
  const strings = [''];
  for (let i = 1; i < used.length; i++) {
    const text = used[i]!;
    strings.push(text < textCount ? textAt(text) : `0x${addresses[text - textCount]!.toString(16)}`);
  }
  return strings;
}
