import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import zlib from 'node:zlib';
import { fixedWasmMemory } from '../../wasm-module.ts';
import type { Inflated, Reader } from '../format.ts';
import {
  DONE,
  INFLATE_KERNEL_END,
  type InflateKernel,
  MORE,
  openInflateKernel,
} from '../inflate-kernel/open-inflate-kernel.ts';

/** Smaller files are inflated before the engine has made something of a kernel. */
const LEAST_INFLATED = 4 * 1024 ** 2;
/** How far what is read is ahead of what is made, at least, before a block that grows; and bytes that may be touched behind it. */
const AHEAD = 1 << 16;
const BEHIND = 64;
/** Addresses are 32 bit integers here. */
const MOST_MEMORY = 2 ** 31 - 2 ** 16;
/** The checksum and the length. */
const TRAILER = 8;
const DEFLATE = 8;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;
const HAS_CHECKSUM = 2;

/**
 * Inflates a gzip file into memory in which a kernel reads it: nothing is copied, and zlib takes half as long again.
 * @param most bytes that so many compressed ones may be
 * @param least so many inflated bytes are worth a kernel
 * @returns undefined where that cannot be done, whatever the reason
 */
export function inflateFile(
  path: string,
  most: (compressed: number) => number,
  reader: Reader,
  least = LEAST_INFLATED,
): Inflated | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const compressed = fstatSync(file).size;
    return inflated({ file, compressed, most: most(compressed), least }, reader);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

interface Compressed {
  readonly file: number;
  /** Its bytes; and how many they may be when they are inflated. */
  readonly compressed: number;
  readonly most: number;
  readonly least: number;
}

function inflated({ file, compressed, most, least }: Compressed, reader: Reader): Inflated | undefined {
  // Node 20.15 and newer: of zlib, which is several times faster than we could be
  const { crc32 } = zlib as { readonly crc32?: Checksum };
  const trailer = Buffer.alloc(TRAILER);
  if (crc32 === undefined || readSync(file, trailer, 0, TRAILER, compressed - TRAILER) !== TRAILER) return undefined;
  const size = trailer.readUInt32LE(4);
  if (size < least || size > most) return undefined;
  const at = Math.max(INFLATE_KERNEL_END, reader.end);
  // What is made may take the place of what was read: it never gets that far, unless a block grows by being compressed
  const end = at + size + AHEAD + Math.ceil(size / 64);
  const from = end - compressed;
  const total = end + BEHIND + reader.beside(size);
  if (from < at || total > MOST_MEMORY) return undefined;
  const memory = fixedWasmMemory(total);
  const source = Buffer.from(memory.buffer, from, compressed);
  if (!readAll(file, source)) return undefined;
  const kernel = openInflateKernel(memory);
  kernel.begin(from + bodyStart(source), from + compressed - TRAILER, at, size);
  const bytes = Buffer.from(memory.buffer, at, size);
  if (checksumOf(kernel, bytes, at, crc32) !== trailer.readUInt32LE(0)) return undefined;
  if (kernel.sourceAt() !== from + compressed - TRAILER) return undefined;
  return { bytes, memory, at, end: end + BEHIND };
}

function readAll(file: number, into: Uint8Array): boolean {
  for (let filled = 0; filled < into.length; ) {
    const length = readSync(file, into, filled, into.length - filled, filled);
    if (length === 0) return false;
    filled += length;
  }
  return true;
}

type Checksum = (bytes: Uint8Array, before: number) => number;

/** Inflates all, and sums up each piece while the processor has it at hand. @returns undefined = it is odd */
function checksumOf(kernel: InflateKernel, bytes: Buffer, at: number, crc32: Checksum): number | undefined {
  let sum = 0;
  for (let summed = 0; ; ) {
    const found = kernel.inflate();
    if (found !== MORE && found !== DONE) return undefined;
    const made = Math.min(kernel.targetAt() - at, bytes.length);
    sum = crc32(bytes.subarray(summed, made), sum);
    summed = made;
    if (found === DONE) return sum;
  }
}

/**
 * Where the data of a gzip file begin (RFC 1952).
 * @throws {RangeError} this is no head of one
 */
function bodyStart(source: Buffer): number {
  const flags = source.readUInt8(3);
  if (source.readUInt16BE(0) !== 0x1f8b || source.readUInt8(2) !== DEFLATE || flags > 31) throw new RangeError();
  let at = 10;
  if ((flags & HAS_EXTRA) !== 0) at += 2 + source.readUInt16LE(at);
  for (const text of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & text) === 0) continue;
    const end = source.indexOf(0, at);
    if (end < 0) throw new RangeError();
    at = end + 1;
  }
  // zlib looks whether it is right, which is seldom worth it
  if ((flags & HAS_CHECKSUM) !== 0) throw new RangeError();
  if (at > source.length - TRAILER) throw new RangeError();
  return at;
}
