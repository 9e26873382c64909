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
  readonly renumber: (numbers: number) => void;
  readonly expectSamples: (samples: number, valueTypes: number) => number;
  readonly beginSamples: (from: number, to: number) => void;
  readonly samples: () => number;
  readonly inexact: () => number;
  readonly withLabels: () => number;
  readonly expectKeys: (frames: number) => number;
  readonly makeKeys: (most: number) => number;
  readonly passes: () => number;
  readonly beginPass: (pass: number) => number;
  readonly sortKeys: (pass: number, from: number, to: number) => void;
  readonly endPass: () => void;
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
  readonly Instance: new (module: object, imports: object) => { readonly exports: PprofKernel };
}

/** The module, compiled once. */
let compiled: object | undefined;

/** Asked once for each file that is worth a kernel; `undefined` = there is none. */
export type PprofKernelSource = () => PprofKernel | undefined;

/** A kernel of one's own, good for one file; undefined where this machine has no WebAssembly. */
export function openPprofKernel(): PprofKernel | undefined {
  try {
    compiled ??= new wasm.Module(readFileSync(join(packageRoot(), 'dist', 'pprof-kernel.wasm')));
    return new wasm.Instance(compiled, {}).exports;
  } catch {
    return undefined;
  }
}
