import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';

/** The functions of kernel.as, which say what they do. Its memory grows: views of it are valid until it is asked again. */
export interface PprofKernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly room: (bytes: number) => number;
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
  readonly rankLabels: (base: number) => number;
  readonly renumber: (numbers: number) => void;
  readonly expectSamples: (samples: number, valueTypes: number) => number;
  readonly beginSamples: (from: number, to: number) => void;
  readonly samples: () => number;
  readonly inexact: () => number;
  readonly withLabels: () => number;
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

/** What is used of the engine's WebAssembly; our TypeScript library declares none. Absent with `node --jitless`. */
const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly;

interface WebAssemblyParts {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => PprofKernel['memory'];
  readonly Instance: new (module: object, imports: object) => { readonly exports: Omit<PprofKernel, 'memory'> };
}

const PAGE = 1 << 16;

/** The module, compiled once. */
let compiled: object | undefined;

/**
 * Asked once for each file that is worth a kernel.
 * @param bytes of memory that it is likely to need; what is not touched costs nothing
 * @returns undefined = there is none
 */
export type PprofKernelSource = (bytes: number) => PprofKernel | undefined;

/** A kernel of one's own, good for one file; undefined where this machine has no WebAssembly, or grants it no memory. */
export function openPprofKernel(bytes: number): PprofKernel | undefined {
  try {
    compiled ??= new wasm.Module(readFileSync(join(packageRoot(), 'dist', 'pprof-kernel.wasm')));
    const memory = new wasm.Memory({ initial: Math.ceil(bytes / PAGE) });
    const { exports } = new wasm.Instance(compiled, { env: { memory } });
    return { ...exports, memory };
  } catch {
    return undefined;
  }
}
