import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import type * as script from './kernel.ts';

/** The functions of kernel.ts, in WebAssembly or in JavaScript. */
export type Kernel = typeof script & {
  /** All its memory. Valid until the kernel runs again. */
  readonly memory: () => ArrayBuffer;
  /** Lets its memory go. */
  readonly close: () => void;
};

/** What is used of the engine's WebAssembly; our TypeScript library declares none. Absent with `node --jitless`. */
const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly;

interface WebAssemblyParts {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: typeof script & { readonly memory: { readonly buffer: ArrayBuffer } } };
}

/** The module, compiled once. */
let compiled: object | undefined;

/** A kernel in WebAssembly with a memory of its own; undefined where this machine has none. */
export function wasmKernel(): Kernel | undefined {
  try {
    compiled ??= new wasm.Module(readFileSync(join(packageRoot(), 'dist', 'perf-kernel.wasm')));
    const { exports } = new wasm.Instance(compiled, {});
    return { ...exports, memory: () => exports.memory.buffer, close: () => {} };
  } catch {
    return undefined;
  }
}
