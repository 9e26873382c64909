import { type WasmMemory, wasmInstance } from '../../wasm-module.ts';
import type * as script from './kernel.ts';

/** The functions of kernel.ts, in WebAssembly or in JavaScript. */
export type Kernel = typeof script & {
  /** All its memory. Valid until the kernel runs again. */
  readonly memory: () => ArrayBuffer;
  /** Lets its memory go. */
  readonly close: () => void;
};

/** A kernel in WebAssembly with a memory of its own; undefined where this machine has none. */
export function wasmKernel(): Kernel | undefined {
  try {
    const exports = wasmInstance<typeof script & { readonly memory: WasmMemory }>('perf-kernel.wasm');
    return { ...exports, memory: () => exports.memory.buffer, close: () => {} };
  } catch {
    return undefined;
  }
}
