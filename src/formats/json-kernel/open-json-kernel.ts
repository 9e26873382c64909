import { type WasmMemory, wasmInstance } from '../../wasm-module.ts';

/** The functions of kernel.as, which say what they do, and views of its memory: it never grows, so they stay valid. */
export interface JsonKernel extends KernelFunctions {
  /** Where text goes. */
  readonly text: Buffer;
  /** Numbers that were taken. */
  readonly numbers: Int32Array;
  /** Columns of nodes: id, function, hits, where its children end in `numbers`. */
  readonly rows: readonly Int32Array[];
  /** Where the words between the values of a node go, 32 bytes for each. */
  readonly words: Uint8Array;
  /** Texts of functions that were learned, one behind the other up to `textsEnd`, counted from `keysAt`. */
  readonly keys: Buffer;
  readonly keysAt: number;
  /** Where deltas of samples go; their ids go to `numbers`. */
  readonly spans: Int32Array;
  readonly gapRows: Int32Array;
  readonly gapTimes: Float64Array;
  /** Where stacks go, by the ids of their nodes. */
  readonly stackOfId: Int32Array;
}

interface KernelFunctions {
  readonly integers: (from: number, length: number, room: number) => number;
  readonly nodes: (from: number, length: number, children: number) => number;
  readonly hits: () => number;
  readonly unknown: () => number;
  readonly unknownEnd: () => number;
  readonly forget: () => void;
  readonly learn: () => number;
  readonly texts: () => number;
  readonly textsEnd: () => number;
  readonly taken: () => number;
  readonly settle: (count: number, ids: number, lag: number, gap: number) => number;
  readonly kept: () => number;
  readonly gaps: () => number;
  readonly lag: () => number;
  readonly gap: () => number;
  readonly passed: () => number;
  readonly backwards: () => number;
}

type TextPlace =
  | 'WORDS'
  | 'TEXT'
  | 'MOST_TEXT'
  | 'NUMBERS'
  | 'MOST_CHILDREN'
  | 'ROWS'
  | 'MOST_ROWS'
  | 'KEYS'
  | 'KEYS_END';
type SamplePlace = 'SPANS' | 'MOST_SAMPLES' | 'GAP_ROWS' | 'GAP_TIMES' | 'IDS' | 'MOST_IDS';
type Place = TextPlace | SamplePlace;

interface Exports extends KernelFunctions, Readonly<Record<Place, { readonly value: number }>> {
  readonly memory: WasmMemory;
}

/** Asked for where there is enough to do for a kernel; gives the same each time. */
export type KernelSource = () => JsonKernel | undefined;

/**
 * A kernel of one's own; undefined where this machine has no WebAssembly with SIMD, or grants it no memory.
 * @throws {RangeError} its memory is not as long as its own sources say: the build refuses such a one
 */
export function openJsonKernel(): JsonKernel | undefined {
  const exports = instance();
  if (exports === undefined) return undefined;
  const { buffer } = exports.memory;
  const at = (place: Place) => exports[place].value;
  const rows = at('MOST_ROWS');
  return {
    ...exports,
    text: Buffer.from(buffer, at('TEXT'), at('MOST_TEXT')),
    numbers: new Int32Array(buffer, at('NUMBERS'), at('MOST_CHILDREN')),
    rows: [0, 1, 2, 3].map((column) => new Int32Array(buffer, at('ROWS') + column * rows * 4, rows)),
    keys: Buffer.from(buffer, at('KEYS'), at('KEYS_END') - at('KEYS')),
    keysAt: at('KEYS'),
    spans: new Int32Array(buffer, at('SPANS'), at('MOST_SAMPLES')),
    gapRows: new Int32Array(buffer, at('GAP_ROWS'), at('MOST_SAMPLES')),
    gapTimes: new Float64Array(buffer, at('GAP_TIMES'), at('MOST_SAMPLES')),
    stackOfId: new Int32Array(buffer, at('IDS'), at('MOST_IDS')),
    words: new Uint8Array(buffer, at('WORDS'), at('TEXT') - at('WORDS')),
  };
}

function instance(): Exports | undefined {
  try {
    return wasmInstance<Exports>('json-kernel.wasm');
  } catch {
    return undefined;
  }
}
