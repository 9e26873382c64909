import { fixedWasmMemory, type WasmMemory } from '../../wasm-module.ts';
import { PPROF_KERNEL_END, type PprofKernel } from '../pprof-kernel/open-pprof-kernel.ts';
import type { MessageScanner, PprofTables } from './tables.ts';

/** Behind messages some bytes may be looked at. */
export const BEHIND = 32;
/** Smaller files are read before the engine has made something of a kernel. */
const WORTH_PLACING = 4 * 1024 ** 2;
/** Addresses are 32 bit integers here. */
const MOST_MEMORY = 2 ** 31 - 2 ** 16;
/** For what does not depend on the file, and digits of keys. */
const ROOM = 16 << 20;

/**
 * Memory that a kernel is likely to need for a file: for messages, for columns, and for the frames of stacks, whose locations
 * take some two bytes each in the file. It can have more, but V8 counts what it could use.
 */
export function kernelBytes(tables: PprofTables): number {
  const { samples, locations, functions } = tables;
  return (
    mostMessages(tables) + 40 * samples.count + 2 * samples.bytes + 10 * locations.bytes + 256 * functions.count + ROOM
  );
}

/** A file that stands whole in the memory of its kernel, which reads it, and writes over it, there. */
export interface PlacedFile {
  readonly bytes: Buffer;
  /** It does not grow. */
  readonly memory: WasmMemory;
  /** Where the bytes stand in it. */
  readonly at: number;
  /** From here on there is room. */
  readonly end: number;
}

/**
 * Makes memory for a file and the kernel that will read it.
 * @param length of the file
 * @returns undefined for a file that is too small to be worth it, or too large for one memory
 */
export function placeFor(length: number): PlacedFile | undefined {
  const at = PPROF_KERNEL_END;
  const end = at + length + BEHIND;
  const total = end + bytesBeside(length);
  if (length < WORTH_PLACING || total > MOST_MEMORY) return undefined;
  try {
    const memory = fixedWasmMemory(total);
    return { bytes: Buffer.from(memory.buffer, at, length), memory, at, end };
  } catch {
    // There is not so much memory
    return undefined;
  }
}

/** {@link kernelBytes} beside a placed file of so many bytes. */
function bytesBeside(placed: number): number {
  return 4 * placed + ROOM;
}

/** Whether a kernel may work in the memory in which its file stands. */
export function hasRoom(tables: PprofTables): boolean {
  return kernelBytes(tables) - mostMessages(tables) <= bytesBeside(tables.bytes.length);
}

/** Finds messages in a file that stands in the kernel's memory. */
export function scannerOf(kernel: PprofKernel, { at: base, memory }: PlacedFile): MessageScanner {
  return {
    scan: (at, end, tag) => kernel.scan(base + at, base + end, tag, base),
    end: () => kernel.scanned() - base,
    places: (count) => new Int32Array(memory.buffer, kernel.scannedPlaces(), count * 2),
  };
}

/** Bytes of the table that has most. */
export function mostMessages({ samples, locations, functions, texts }: PprofTables): number {
  const { ranges } = texts;
  const textBytes = ranges.length > 0 ? ranges.at(-1)! - ranges[0]! : 0;
  return Math.max(samples.bytes, locations.bytes, functions.bytes, Math.min(textBytes, samples.bytes * 2));
}
