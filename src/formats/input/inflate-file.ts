import { fixedWasmMemory } from '../../wasm-module.ts';
import type { Inflated, Reader } from '../format.ts';
import { gunzipFile } from './gunzip.ts';

/** Smaller files are read before the engine has made something of a kernel. */
const LEAST_INFLATED = 4 * 1024 ** 2;
/** Bytes that may be touched behind what was inflated. */
const BEHIND = 64;
/** Addresses are 32 bit integers here. */
const MOST_MEMORY = 2 ** 31 - 2 ** 16;

/**
 * Inflates a gzip file into memory in which a kernel reads it, and may write over it.
 * @param limits see {@link gunzipFile}
 * @param least so many inflated bytes are worth a kernel
 * @returns undefined where that cannot be done, whatever the reason
 */
export function inflateFile(
  path: string,
  { maxBytes, most }: { readonly maxBytes: number; readonly most: number },
  reader: Reader,
  least = LEAST_INFLATED,
): Inflated | undefined {
  const found = gunzipFile(path, maxBytes, most, least);
  if (found === undefined || found.length < least) return undefined;
  const at = reader.end;
  const end = at + found.length + BEHIND;
  const total = end + reader.beside(found.length);
  if (total > MOST_MEMORY) return undefined;
  try {
    const memory = fixedWasmMemory(total);
    const bytes = Buffer.from(memory.buffer, at, found.length);
    found.copy(bytes);
    return { bytes, memory, at, end };
  } catch {
    // There is not so much memory
    return undefined;
  }
}
