import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** What `gecko-profiler-demangle` exports (wasm-bindgen: strings are a place and a length in its memory). */
interface DemanglerExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  demangle_any(at: number, length: number): [at: number, length: number];
  __wbindgen_malloc(size: number, align: number): number;
  __wbindgen_free(at: number, size: number, align: number): void;
}

/** What is used of the engine's WebAssembly; our TypeScript library declares none. Absent with `node --jitless`. */
const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly;

interface WebAssemblyParts {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: DemanglerExports };
}

/** A name longer than this says nothing to anybody; a name that is mangled stays what it is then. */
const MAX_LENGTH = 1 << 16;
/** Characters that results longer than a page may have in all: some 20 names made to harm, all names of real programs. */
const LONG = 1 << 13;
const BUDGET = 1 << 26;

let compiled: object | undefined;
let instance: DemanglerExports | undefined;
let left = BUDGET;

/**
 * Demangles a name of C++ (Itanium) or Rust (both schemes), in the form of the Rust packages cpp_demangle and
 * rustc-demangle.
 * @returns undefined when it is none, or cannot be read
 */
export function rawDemangled(name: string): string | undefined {
  if (name.length > MAX_LENGTH || left <= 0) return undefined;
  try {
    instance ??= start();
    const bytes = Buffer.from(name);
    const place = instance.__wbindgen_malloc(bytes.length, 1);
    Buffer.from(instance.memory.buffer).set(bytes, place);
    const [at, length] = instance.demangle_any(place, bytes.length);
    if (length > LONG) left -= length;
    const text =
      length > MAX_LENGTH ? undefined : Buffer.from(instance.memory.buffer).toString('utf8', at, at + length);
    instance.__wbindgen_free(at, length, 1);
    // What it cannot read it gives back, without an underscore at the start (as macOS has one more).
    return text === name || text === name.slice(1) ? undefined : text;
  } catch {
    // Out of its memory, or absent. After a trap an instance cannot be used any more.
    instance = undefined;
    left -= BUDGET / 16;
    return undefined;
  }
}

function start(): DemanglerExports {
  compiled ??= new wasm.Module(readFileSync(join(packageRoot(), 'dist', 'demangler.wasm')));
  // It asks for one function, which prepares tables that only objects of JavaScript need.
  const imports = { './index_bg.js': { __wbindgen_init_externref_table: () => {} } };
  return new wasm.Instance(compiled, imports).exports;
}
