import * as script from './kernel.ts';
import { clearMemory, memoryBuffer } from './memory.ts';
import { type Kernel, wasmKernel } from './open-kernel.ts';

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
