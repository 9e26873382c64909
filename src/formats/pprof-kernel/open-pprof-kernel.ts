import { type WasmMemory, wasmInstance, wasmMemory } from '../../wasm-module.ts';

/** The functions of kernel.as, which say what they do. Its memory grows: views of it are valid until it is asked again. */
export interface PprofKernel {
  readonly memory: WasmMemory;
  readonly keepBelow: (end: number) => void;
  readonly overwriteSamples: () => void;
  readonly scan: (from: number, end: number, tag: number, base: number) => number;
  readonly scanned: () => number;
  readonly scannedPlaces: () => number;
  readonly room: (bytes: number) => number;
  readonly mark: () => number;
  readonly giveBack: (since: number) => void;
  readonly expectTables: (
    functions: number,
    texts: number,
    mappings: number,
    locations: number,
    locationBytes: number,
  ) => number;
  readonly beginTable: (from: number, to: number) => void;
  readonly functions: () => number;
  readonly functionColumn: (column: number) => number;
  readonly locations: () => number;
  readonly framesAt: () => number;
  readonly framesFound: () => number;
  readonly callLines: () => number;
  readonly expectTexts: (count: number) => number;
  readonly placeTexts: (base: number) => void;
  readonly compareTexts: () => number;
  readonly expectRows: (modules: number) => number;
  readonly frameRows: () => number;
  readonly rowsFound: () => number;
  readonly rowsAt: () => number;
  readonly rowOfFramesAt: () => number;
  readonly stringsFound: () => number;
  readonly stringsAt: () => number;
  readonly addressesAt: () => number;
  readonly expectLabels: () => number;
  readonly writeLabels: () => number;
  readonly rankLabels: () => number;
  readonly renumber: (numbers: number) => void;
  readonly expectSamples: (samples: number, valueTypes: number) => number;
  readonly beginSamples: (from: number, to: number) => void;
  readonly samples: () => number;
  readonly greatest: (column: number) => number;
  readonly inexact: () => number;
  readonly withLabels: () => number;
  readonly movedLocations: () => number;
  readonly expectBuckets: (frames: number) => number;
  readonly fill: (most: number) => number;
  readonly mostNodes: () => number;
  readonly expectTree: (frames: number) => number;
  readonly tree: () => number;
  readonly nodesAt: () => number;
  readonly leafAt: () => number;
  readonly MOST_SAMPLES: { readonly value: number };
  readonly MOST_NODES: { readonly value: number };
}

/**
 * Asked once for each file that is worth a kernel.
 * @param bytes of memory that it is likely to need; what is not touched costs nothing
 * @param memory in which the file stands, instead of one of its own
 * @returns undefined = there is none
 */
export type PprofKernelSource = (bytes: number, memory?: WasmMemory) => PprofKernel | undefined;

/** Its own tables end below this place. */
export const PPROF_KERNEL_END = 2 << 16;

/** A kernel of one's own, good for one file; undefined where this machine has no WebAssembly, or grants it no memory. */
export function openPprofKernel(bytes: number, given?: WasmMemory): PprofKernel | undefined {
  try {
    const memory = given ?? wasmMemory(bytes);
    return { ...wasmInstance<Omit<PprofKernel, 'memory'>>('pprof-kernel.wasm', { env: { memory } }), memory };
  } catch {
    return undefined;
  }
}
