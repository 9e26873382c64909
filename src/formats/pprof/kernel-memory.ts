import type { Inflated } from '../format.ts';
import type { PprofKernel } from '../pprof-kernel/open-pprof-kernel.ts';
import type { MessageScanner, PprofTables } from './tables.ts';

/** Behind messages some bytes may be looked at. */
export const BEHIND = 32;
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

/** The same, beside a file of so many bytes that was inflated into the kernel's memory: it is read, and written over, there. */
export function bytesBeside(inflated: number): number {
  return 4 * inflated + ROOM;
}

/** Whether a kernel may work in the memory that a file was inflated into. */
export function hasRoom(tables: PprofTables): boolean {
  return kernelBytes(tables) - mostMessages(tables) <= bytesBeside(tables.bytes.length);
}

/** Finds messages in a file that was inflated into the kernel's memory. */
export function scannerOf(kernel: PprofKernel, { at: base, bytes, memory }: Inflated): MessageScanner {
  const end = base + bytes.length;
  return {
    scan: (at, tag) => kernel.scan(base + at, end, tag, base),
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
