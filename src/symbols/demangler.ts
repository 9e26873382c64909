import { type WasmMemory, wasmInstance } from '../wasm-module.ts';

/** What `gecko-profiler-demangle` exports (wasm-bindgen: strings are a place and a length in its memory). */
interface DemanglerExports {
  readonly memory: WasmMemory;
  demangle_any(at: number, length: number): [at: number, length: number];
  __wbindgen_malloc(size: number, align: number): number;
  __wbindgen_free(at: number, size: number, align: number): void;
}

/** Longer names say nothing to anybody: they stay mangled. */
const MAX_MANGLED = 1 << 14;
const MAX_READABLE = 1 << 16;
/** What names made to harm may cost in all, in characters of long results; the names of real programs cost nearly nothing. */
const BUDGET = 1 << 26;
const LONG = 1 << 13;

let instance: DemanglerExports | undefined;
let left = BUDGET;

/**
 * Demangles a name of C++ (Itanium) or Rust (both schemes), in the form of the Rust packages cpp_demangle and
 * rustc-demangle.
 * @returns undefined when it is none, or cannot be read
 */
export function rawDemangled(name: string): string | undefined {
  if (name.length > MAX_MANGLED || left <= 0) return undefined;
  try {
    instance ??= start();
    const bytes = Buffer.from(name);
    const place = instance.__wbindgen_malloc(bytes.length, 1);
    Buffer.from(instance.memory.buffer).set(bytes, place);
    const [at, length] = instance.demangle_any(place, bytes.length);
    const bytesOut = Buffer.from(instance.memory.buffer);
    const text = length > MAX_READABLE ? undefined : bytesOut.toString('utf8', at, at + length);
    instance.__wbindgen_free(at, length, 1);
    // What it cannot read it gives back, without an underscore at the start (as macOS has one more). To find that out can
    // take it time that grows with the square of the length.
    const isRead = text !== name && text !== name.slice(1);
    left -= isRead ? (length > LONG ? length : 0) : name.length ** 2 / 64;
    return isRead ? text : undefined;
  } catch {
    // Out of its memory, or absent. After a trap an instance cannot be used any more.
    instance = undefined;
    left -= BUDGET / 16;
    return undefined;
  }
}

function start(): DemanglerExports {
  // It asks for one function, which prepares tables that only objects of JavaScript need.
  const imports = { './index_bg.js': { __wbindgen_init_externref_table: () => {} } };
  return wasmInstance('demangler.wasm', imports);
}
