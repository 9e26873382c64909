import { type WasmMemory, wasmInstance } from '../../wasm-module.ts';

/** The functions of kernel.as, which say what they do. */
export interface InflateKernel {
  readonly begin: (from: number, to: number, into: number, size: number) => void;
  readonly inflate: () => number;
  readonly sourceAt: () => number;
  readonly targetAt: () => number;
}

/** What {@link InflateKernel.inflate} says while there is more to make, and when all of it is. */
export const MORE = 1;
export const DONE = 0;

/** Its own tables end below this place. */
export const INFLATE_KERNEL_END = 1 << 16;

/** @throws {Error} this machine has no WebAssembly, or not all that the module needs */
export function openInflateKernel(memory: WasmMemory): InflateKernel {
  return wasmInstance<InflateKernel>('inflate-kernel.wasm', { env: { memory } });
}
