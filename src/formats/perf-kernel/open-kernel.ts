import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import * as script from './kernel.ts';
import { clearMemory, memoryBuffer } from './memory.ts';

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

/** The kernel in JavaScript has one memory: whether somebody works with it. */
let scriptIsOpen = false;

/**
 * A kernel of one's own: WebAssembly where this machine has it with SIMD and grants the memory, else JavaScript.
 * @param wanted leave WebAssembly out, to test the other
 * @returns undefined where the kernel in JavaScript is at work elsewhere
 */
export function openKernel(wanted: 'wasm' | 'script' = 'wasm'): Kernel | undefined {
  return (wanted === 'wasm' ? wasmKernel() : undefined) ?? scriptKernel();
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

function scriptKernel(): Kernel | undefined {
  if (scriptIsOpen) return undefined;
  scriptIsOpen = true;
  clearMemory();
  const close = () => {
    clearMemory();
    scriptIsOpen = false;
  };
  return { ...script, memory: memoryBuffer, close };
}
