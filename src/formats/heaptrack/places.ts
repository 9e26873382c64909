import type { FrameWords } from '../../profile/builder.ts';
import { nativeKind } from '../../profile/kind.ts';
import { demangled } from '../../symbols/demangle.ts';
import { readableRustName } from '../frames/rust-names.ts';
import { sourceKind } from '../massif/labels.ts';
import { symbolFrames } from '../perf-script/frame-line.ts';
import type { HeaptrackPlace } from './recording.ts';

/** What calls these is the start of every program (heaptrack stops there too). */
const OUTERMOST = new Set(['main', '__libc_start_main', '__static_initialization_and_destruction_0']);
/** They stand for whoever calls them. */
const OPERATOR_NEW = /^operator new(?:\[\])?\(unsigned (?:long|int)\)$/;

/** The numbers of a line `i`, of which 0 is unknown. */
export interface PlaceNumbers {
  /** Hexadecimal digits. */
  readonly address: string;
  readonly module: string;
  /** Function, file, line: of the innermost function, then of those that it was inlined into. */
  readonly frames: readonly { readonly name: string; readonly file: string; readonly line: number }[];
}

export function placeOf({ address, module, frames }: PlaceNumbers): HeaptrackPlace {
  const known = frames.filter(({ name }) => name !== '');
  const words = known.map(({ name, file, line }, i) => frameOf({ name, file, line }, module, i < known.length - 1));
  return {
    address: `0x${address}`,
    frames: words.length > 0 ? words : [symbolFrames('', module, '')[0]!],
    outermost: known.some(({ name }) => OUTERMOST.has(name)),
  };
}

export function isOperatorNew({ frames }: PlaceNumbers): boolean {
  return frames.length > 0 && OPERATOR_NEW.test(frames[0]!.name);
}

function frameOf(
  { name, file, line }: { readonly name: string; readonly file: string; readonly line: number },
  module: string,
  inlined: boolean,
): FrameWords {
  // Inlined functions come mangled
  const readable = readableRustName(demangled(name));
  const source = file === '' ? {} : line > 0 && line < 2 ** 31 ? { file, line } : { file };
  const kind = inlined ? 'inlined' : file === '' ? nativeKind(readable, module) : sourceKind(readable, file);
  return { name: readable, ...source, module, kind };
}
