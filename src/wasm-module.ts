import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** Memory of an instance. Its buffer is another one whenever it has grown. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** What is used of the engine's WebAssembly; our TypeScript library declares none. Absent with `node --jitless`. */
const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly;

interface WebAssemblyParts {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number; maximum?: number }) => WasmMemory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const PAGE = 1 << 16;

/** By name: compiled once. */
const compiled = new Map<string, object>();

/**
 * A fresh instance of a module that we ship.
 * @param name of its file in `dist`
 * @returns what it exports, which is for the caller to know
 * @throws {Error} this machine has no WebAssembly, or not all that the module needs, or grants it no memory
 */
export function wasmInstance<Exports>(name: string, imports: object = {}): Exports {
  let module = compiled.get(name);
  if (module === undefined) {
    module = new wasm.Module(readFileSync(join(packageRoot(), 'dist', name)));
    compiled.set(name, module);
  }
  return new wasm.Instance(module, imports).exports as Exports;
}

/**
 * Memory for an instance that imports it.
 * @param bytes at least; what is not touched costs nothing
 * @throws {Error} there is none
 */
export function wasmMemory(bytes: number): WasmMemory {
  return new wasm.Memory({ initial: Math.ceil(bytes / PAGE) });
}

/** {@link wasmMemory} that never grows: views of it stay valid. */
export function fixedWasmMemory(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / PAGE);
  return new wasm.Memory({ initial: pages, maximum: pages });
}
