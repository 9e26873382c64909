// Puts the demangler of C++ and Rust names into dist/, with an upper bound to its memory: mangled names are text of
// strangers, and one of 250 characters can stand for gigabytes (each part twice the part before).
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** In pages of 64 kB; the module itself starts with a bit over 1 MB. */
const MOST_PAGES = 128;
const SECTION_MEMORY = 5;

/** @param {string} file where the module is written */
export function writeDemangler(file) {
  const source = require.resolve('gecko-profiler-demangle/index_bg.wasm');
  writeFileSync(file, withBound(readFileSync(source)));
}

/** The module with the maximum of its only memory set (WebAssembly 1.0, 5.5.8: a vector of limits). */
function withBound(bytes) {
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at];
    const size = number(bytes, at + 1);
    const end = size.next + size.value;
    if (id === SECTION_MEMORY) {
      const first = number(bytes, size.next + 2).value;
      const body = [1, 1, ...encoded(first), ...encoded(MOST_PAGES)];
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from([id, ...encoded(body.length), ...body]),
        bytes.subarray(end),
      ]);
    }
    at = end;
  }
  throw new Error('the demangler has no memory of its own any more: see scripts/demangler.mjs');
}

/** LEB128. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return { value, next: at };
  }
}

function encoded(value) {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}
